//! Sign-ins with the browser, and what portals offer.

use super::{Agent, failure, unexpected};
use crate::outcome::Result;
use holdfast_agent_proto::view::{PortalView, SessionView, SignInMethod, SignInView};
use holdfast_agent_proto::{Reply, Request, SignInTarget, SsoAccountsPart};
use std::ops::ControlFlow;

impl Agent {
    /// Begins a sign-in with the browser.
    pub(crate) fn sign_in(
        &mut self,
        target: &SignInTarget,
        method: SignInMethod,
    ) -> Result<SignInView> {
        let request = || Request::SignIn {
            target: target.clone(),
            method,
        };
        let Reply::SignInStarted { sign_in } = self.ask_again(request)? else {
            return Err(unexpected());
        };
        Ok(sign_in)
    }

    /// Waits until a sign-in is done. It ends with this program.
    pub(crate) fn await_sign_in(&mut self, sign_in: u64) -> Result<SessionView> {
        let request = Request::AwaitSignIn {
            sign_in,
            or_cancel: true,
        };
        let Reply::LoggedIn { session } = self.ask(request)? else {
            return Err(unexpected());
        };
        Ok(session)
    }

    /// The portals that the AWS files name.
    pub(crate) fn portals(&mut self) -> Result<Vec<PortalView>> {
        let Reply::Portals { portals } = self.ask_again(|| Request::Portals)? else {
            return Err(unexpected());
        };
        Ok(portals)
    }

    /// The accounts of a portal, as they become known.
    pub(crate) fn sso_accounts(
        &mut self,
        request: Request,
        on_part: impl FnMut(SsoAccountsPart) -> ControlFlow<()>,
    ) -> Result {
        self.client.sso_accounts(request, on_part).map_err(failure)
    }
}
