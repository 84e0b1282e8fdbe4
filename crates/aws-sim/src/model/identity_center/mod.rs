//! IAM Identity Center: portals and their people, and the clients, approvals and sessions that lead to access tokens.

mod approval;
mod client;
mod policy;
mod portal;
mod session;
mod throttle;

use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;

pub(crate) use approval::{Approvals, AuthorizationCode, Decision, Poll};
pub(crate) use client::{Client, Clients, Grant, without_port};
pub use policy::{DevicePage, PortalPolicy, RefreshTokens};
pub(crate) use portal::{Portal, same_start_url};
pub(crate) use session::{PortalSession, Sessions, Tokens};
pub(crate) use throttle::Throttle;

use crate::hidden::Hidden;
use crate::random;

/// Every portal of the simulated AWS and what its clients were given.
#[derive(Debug, Default)]
pub(crate) struct IdentityCenter {
    pub(crate) portals: Vec<Portal>,
    pub(crate) clients: Clients,
    pub(crate) approvals: Approvals,
    pub(crate) sessions: Sessions,
}

impl IdentityCenter {
    /// The portal that people know under this start URL.
    pub(crate) fn portal(&self, start_url: &str) -> Option<&Portal> {
        self.portals
            .iter()
            .find(|portal| same_start_url(&portal.start_url, start_url))
    }

    /// The portal of this start URL, to change it.
    pub(crate) fn portal_mut(&mut self, start_url: &str) -> Option<&mut Portal> {
        self.portals
            .iter_mut()
            .find(|portal| same_start_url(&portal.start_url, start_url))
    }

    /// The portal of this start URL, when it is in this region.
    pub(crate) fn portal_in(&self, start_url: &str, region: &str) -> Option<&Portal> {
        self.portals
            .iter()
            .find(|portal| portal.is_at(start_url, region))
    }

    /// Opens a session for somebody who was let in, and gives its first tokens.
    pub(crate) fn open_session(
        &mut self,
        start_url: &str,
        user: &str,
        client: &Client,
        now: Timestamp,
    ) -> Option<Tokens> {
        let portal = self.portal(start_url)?;
        let policy = portal.policy.clone();
        let session = PortalSession::new(portal, user, client, now);
        Some(self.sessions.open(session, &policy, now))
    }

    /// New tokens for a refresh token; nothing when it is not good for this client.
    pub(crate) fn refresh(
        &mut self,
        refresh_token: &str,
        client_id: &str,
        now: Timestamp,
    ) -> Option<Tokens> {
        let session = self
            .sessions
            .of_refresh_token(refresh_token, client_id, now)?;
        let (id, start_url) = (session.id, session.start_url.clone());
        let policy = self.portal(&start_url)?.policy.clone();
        self.sessions.renew(id, refresh_token, &policy, now)
    }
}

/// A long random text of the alphabet that needs no escaping, as tokens and codes are.
fn opaque<const N: usize>(prefix: &str) -> Hidden {
    let text = BASE64URL_NOPAD.encode(&random::bytes::<N>());
    Hidden::new(format!("{prefix}{text}"))
}
