//! What the agent did, for whoever wants to see it.

use super::Controller;
use crate::explain;
use crate::listener::ReplySender;
use holdfast_agent_proto::view::RecentView;
use holdfast_core::port::Sts;

impl<S: Sts> Controller<S> {
    /// Entries with a smaller number than `before`, newest first.
    pub(super) fn activity(&mut self, _before: Option<u64>, _limit: u32, replies: ReplySender) {
        replies.error(explain::not_served("activity"));
    }

    /// What the person should know though nothing stands still.
    pub(super) fn warnings(&self) -> Vec<String> {
        let stored = self.storage.warning.iter().cloned();
        stored.chain(self.preferences.warnings()).collect()
    }

    /// Profiles and repositories that were used lately.
    pub(super) fn recent(&self) -> RecentView {
        RecentView::default()
    }
}
