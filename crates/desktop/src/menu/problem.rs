//! Lines about what is wrong, each with what a click does about it.

use super::build::State;
use super::{Action, Entry};
use crate::page::PageName;
use crate::standing::Link;
use crate::words::shortened;
use holdfast_agent_proto::view::KeychainState;

/// Columns of a line; the window behind it has the whole text.
const COLUMNS: usize = 60;

/// At most three lines, the worst first.
pub(super) fn entries(state: &State<'_>) -> Vec<Entry> {
    if let Link::Lost(reason) = state.link {
        let line = format!("Agent: {reason}");
        return vec![
            Entry::item(shortened(&line, COLUMNS), Action::Reconnect),
            Entry::item("Try to reach the agent again", Action::Reconnect),
        ];
    }
    if *state.link != Link::Connected {
        return Vec::new();
    }
    let status = state.status;
    let offline = (status.online == Some(false)).then(|| {
        let line = "AWS cannot be reached. Your sessions are kept.";
        Entry::item(line, Action::Show(PageName::Sessions))
    });
    let warning = status.warnings.first().map(|warning| {
        Entry::item(
            shortened(warning, COLUMNS),
            Action::Show(PageName::Settings),
        )
    });
    [keychain(state), offline, warning]
        .into_iter()
        .flatten()
        .collect()
}

fn keychain(state: &State<'_>) -> Option<Entry> {
    let keychain = &state.status.keychain;
    let settings = Action::Show(PageName::Settings);
    let (line, action) = match keychain.state {
        KeychainState::Unknown | KeychainState::Ready => return None,
        // A key file is opened with a passphrase, which is typed in a terminal.
        KeychainState::Locked if keychain.kind == "file" => (
            "The key file is locked: run holdfast unlock in a terminal",
            settings,
        ),
        KeychainState::Locked => ("The keychain is locked: unlock it…", Action::Unlock),
        KeychainState::Absent => (
            "There is no keychain: sessions are kept in memory only",
            settings,
        ),
        KeychainState::Hung => (
            "The keychain does not answer: look for its window",
            settings,
        ),
        KeychainState::Failing => ("The keychain does not work: see Settings", settings),
    };
    Some(Entry::item(line, action))
}
