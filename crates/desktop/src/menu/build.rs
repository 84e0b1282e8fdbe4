//! Builds the menu from the state: a pure function.

use super::choice::{Chosen, choose};
use super::{Action, Entry, Menu, portal, problem, profile, repositories};
use crate::favourite::Favourite;
use crate::page::PageName;
use crate::standing::{Link, Standings};
use crate::words::clock;
use holdfast_agent_proto::view::{PortalView, ProfileView, StatusView};
use jiff::tz::TimeZone;

/// All that the menu depends on.
#[derive(Clone, Copy, Debug)]
pub struct State<'a> {
    /// How the agent is reached.
    pub link: &'a Link,
    /// What it told last.
    pub status: &'a StatusView,
    /// Every profile; empty until they are known.
    pub profiles: &'a [ProfileView],
    /// The profiles were asked for and came.
    pub profiles_known: bool,
    /// The portals that the user's files name.
    pub portals: &'a [PortalView],
    /// Names of the profiles that are always in the menu, in the person's order.
    pub pinned: &'a [String],
    /// Repositories that the person likes to have at hand, in their order.
    pub favourites: &'a [Favourite],
    /// The present, in seconds since 1970.
    pub now: i64,
    /// Where times are told.
    pub zone: &'a TimeZone,
}

/// The menu for a state.
pub fn build(state: &State<'_>) -> Menu {
    let standings = Standings::new(state.status, state.now);
    let chosen = choose(state, &standings);
    let mut entries = vec![summary(state, &standings)];
    entries.extend(problem::entries(state));
    entries.push(Entry::Separator);
    entries.extend(profiles(state, &chosen));
    entries.extend(portal::entries(state, &standings));
    entries.extend(repositories::entry(state));
    entries.extend([
        page("Repositories…", PageName::Repositories),
        page("Sessions…", PageName::Sessions),
        page("Activity…", PageName::Activity),
        page("Add profile…", PageName::AddProfile),
        page("Git helper…", PageName::GitHelper),
        page("Doctor…", PageName::Doctor),
        Entry::Separator,
        lock(state),
        page("Settings…", PageName::Settings),
        Entry::item("Quit", Action::Quit),
    ]);
    Menu { entries }
}

fn page(label: &str, page: PageName) -> Entry {
    Entry::item(label, Action::Show(page))
}

/// One line that says how everything is. A click shows more.
fn summary(state: &State<'_>, standings: &Standings<'_>) -> Entry {
    let line = match state.link {
        Link::Connecting => "Starting…".to_owned(),
        Link::Lost(_) => "The agent is not running".to_owned(),
        Link::Connected if state.status.locked => "Locked: nothing is served".to_owned(),
        Link::Connected => connected_summary(state, standings),
    };
    page(&line, PageName::Sessions)
}

fn connected_summary(state: &State<'_>, standings: &Standings<'_>) -> String {
    let live = standings.live_sessions();
    let waiting = state.status.prompts.len();
    let mut line = match (live, waiting) {
        (0, 0) => return "Signed out".to_owned(),
        (live, 0) => format!("{live} live"),
        (0, 1) => "1 needs you".to_owned(),
        (0, waiting) => format!("{waiting} need you"),
        (live, 1) => format!("{live} live, 1 needs you"),
        (live, waiting) => format!("{live} live, {waiting} need you"),
    };
    if let Some(at) = standings.next_sign_in() {
        line.push_str(". Next sign-in by ");
        line.push_str(&clock(at, state.now, state.zone));
    }
    line
}

fn profiles(state: &State<'_>, chosen: &[Chosen<'_>]) -> Vec<Entry> {
    let named = state.profiles.iter().filter(|p| !p.name.is_empty());
    let more = named.count() - chosen.len();
    let mut entries: Vec<Entry> = chosen
        .iter()
        .map(|chosen| profile::entry(state, chosen))
        .collect();
    if more > 0 {
        entries.push(page(
            &format!("More profiles ({more})…"),
            PageName::Sessions,
        ));
    }
    if chosen.is_empty() && state.profiles_known {
        entries.push(page("Set up Holdfast…", PageName::AddProfile));
    }
    if !entries.is_empty() {
        entries.push(Entry::Separator);
    }
    entries
}

fn lock(state: &State<'_>) -> Entry {
    let connected = *state.link == Link::Connected;
    if connected && state.status.locked {
        Entry::item("Unlock", Action::Unlock)
    } else {
        Entry::item_if(connected, "Lock", Action::Lock)
    }
}
