//! The CodeCommit repositories that a profile can list.

use super::Controller;
use crate::explain;
use crate::listener::{Caller, ReplySender};
use holdfast_core::port::Aws;
use std::sync::Arc;

impl<S: Aws> Controller<S> {
    /// The repositories of one Region, from AWS when asked to or when they are not known yet.
    pub(super) fn repositories(
        &mut self,
        _caller: &Arc<Caller>,
        _profile: String,
        _region: Option<String>,
        _refresh: bool,
        replies: ReplySender,
    ) {
        replies.error(explain::not_served("repositories"));
    }
}
