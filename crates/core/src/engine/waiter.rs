//! A caller that waits for a session.

use super::event::Interaction;
use super::renewal::Renewal;
use super::route::Route;
use super::session::Session;
use crate::chain::SessionKey;
use crate::time::Timestamp;
use std::collections::BTreeMap;

/// Names a caller's request; chosen by the agent, never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WaiterId(pub u64);

/// A request that is not answered yet.
#[derive(Clone, Debug)]
pub(super) struct Waiter {
    pub(super) route: Route,
    pub(super) interaction: Interaction,
    pub(super) deadline: Timestamp,
    /// The attempt whose outcome it waits for; any credentials will do when absent.
    pub(super) attempt: Option<u64>,
    /// What it does not want any more, when it asked for new credentials.
    pub(super) renewal: Option<Renewal>,
}

impl Waiter {
    pub(super) fn for_credentials(
        route: Route,
        interaction: Interaction,
        deadline: Timestamp,
    ) -> Self {
        Self {
            route,
            interaction,
            deadline,
            attempt: None,
            renewal: None,
        }
    }

    pub(super) fn for_attempt(route: Route, attempt: u64) -> Self {
        Self {
            route,
            interaction: Interaction::Never,
            deadline: Timestamp::from_unix_seconds(i64::MAX),
            attempt: Some(attempt),
            renewal: None,
        }
    }

    /// Whether it takes what the session at this place of its route has: nothing that was opened before what it
    /// wants renewed on the way there.
    pub(super) fn accepts(&self, index: usize, sessions: &BTreeMap<SessionKey, Session>) -> bool {
        self.renewal.as_ref().is_none_or(|renewal| {
            let mut way = self.route.nodes[..=index].iter().enumerate();
            way.all(|(index, node)| renewal.accepts(index, sessions.get(&node.key)))
        })
    }

    /// Whether only a person can open the session at this place of its route for it.
    pub(super) fn needs_person_at(&self, index: usize) -> bool {
        self.renewal
            .as_ref()
            .is_some_and(|renewal| renewal.needs_person_at(index))
    }

    pub(super) fn passes_through(&self, key: &SessionKey) -> bool {
        self.route.nodes.iter().any(|node| node.key == *key)
    }
}
