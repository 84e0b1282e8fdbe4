//! `AssumeRoleWithWebIdentity` with the token of a file.

use super::super::Controller;
use super::Running;
use super::signing::source_unavailable;
use holdfast_core::engine::Call;
use holdfast_core::port::Aws;

impl<S: Aws> Controller<S> {
    /// Exchanges the token of the source for credentials of the role.
    pub(super) fn web_identity_call(&mut self, call: Call) -> Running {
        let profile = call.source.profile();
        let told = source_unavailable(format!(
            "profile {profile} needs a web identity token, which is not served"
        ));
        Box::pin(async move { Err(told) })
    }
}
