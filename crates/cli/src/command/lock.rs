//! `holdfast lock` and `holdfast unlock`.

use crate::agent::Agent;
use crate::args::Unlock;
use crate::outcome::{Failure, Kind, Result};
use crate::print::Output;
use crate::terminal::Terminal;
use holdfast_agent_proto::folders::Folders;
use holdfast_agent_proto::view::{KeychainState, StatusView};
use holdfast_agent_proto::{ErrorCode, Request};
use secrecy::SecretString;
use std::io::Read;
use zeroize::Zeroizing;

/// Longest passphrase, in bytes.
const MAX_PASSPHRASE: usize = 1024;

/// Wrong passphrases after which the person starts again.
const MOST_TRIES: u32 = 3;

/// Forgets every secret in memory.
pub(crate) fn lock(output: &mut Output) -> Result {
    Agent::connect_or_start(None)?.tell(Request::Lock)?;
    output.line("Locked. Nothing is served until: holdfast unlock")
}

/// Serves again.
pub(crate) fn unlock(args: &Unlock, output: &mut Output) -> Result {
    let mut agent = Agent::connect_or_start(None)?;
    let status = agent.status()?;
    if args.passphrase_stdin {
        let passphrase = passphrase_from_stdin()?;
        agent.tell(Request::Unlock {
            passphrase: Some(passphrase),
        })?;
    } else if needs_passphrase(&status) {
        unlock_on_terminal(&mut agent)?;
    } else {
        agent.tell(Request::Unlock { passphrase: None })?;
    }
    output.line("Unlocked.")
}

fn needs_passphrase(status: &StatusView) -> bool {
    status.keychain.kind == "file"
        && (status.locked || status.keychain.state != KeychainState::Ready)
}

fn unlock_on_terminal(agent: &mut Agent) -> Result {
    let mut terminal = Terminal::required(
        "a passphrase is needed",
        "holdfast unlock --passphrase-stdin",
    )?;
    // A mistyped passphrase would seal a new file for good.
    if Folders::from_env().is_ok_and(|folders| !folders.key_file().exists()) {
        terminal.show("The passphrase that you choose now seals the key file. There is no way to recover it.\n")?;
        let passphrase = ask_new(&mut terminal)?;
        return agent.tell(Request::Unlock {
            passphrase: Some(passphrase),
        });
    }
    let mut tries = 1;
    loop {
        let passphrase = terminal.ask_secret("Passphrase: ")?;
        let answer = agent.tell(Request::Unlock {
            passphrase: Some(secret(&passphrase)),
        });
        match &answer {
            Err(failure) if is_wrong_passphrase(failure) && tries < MOST_TRIES => {
                terminal.show("That passphrase was not right.\n")?;
                tries += 1;
            }
            Ok(()) | Err(_) => return answer,
        }
    }
}

fn ask_new(terminal: &mut Terminal) -> Result<SecretString> {
    loop {
        let first = terminal.ask_secret("New passphrase: ")?;
        if first.is_empty() {
            terminal.show("A passphrase cannot be empty.\n")?;
            continue;
        }
        if *first == *terminal.ask_secret("Once more: ")? {
            return Ok(secret(&first));
        }
        terminal.show("The two are not the same.\n")?;
    }
}

fn is_wrong_passphrase(failure: &Failure) -> bool {
    failure
        .agent()
        .is_some_and(|error| matches!(error.code, ErrorCode::Locked | ErrorCode::Denied))
}

fn passphrase_from_stdin() -> Result<SecretString> {
    let mut text = Zeroizing::new(String::with_capacity(MAX_PASSPHRASE + 2));
    std::io::stdin()
        .take(MAX_PASSPHRASE as u64 + 2)
        .read_to_string(&mut text)
        .map_err(|error| {
            Failure::new(Kind::Usage, "standard input cannot be read").source(error)
        })?;
    let passphrase = text.trim_end_matches(['\r', '\n']);
    if passphrase.is_empty() || passphrase.len() > MAX_PASSPHRASE {
        return Err(Failure::new(
            Kind::Usage,
            format!("standard input has to hold a passphrase of at most {MAX_PASSPHRASE} bytes"),
        ));
    }
    Ok(secret(passphrase))
}

fn secret(text: &str) -> SecretString {
    SecretString::from(text.to_owned())
}
