//! Renewing before the end, because a person asked for it.

use super::Engine;
use super::event::Interaction;
use super::route::{Node, Route};
use super::session::{Session, SessionState};
use super::waiter::{Waiter, WaiterId};
use crate::chain::Opening;
use crate::time::Timestamp;

/// Which credentials a caller does not want any more: those that some sessions of its route had when it asked.
#[derive(Clone, Debug)]
pub(super) struct Renewal {
    /// The first session of the route that is renewed; all behind it are, too.
    first: usize,
    /// For each of these the attempt that brought its credentials.
    old: Vec<u64>,
    /// A person has to open the first: a refresh of what they opened before does not do.
    pub(super) by_person: bool,
}

impl Renewal {
    /// Whether what a session has is good enough at this place of the route.
    pub(super) fn accepts(&self, index: usize, session: Option<&Session>) -> bool {
        let old = index
            .checked_sub(self.first)
            .and_then(|behind| self.old.get(behind));
        old.is_none_or(|old| self.attempt(index, session) > *old)
    }

    /// Whether a person has to open the session at this place of the route.
    pub(super) fn needs_person_at(&self, index: usize) -> bool {
        self.by_person && index == self.first
    }

    /// The attempt that counts at this place of the route.
    fn attempt(&self, index: usize, session: Option<&Session>) -> u64 {
        session.map_or(0, |session| {
            let is_signed_in = session.node.step.opening() == Opening::Browser;
            if self.needs_person_at(index) && is_signed_in {
                session.sign_in.attempt
            } else {
                session.opened_by
            }
        })
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
        let person = route.nodes.iter().rposition(Node::needs_person);
        let by_person =
            person.is_some_and(|at| with_code || self.needs_person_now(&route, at, now));
        let first = match person {
            Some(at) if by_person || !self.is_good(&route, at, now) => at,
            Some(at) => at + 1,
            None => 0,
        };
        for node in &route.nodes[first..] {
            self.prompts.forget_decline(&node.key);
        }
        let mut renewal = Renewal {
            first,
            old: Vec::new(),
            by_person,
        };
        let ends = route.nodes.iter().enumerate().skip(first);
        renewal.old = ends
            .map(|(index, node)| renewal.attempt(index, self.sessions.get(&node.key)))
            .collect();
        // The person who asked is there, whatever program it was.
        let deadline = now.plus_seconds(i64::from(wait_seconds));
        let mut request = Waiter::for_credentials(route, Interaction::Terminal, deadline);
        request.renewal = Some(renewal);
        self.waiters.insert(waiter, request);
    }

    /// Whether only a person can renew the session at this place of a route for long.
    fn needs_person_now(&self, route: &Route, index: usize, now: Timestamp) -> bool {
        self.sessions
            .get(&route.nodes[index].key)
            .is_none_or(|session| match self.state(session, now) {
                SessionState::Valid => false,
                SessionState::Expiring => true,
                SessionState::Absent
                | SessionState::Refreshing
                | SessionState::NeedsMfa
                | SessionState::NeedsSignIn
                | SessionState::Failed { .. } => !session.refreshable(),
            })
    }

    /// Whether a session has credentials that do not end soon.
    fn is_good(&self, route: &Route, index: usize, now: Timestamp) -> bool {
        self.sessions
            .get(&route.nodes[index].key)
            .is_some_and(|session| self.state(session, now) == SessionState::Valid)
    }
}
