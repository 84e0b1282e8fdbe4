//! Renewing before the end, because a person asked for it.

use super::Controller;
use crate::explain;
use crate::listener::{Caller, ReplySender};
use holdfast_core::port::Aws;
use std::sync::Arc;

impl<S: Aws> Controller<S> {
    /// Renews what needs no person, and asks for a code where one is needed or wanted.
    pub(super) fn renew(
        &mut self,
        _caller: &Arc<Caller>,
        _profile: String,
        _with_code: bool,
        _wait_seconds: u32,
        replies: ReplySender,
    ) {
        replies.error(explain::not_served("renew"));
    }
}
