//! The user's settings while the agent runs.

use super::Controller;
use crate::explain;
use crate::listener::ReplySender;
use holdfast_core::port::Sts;

impl<S: Sts> Controller<S> {
    /// Reads the settings again because a client asked for it.
    pub(super) fn reload_settings(&mut self, replies: ReplySender) {
        replies.error(explain::not_served("reload-settings"));
    }
}
