//! Credentials that need no exchange: a program of the user's prints them, or the machine has them.

use super::super::Controller;
use super::Running;
use super::signing::source_unavailable;
use holdfast_core::engine::Call;
use holdfast_core::port::Aws;

impl<S: Aws> Controller<S> {
    /// Asks the source for its credentials.
    pub(super) fn fetch_call(&mut self, call: Call) -> Running {
        let profile = call.source.profile();
        let told = source_unavailable(format!(
            "profile {profile} needs a program or the machine, which is not served"
        ));
        Box::pin(async move { Err(told) })
    }
}
