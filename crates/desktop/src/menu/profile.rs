//! The menu of one profile.

use super::build::State;
use super::choice::Chosen;
use super::{Action, Entry};
use crate::page::PageName;
use crate::standing::{Link, Standing};
use crate::words::{isolated, shortened};
use holdfast_agent_proto::view::SignInKind;

/// Columns of a profile's or repository's name.
const NAME_COLUMNS: usize = 36;

/// Columns of what is wrong with a profile.
const PROBLEM_COLUMNS: usize = 60;

/// Repositories to copy a clone command of.
const MAX_REPOSITORIES: usize = 8;

pub(super) fn entry(state: &State<'_>, chosen: &Chosen<'_>) -> Entry {
    let name = isolated(&shortened(&chosen.profile.name, NAME_COLUMNS));
    Entry::Submenu {
        label: format!("{name} · {}", chosen.standing.words(state.now)),
        entries: entries(state, chosen),
    }
}

fn entries(state: &State<'_>, chosen: &Chosen<'_>) -> Vec<Entry> {
    let profile = chosen.profile.name.clone();
    let own = || profile.clone();
    let works = chosen.standing != Standing::Broken;
    // A locked agent serves nobody.
    let served = works && *state.link == Link::Connected && !state.status.locked;
    let can_renew = !chosen.profile.sessions.is_empty() && chosen.standing != Standing::Opening;
    let mut entries = Vec::new();
    if let Some(problem) = chosen.profile.problems.first() {
        let line = shortened(&problem.message, PROBLEM_COLUMNS);
        let sessions = Action::Show(PageName::Sessions);
        entries.extend([Entry::item(line, sessions), Entry::Separator]);
    }
    let sign_in = match chosen.profile.sign_in {
        SignInKind::Mfa => Some("Enter MFA code…"),
        SignInKind::Browser => Some("Sign in…"),
        SignInKind::None => None,
    };
    let sign_in =
        sign_in.map(|label| Entry::item_if(served, label, Action::SignIn { profile: own() }));
    entries.extend(sign_in);
    entries.extend([
        Entry::item_if(
            served && can_renew,
            "Renew now",
            Action::Renew { profile: own() },
        ),
        Entry::Separator,
        clone_commands(state, &profile),
        Entry::item_if(
            works,
            "Copy environment",
            Action::CopyEnvironment { profile: own() },
        ),
        Entry::item_if(
            served,
            "Open AWS console",
            Action::OpenConsole { profile: own() },
        ),
        Entry::Separator,
        pin(own(), chosen.pinned),
        Entry::item_if(
            served && has_session(&chosen.standing),
            match chosen.profile.sign_in {
                // One sign-in serves every profile of the portal, and so does its end.
                SignInKind::Browser => "Sign out of the portal",
                SignInKind::Mfa | SignInKind::None => "Sign out",
            },
            Action::SignOut { profile: own() },
        ),
    ]);
    entries
}

fn clone_commands(state: &State<'_>, profile: &str) -> Entry {
    let repositories = state.status.recent.repositories.iter();
    let mut entries: Vec<Entry> = repositories
        .filter(|recent| recent.profile == profile)
        .take(MAX_REPOSITORIES)
        .map(|recent| {
            let name = isolated(&shortened(&recent.name, NAME_COLUMNS));
            Entry::item(
                format!("{name} · {}", recent.region),
                Action::CopyCloneCommand {
                    profile: profile.to_owned(),
                    host: recent.host.clone(),
                    repository: recent.name.clone(),
                },
            )
        })
        .collect();
    if !entries.is_empty() {
        entries.push(Entry::Separator);
    }
    entries.push(Entry::item(
        "All repositories…",
        Action::ShowRepositories {
            profile: profile.to_owned(),
        },
    ));
    Entry::Submenu {
        label: "Copy clone command".to_owned(),
        entries,
    }
}

fn pin(profile: String, pinned: bool) -> Entry {
    let label = if pinned { "Unpin" } else { "Pin" };
    let action = Action::Pin {
        profile,
        pinned: !pinned,
    };
    Entry::item(label, action)
}

fn has_session(standing: &Standing) -> bool {
    match standing {
        Standing::Live { .. }
        | Standing::Expiring { .. }
        | Standing::Opening
        | Standing::Failed
        | Standing::NeedsYou => true,
        Standing::Broken | Standing::Key | Standing::SignedOut => false,
    }
}
