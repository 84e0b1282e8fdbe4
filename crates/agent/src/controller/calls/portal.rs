//! Portals of IAM Identity Center: signing in, renewing the token silently, and credentials of roles.

use super::super::Controller;
use super::Running;
use super::signing::source_unavailable;
use holdfast_core::engine::Call;
use holdfast_core::port::Aws;

impl<S: Aws> Controller<S> {
    /// Signs in with the browser, or renews the token silently.
    pub(super) fn portal_call(&mut self, call: Call) -> Running {
        let profile = call.source.profile();
        let told = source_unavailable(format!(
            "profile {profile} needs a portal, which is not served"
        ));
        Box::pin(async move { Err(told) })
    }

    /// Fetches the credentials of a role with the portal's token.
    pub(super) fn role_credentials_call(&mut self, call: Call) -> Running {
        self.portal_call(call)
    }
}
