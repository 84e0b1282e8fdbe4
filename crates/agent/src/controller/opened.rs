//! Who asked for the sessions that are open.

use super::Controller;
use super::requests::Pending;
use crate::caller;
use holdfast_agent_proto::view::CallerView;
use holdfast_core::chain::SessionKey;
use holdfast_core::port::Aws;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Who asked for each session when it was opened.
pub(super) type Openers = BTreeMap<SessionKey, CallerView>;

impl<S: Aws> Controller<S> {
    /// A session was opened: the first who waits for it caused that. A window that passes on a code came after the
    /// program that needed it. Nobody waits when a session is renewed ahead; it is then still for whoever had it opened.
    pub(super) fn note_opener(&mut self, key: &SessionKey) {
        let passes = |pending: &&Pending| pending.asked.chain.keys().contains(key);
        let waiting = self.pending.values().find(passes);
        let waiting = waiting.map(|pending| Arc::clone(&pending.asked.caller));
        let signing_in = || self.who_signs_in(key).map(|(caller, _)| caller);
        if let Some(caller) = waiting.or_else(signing_in) {
            self.openers.insert(key.clone(), caller::view(&caller));
        }
    }
}
