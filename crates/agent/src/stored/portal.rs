//! The form of what is kept of portals: sign-ins with their tokens, registered clients, how long sessions last.

use super::Known;
use super::chain::{StoredSource, StoredStep};
use crate::portals::{PortalId, PortalLimit};
use crate::vault::PortalSession;
use holdfast_agent_proto::secret;
use holdfast_core::port::{ClientRegistration, PortalToken};
use holdfast_core::time::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A sign-in to a portal.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct StoredSignIn {
    profiles: Vec<String>,
    last_used: i64,
    source: StoredSource,
    #[serde(with = "secret")]
    access_token: SecretString,
    #[serde(default, with = "secret::option")]
    refresh_token: Option<SecretString>,
    expires_at: i64,
    client: Option<StoredRegistration>,
    signed_in_at: i64,
    given_at: i64,
    first_seconds: i64,
    ends_at: Option<i64>,
}

/// A registered client.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct StoredRegistration {
    client_id: String,
    #[serde(with = "secret")]
    client_secret: SecretString,
    expires_at: i64,
    with_redirect: bool,
    scopes: Vec<String>,
}

/// The client for the next sign-in to a portal.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct StoredClient {
    start_url: String,
    region: String,
    client: StoredRegistration,
}

/// How long sessions of a portal last.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct StoredLimit {
    start_url: String,
    region: String,
    lasts_seconds: Option<u32>,
    shorter_seconds: Option<u32>,
}

impl StoredSignIn {
    pub(crate) fn of(known: Known, session: &PortalSession) -> Self {
        Self {
            profiles: known.profiles,
            last_used: known.last_used.unix_seconds(),
            source: StoredSource::of(known.chain.source),
            access_token: session.token.access_token.clone(),
            refresh_token: session.token.refresh_token.clone(),
            expires_at: session.token.expires_at.unix_seconds(),
            client: session.client.as_deref().map(StoredRegistration::of),
            signed_in_at: session.signed_in_at.unix_seconds(),
            given_at: session.given_at.unix_seconds(),
            first_seconds: session.first_seconds,
            ends_at: session.ends_at.map(Timestamp::unix_seconds),
        }
    }

    pub(crate) fn restore(self) -> (Known, PortalSession) {
        let steps = vec![StoredStep::SignIn];
        let known = Known::restore(self.profiles, self.last_used, None, self.source, steps);
        let session = PortalSession {
            token: PortalToken {
                access_token: self.access_token,
                refresh_token: self.refresh_token,
                expires_at: Timestamp::from_unix_seconds(self.expires_at),
            },
            client: self.client.map(|client| Arc::new(client.restore())),
            signed_in_at: Timestamp::from_unix_seconds(self.signed_in_at),
            given_at: Timestamp::from_unix_seconds(self.given_at),
            first_seconds: self.first_seconds,
            ends_at: self.ends_at.map(Timestamp::from_unix_seconds),
        };
        (known, session)
    }
}

impl StoredRegistration {
    fn of(client: &ClientRegistration) -> Self {
        Self {
            client_id: client.client_id.clone(),
            client_secret: client.client_secret.clone(),
            expires_at: client.expires_at.unix_seconds(),
            with_redirect: client.with_redirect,
            scopes: client.scopes.clone(),
        }
    }

    fn restore(self) -> ClientRegistration {
        ClientRegistration {
            client_id: self.client_id,
            client_secret: self.client_secret,
            expires_at: Timestamp::from_unix_seconds(self.expires_at),
            with_redirect: self.with_redirect,
            scopes: self.scopes,
        }
    }
}

impl StoredClient {
    pub(crate) fn of(portal: &PortalId, client: &ClientRegistration) -> Self {
        Self {
            start_url: portal.start_url.clone(),
            region: portal.region.clone(),
            client: StoredRegistration::of(client),
        }
    }

    pub(crate) fn restore(self) -> (PortalId, ClientRegistration) {
        let portal = PortalId {
            start_url: self.start_url,
            region: self.region,
        };
        (portal, self.client.restore())
    }
}

impl StoredLimit {
    pub(crate) fn of(portal: &PortalId, limit: PortalLimit) -> Self {
        Self {
            start_url: portal.start_url.clone(),
            region: portal.region.clone(),
            lasts_seconds: limit.lasts_seconds,
            shorter_seconds: limit.shorter_seconds,
        }
    }

    pub(crate) fn restore(self) -> (PortalId, PortalLimit) {
        let portal = PortalId {
            start_url: self.start_url,
            region: self.region,
        };
        let limit = PortalLimit {
            lasts_seconds: self.lasts_seconds,
            shorter_seconds: self.shorter_seconds,
        };
        (portal, limit)
    }
}
