//! The menus of the portals of IAM Identity Center.

use super::build::State;
use super::{Action, Entry};
use crate::page::PageName;
use crate::portal::{Portal, PortalStanding, limit};
use crate::standing::{Link, Standings};
use crate::words::{isolated, shortened};

/// Most portals in the menu; few people have more than one.
const MAX_PORTALS: usize = 4;

/// Columns of a portal's name.
const NAME_COLUMNS: usize = 36;

/// One entry for each portal, and a line behind them.
pub(super) fn entries(state: &State<'_>, standings: &Standings<'_>) -> Vec<Entry> {
    let portals = Portal::all(state.portals, state.status);
    let mut entries: Vec<Entry> = portals
        .iter()
        .take(MAX_PORTALS)
        .map(|portal| entry(state, portal, portal.standing(standings)))
        .collect();
    if !entries.is_empty() {
        entries.push(Entry::Separator);
    }
    entries
}

fn entry(state: &State<'_>, portal: &Portal<'_>, standing: PortalStanding) -> Entry {
    let name = isolated(&shortened(portal.title(), NAME_COLUMNS));
    Entry::Submenu {
        label: format!("{name} · {}", standing.words(state.now, state.zone)),
        entries: lines(state, portal, standing),
    }
}

fn lines(state: &State<'_>, portal: &Portal<'_>, standing: PortalStanding) -> Vec<Entry> {
    let served = *state.link == Link::Connected && !state.status.locked;
    let mut lines = Vec::new();
    if let Some(why) = portal
        .details()
        .and_then(limit)
        .filter(|_| standing.is_live())
    {
        let sessions = Action::Show(PageName::Sessions);
        lines.extend([Entry::item(why, sessions), Entry::Separator]);
    }
    let label = match standing.is_live() {
        true => "Renew now",
        false => "Sign in…",
    };
    let sign_in = Action::SignInToPortal {
        start_url: portal.view.start_url.clone(),
        region: portal.view.region.clone(),
    };
    lines.extend([
        Entry::item_if(served, label, sign_in),
        Entry::item("Add profiles…", Action::Show(PageName::AddProfile)),
    ]);
    if let Some(profile) = portal.profile() {
        let sign_out = Action::SignOut {
            profile: profile.to_owned(),
        };
        lines.extend([
            Entry::Separator,
            Entry::item_if(served && standing.is_live(), "Sign out", sign_out),
        ]);
    }
    lines
}
