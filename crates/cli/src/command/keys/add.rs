//! `holdfast keys add`.

use crate::agent::Agent;
use crate::args::AddKey;
use crate::outcome::{Failure, Kind, Result};
use crate::print::Output;
use crate::print::text::visible;
use crate::terminal::Terminal;
use holdfast_agent_proto::{ErrorCode, Request};
use holdfast_setup::keys::{self, AccessKey};
use std::io::{self, IsTerminal};

/// Puts an access key into the keychain.
pub(crate) fn run(args: &AddKey, output: &mut Output) -> Result {
    let key = if io::stdin().is_terminal() {
        from_terminal()?
    } else {
        keys::from_reader(io::stdin().lock(), "standard input")?
    };
    let id = key.id.clone();
    let mut agent = Agent::connect_or_start(None)?;
    store(&mut agent, &args.profile, key, args.replace)?;
    output.line(format!(
        "The keychain holds {id} for {} now.",
        visible(&args.profile)
    ))
}

/// Hands a key to the agent.
pub(crate) fn store(agent: &mut Agent, profile: &str, key: AccessKey, replace: bool) -> Result {
    let request = Request::AddKey {
        profile: profile.to_owned(),
        access_key_id: key.id,
        secret_access_key: key.secret,
        replace,
    };
    agent.tell(request).map_err(|failure| {
        let exists = |failure: &Failure| {
            failure
                .agent()
                .is_some_and(|error| error.code == ErrorCode::Exists)
        };
        if exists(&failure) && failure.hints().is_empty() {
            failure
                .hint("to see it, run: holdfast keys list")
                .hint("to replace it, run the same command with --replace")
        } else {
            failure
        }
    })
}

fn from_terminal() -> Result<AccessKey> {
    let mut terminal = Terminal::open().ok_or_else(|| {
        Failure::new(Kind::NoTerminal, "there is no terminal to ask on")
            .hint("give the key id and the secret on two lines of standard input")
    })?;
    let id = terminal.ask("Access key ID: ")?;
    let secret = terminal.ask_secret("Secret access key (not shown): ")?;
    Ok(AccessKey::new(&id, &secret)?)
}
