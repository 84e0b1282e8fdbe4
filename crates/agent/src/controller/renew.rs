//! Renewing before the end, because a person asked for it.

use super::Controller;
use super::requests::{Pending, Want};
use crate::explain;
use crate::listener::{Caller, ReplySender};
use holdfast_core::chain::SessionKey;
use holdfast_core::engine::{Event, Node, Route};
use holdfast_core::port::Aws;
use std::sync::Arc;

impl<S: Aws> Controller<S> {
    /// Renews what needs no person, and asks for a code or a sign-in where one is needed or wanted.
    pub(super) fn renew(
        &mut self,
        caller: &Arc<Caller>,
        profile: String,
        with_code: bool,
        wait_seconds: u32,
        replies: ReplySender,
    ) {
        let Some(asked) = self.asked(caller, profile, replies) else {
            return;
        };
        let Some(route) = Route::of(&asked.chain) else {
            let told = explain::nothing_to_sign_in(&asked.profile);
            return asked.replies.error(told);
        };
        if self.engine.is_locked() {
            return asked.replies.error(explain::locked());
        }
        let want = Want::SignedIn(told_session(&route));
        let waiter = self.next_waiter();
        self.pending.insert(waiter, Pending { asked, want });
        self.step(Event::RenewalRequested {
            waiter,
            route,
            with_code,
            wait_seconds,
        });
    }
}

/// The session that the person is told of: the one that they open themselves, else the last.
fn told_session(route: &Route) -> SessionKey {
    let by_person = route.nodes.iter().rposition(Node::needs_person);
    let told = by_person.unwrap_or(route.nodes.len() - 1);
    route.nodes[told].key.clone()
}
