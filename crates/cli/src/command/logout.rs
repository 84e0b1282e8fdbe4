//! `holdfast logout`.

use crate::agent::Agent;
use crate::args::Logout;
use crate::outcome::Result;
use crate::print::text::visible;
use crate::print::{Output, Tone};
use holdfast_agent_proto::Request;

/// Ends the sessions of one profile, or of all.
pub(crate) fn run(args: &Logout, output: &mut Output) -> Result {
    let mut agent = Agent::connect_or_start(None)?;
    let known = agent.status()?.warnings;
    agent.tell(Request::Logout {
        profile: args.profile.clone(),
    })?;
    output.line(match &args.profile {
        Some(profile) => format!("Signed out of {}.", visible(profile)),
        None => "Signed out of every session.".to_owned(),
    })?;
    // Such as a portal session that AWS could not be told of.
    let warnings = agent.status()?.warnings;
    for warning in warnings.iter().filter(|warning| !known.contains(warning)) {
        output.line(output.style.paint(Tone::Ending, &visible(warning)))?;
    }
    Ok(())
}
