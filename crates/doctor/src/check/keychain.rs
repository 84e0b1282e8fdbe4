//! The keychain.

use crate::examine::Seen;
use crate::finding::{Check, Finding};
use holdfast_agent_proto::view::KeychainState;

/// Whether it answers.
pub(crate) fn look(seen: &Seen<'_>) -> Vec<Finding> {
    let Some(keychain) = seen.status().map(|status| &status.keychain) else {
        return Vec::new();
    };
    let named = |state: &str| match &keychain.message {
        Some(message) => format!("the keychain ({}) {state}: {message}", keychain.kind),
        None => format!("the keychain ({}) {state}", keychain.kind),
    };
    let breaks = "access keys in it cannot be used, and sessions do not survive a restart";
    let finding = match keychain.state {
        KeychainState::Unknown if keychain.kind == "memory" => Check::Keychain
            .note(
                "keys and sessions are kept in the agent's memory only",
                "they are gone when the agent ends",
            )
            .advise("set keychain.kind in the settings, or unset HOLDFAST_KEYCHAIN"),
        KeychainState::Unknown => Check::Keychain.note(named("was not asked yet"), ""),
        KeychainState::Ready => Check::Keychain.good(named("answers")),
        KeychainState::Locked => Check::Keychain
            .problem(named("is locked"), breaks)
            .run("holdfast unlock"),
        KeychainState::Absent => Check::Keychain
            .problem(named("is not there"), breaks)
            .advise("start the desktop's keyring")
            .advise("or keep keys in a sealed file: HOLDFAST_KEYCHAIN=file"),
        KeychainState::Hung => Check::Keychain
            .problem(named("does not answer"), breaks)
            .advise("look for a window of the keychain that waits for you"),
        KeychainState::Failing => Check::Keychain.problem(named("fails"), breaks),
    };
    vec![finding]
}
