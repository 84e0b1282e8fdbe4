//! *Sessions*: every profile, how it is, and what can be done with it.

mod action;
mod group;
mod portal;
mod row;
#[cfg(test)]
mod tests;
mod told;

pub use action::{ActionKind, RowAction};
pub use portal::{PortalAction, PortalActionKind, PortalRow};
pub use row::{ProfileProblem, SessionBar, SessionRow, StateMark, TimeLeft};

use crate::portal::{Portal, PortalStanding};
use crate::standing::{Standing, Standings};
use holdfast_agent_proto::view::{PortalView, ProfileView, StatusView};
use holdfast_settings::DeviceCode;
use jiff::tz::TimeZone;
use serde::Serialize;

/// The page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SessionsPage {
    /// How many sessions can be used now.
    pub live: usize,
    /// How many profiles wait for a person.
    pub needing: usize,
    /// When a person is needed next, in seconds since 1970.
    pub next_sign_in: Option<i64>,
    /// There is a session to sign out of.
    pub can_sign_out: bool,
    /// Profiles by where their chains start, sorted.
    pub groups: Vec<SessionGroup>,
    /// Profiles that cannot work.
    pub broken: Vec<SessionRow>,
    /// What is wrong in the AWS files beside that.
    pub problems: Vec<ProfileProblem>,
}

/// Profiles whose chains start at the same place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SessionGroup {
    /// Where, for example `MyRepositoryUser, IAM user in 1111-1111-1111`.
    pub title: String,
    /// The portal that all of them are signed in to through.
    pub portal: Option<PortalRow>,
    /// The profiles, sorted.
    pub rows: Vec<SessionRow>,
}

/// What the page is made of.
#[derive(Clone, Copy, Debug)]
pub struct State<'a> {
    /// What the agent told.
    pub status: &'a StatusView,
    /// The profiles of the user's files.
    pub profiles: &'a [ProfileView],
    /// The portals that the user's files name.
    pub portals: &'a [PortalView],
    /// Whether a person may sign in on another device.
    pub device_code: DeviceCode,
    /// Names of the profiles that are pinned in the menu.
    pub pinned: &'a [String],
    /// Now, in seconds since 1970.
    pub now: i64,
    /// Where the person is.
    pub zone: &'a TimeZone,
}

impl SessionsPage {
    /// The page, from what the agent told.
    pub fn new(state: &State<'_>) -> Self {
        let standings = Standings::new(state.status, state.now);
        let mut page = Self {
            live: standings.live_sessions(),
            needing: 0,
            next_sign_in: standings.next_sign_in(),
            can_sign_out: false,
            groups: Vec::new(),
            broken: Vec::new(),
            problems: Vec::new(),
        };
        let sessions = state.status.sessions.iter();
        let known: row::Sessions<'_> = sessions.map(|s| (s.id.as_str(), s)).collect();
        let portals = Portal::all(state.portals, state.status);
        let mut groups = group::Groups::new(&portals);
        for profile in state.profiles {
            // The agent puts what belongs to no profile under an empty name.
            if profile.name.is_empty() {
                page.problems
                    .extend(profile.problems.iter().map(ProfileProblem::new));
                continue;
            }
            let standing = standings.of(profile);
            let needs_you = standing == Standing::NeedsYou && !groups.is_of_portal(profile);
            page.needing += usize::from(needs_you);
            let row = row::row(state, &known, profile, &standing);
            if standing == Standing::Broken {
                page.broken.push(row);
            } else {
                groups.add(profile, row);
            }
        }
        let needing = portals
            .iter()
            .filter(|portal| portal.standing(&standings) == PortalStanding::NeedsYou);
        page.needing += needing.count();
        page.can_sign_out = state.status.sessions.iter().any(|s| s.expires_at.is_some());
        page.groups =
            groups.sorted(|portal, profiles| portal::row(state, &standings, portal, profiles));
        page
    }
}
