//! Renewing before the end, because a person asked for it.

use super::Engine;
use super::event::Interaction;
use super::route::{Node, Route};
use super::session::SessionState;
use super::waiter::{Waiter, WaiterId};
use crate::time::Timestamp;

/// Which credentials a caller does not want any more: those that some sessions of its route had when it asked.
#[derive(Clone, Debug)]
pub(super) struct Renewal {
    /// The first session of the route that is renewed; all behind it are, too.
    first: usize,
    /// For each of these the attempt that brought its credentials.
    old: Vec<u64>,
}

impl Renewal {
    /// Whether credentials that this attempt brought are good enough at this place of the route.
    pub(super) fn accepts(&self, index: usize, attempt: u64) -> bool {
        let old = index
            .checked_sub(self.first)
            .and_then(|behind| self.old.get(behind));
        old.is_none_or(|old| attempt > *old)
    }
}

impl Engine {
    /// A person wants new credentials. Those that are there serve everybody else meanwhile.
    pub(super) fn renew(
        &mut self,
        waiter: WaiterId,
        route: Route,
        with_code: bool,
        wait_seconds: u32,
        now: Timestamp,
    ) {
        self.know(&route, now);
        let first = match route.nodes.iter().rposition(Node::needs_person) {
            Some(mfa) if with_code || !self.is_good(&route, mfa, now) => mfa,
            Some(mfa) => mfa + 1,
            None => 0,
        };
        for node in &route.nodes[first..] {
            self.prompts.forget_decline(&node.key);
        }
        let old = route.nodes[first..]
            .iter()
            .map(|node| self.sessions.get(&node.key).map_or(0, |it| it.opened_by))
            .collect();
        let renewal = Renewal { first, old };
        // The person who asked is there, whatever program it was.
        let deadline = now.plus_seconds(i64::from(wait_seconds));
        let mut request = Waiter::for_credentials(route, Interaction::Terminal, deadline);
        request.renewal = Some(renewal);
        self.waiters.insert(waiter, request);
    }

    /// Whether a session has credentials that do not end soon.
    fn is_good(&self, route: &Route, index: usize, now: Timestamp) -> bool {
        self.sessions
            .get(&route.nodes[index].key)
            .is_some_and(|session| self.state(session, now) == SessionState::Valid)
    }
}
