//! The menu of repositories: a click copies the command that clones one.

use super::build::State;
use super::{Action, Entry};
use crate::page::PageName;
use crate::words::{isolated, shortened};

/// Favourites that are shown, and as many that were used lately.
const MAX_EACH: usize = 12;

/// Columns of a name.
const NAME_COLUMNS: usize = 36;

/// A repository, how it is reached, and what copies its command.
#[derive(PartialEq, Eq)]
struct Known<'a> {
    profile: &'a str,
    region: &'a str,
    name: &'a str,
    copy: Action,
}

/// The favourites, and below them what was used lately; nothing before there is one of either.
pub(super) fn entry(state: &State<'_>) -> Option<Entry> {
    let favourites = state.favourites.iter().map(|favourite| Known {
        profile: &favourite.profile,
        region: favourite.region.as_str(),
        name: favourite.repository.as_str(),
        copy: Action::CopyFavourite {
            address: favourite.to_string(),
        },
    });
    let favourites: Vec<Known<'_>> = favourites.take(MAX_EACH).collect();
    let recent = state.status.recent.repositories.iter().map(|recent| Known {
        profile: &recent.profile,
        region: &recent.region,
        name: &recent.name,
        copy: Action::CopyCloneCommand {
            profile: recent.profile.clone(),
            host: recent.host.clone(),
            repository: recent.name.clone(),
        },
    });
    let same = |a: &Known<'_>, b: &Known<'_>| {
        (a.profile, a.region, a.name) == (b.profile, b.region, b.name)
    };
    let recent: Vec<Known<'_>> = recent
        .filter(|recent| !favourites.iter().any(|known| same(known, recent)))
        .take(MAX_EACH)
        .collect();
    if favourites.is_empty() && recent.is_empty() {
        return None;
    }
    let mut entries = Vec::new();
    for group in [favourites, recent] {
        if !group.is_empty() {
            entries.extend(group.into_iter().map(item));
            entries.push(Entry::Separator);
        }
    }
    entries.push(Entry::item(
        "All repositories…",
        Action::Show(PageName::Repositories),
    ));
    Some(Entry::Submenu {
        label: "Copy clone command".to_owned(),
        entries,
    })
}

fn item(known: Known<'_>) -> Entry {
    let name = isolated(&shortened(known.name, NAME_COLUMNS));
    let profile = isolated(&shortened(known.profile, NAME_COLUMNS));
    Entry::item(format!("{name} · {} · {profile}", known.region), known.copy)
}
