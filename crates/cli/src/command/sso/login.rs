//! `holdfast sso login`: a portal that no profile need name.

use super::chosen::Chosen;
use crate::agent::Agent;
use crate::args::{Browser, SsoLogin};
use crate::command::login::{describe, sign_in};
use crate::outcome::Result;
use crate::print::Output;
use holdfast_agent_proto::Interaction;

/// Signs in.
pub(crate) fn run(args: &SsoLogin, output: &mut Output) -> Result {
    let mut agent = Agent::connect_or_start(Some(Interaction::Never))?;
    let portal = Chosen::by(&args.portal, &mut agent)?;
    let browser = Browser {
        no_browser: args.no_browser,
        device: args.device,
    };
    let session = sign_in(&mut agent, &portal.target(), browser)?;
    output.line(describe(&session))
}
