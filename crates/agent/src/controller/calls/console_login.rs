//! The sign-in of the AWS CLI's `aws login`, and its silent renewal.

use super::super::Controller;
use super::Running;
use super::signing::source_unavailable;
use holdfast_core::engine::Call;
use holdfast_core::port::Aws;

impl<S: Aws> Controller<S> {
    /// Signs in, or renews the credentials silently.
    pub(super) fn console_login_call(&mut self, call: Call) -> Running {
        let profile = call.source.profile();
        let told = source_unavailable(format!(
            "profile {profile} needs a console session, which is not served"
        ));
        Box::pin(async move { Err(told) })
    }
}
