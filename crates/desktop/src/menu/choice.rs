//! Which of many profiles stand in the menu.

use super::build::State;
use crate::standing::{Standing, Standings};
use holdfast_agent_proto::view::ProfileView;
use std::collections::{HashMap, HashSet};

/// Most profiles in the menu.
pub(super) const MAX_PROFILES: usize = 10;

/// A profile that stands in the menu.
pub(super) struct Chosen<'a> {
    pub(super) profile: &'a ProfileView,
    pub(super) standing: Standing,
    pub(super) pinned: bool,
}

/// What needs a person, what is pinned, what was used lately and what is live, as long as there is room.
/// Those that need a person come first, then the pinned in the person's order, then the others by name: an
/// order by use would move lines about under the pointer.
pub(super) fn choose<'a>(state: &State<'a>, standings: &Standings<'_>) -> Vec<Chosen<'a>> {
    let named = state.profiles.iter().filter(|p| !p.name.is_empty());
    let by_name: HashMap<&str, &ProfileView> = named.map(|p| (p.name.as_str(), p)).collect();
    let mut seen = HashSet::new();
    let mut chosen: Vec<Chosen<'a>> = candidates(state)
        .filter_map(|name| by_name.get(name).copied())
        .filter(|profile| seen.insert(profile.name.as_str()))
        .take(MAX_PROFILES)
        .map(|profile| Chosen {
            profile,
            standing: standings.of(profile),
            pinned: state.pinned.contains(&profile.name),
        })
        .collect();
    let place = |chosen: &Chosen<'_>| {
        let pinned = state.pinned.iter();
        let order = pinned.clone().position(|name| *name == chosen.profile.name);
        let waits = chosen.standing == Standing::NeedsYou;
        (!waits, order.unwrap_or(usize::MAX))
    };
    chosen.sort_by(|a, b| (place(a), &a.profile.name).cmp(&(place(b), &b.profile.name)));
    chosen
}

/// Names, the most wanted first.
fn candidates<'a>(state: &State<'a>) -> impl Iterator<Item = &'a str> {
    let status = state.status;
    // A code unlocks all profiles of a prompt; one line is enough to type it.
    let asked = status.prompts.iter().filter_map(|p| p.profiles.first());
    let recent = status.recent.profiles.iter().map(|recent| &recent.profile);
    let sessions = status.sessions.iter().filter(|s| s.expires_at.is_some());
    let live = sessions.filter_map(|session| session.profiles.first());
    let others = state.profiles.iter().map(|profile| &profile.name);
    asked
        .chain(state.pinned)
        .chain(recent)
        .chain(live)
        .chain(others)
        .map(String::as_str)
}
