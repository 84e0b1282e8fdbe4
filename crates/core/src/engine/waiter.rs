//! A caller that waits for a session.

use super::event::Interaction;
use super::route::Route;
use crate::chain::SessionKey;
use crate::time::Timestamp;

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
        }
    }

    pub(super) fn for_attempt(route: Route, attempt: u64) -> Self {
        Self {
            route,
            interaction: Interaction::Never,
            deadline: Timestamp::from_unix_seconds(i64::MAX),
            attempt: Some(attempt),
        }
    }

    pub(super) fn passes_through(&self, key: &SessionKey) -> bool {
        self.route.nodes.iter().any(|node| node.key == *key)
    }
}
