//! Links that open the AWS console signed in.

use super::Controller;
use crate::explain;
use crate::listener::{Caller, ReplySender};
use holdfast_core::port::Aws;
use std::sync::Arc;

impl<S: Aws> Controller<S> {
    /// A link for a profile, to a page of the console or to its home.
    pub(super) fn console_link(
        &mut self,
        _caller: &Arc<Caller>,
        _profile: String,
        _destination: Option<String>,
        _duration_seconds: Option<u32>,
        replies: ReplySender,
    ) {
        replies.error(explain::not_served("console-link"));
    }
}
