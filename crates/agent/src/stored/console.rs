//! The form of sign-ins to the AWS console.

use super::Known;
use super::chain::{StoredSource, StoredStep};
use crate::vault::{ConsoleSession, ConsoleTokens};
use holdfast_agent_proto::secret;
use holdfast_core::credentials::Credentials;
use holdfast_core::port::DpopKey;
use holdfast_core::time::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A sign-in to the console with what renews it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct StoredConsoleLogin {
    profiles: Vec<String>,
    last_used: i64,
    region: Option<String>,
    source: StoredSource,
    access_key_id: String,
    #[serde(with = "secret")]
    secret_access_key: SecretString,
    #[serde(default, with = "secret::option")]
    session_token: Option<SecretString>,
    expires_at: Option<i64>,
    #[serde(with = "secret")]
    refresh_token: SecretString,
    #[serde(with = "secret")]
    key: SecretString,
    client_id: String,
    sign_in_region: String,
    signed_in_at: i64,
}

impl StoredConsoleLogin {
    /// Nothing for one that the AWS CLI keeps.
    pub(crate) fn of(known: Known, session: &ConsoleSession) -> Option<Self> {
        let tokens = session.tokens.as_ref()?;
        let credentials = &session.credentials;
        Some(Self {
            profiles: known.profiles,
            last_used: known.last_used.unix_seconds(),
            region: known.chain.region,
            source: StoredSource::of(known.chain.source),
            access_key_id: credentials.access_key_id.clone(),
            secret_access_key: credentials.secret_access_key.clone(),
            session_token: credentials.session_token.clone(),
            expires_at: credentials.expires_at.map(Timestamp::unix_seconds),
            refresh_token: tokens.refresh_token.clone(),
            key: tokens.key.0.clone(),
            client_id: tokens.client_id.clone(),
            sign_in_region: tokens.region.clone(),
            signed_in_at: tokens.signed_in_at.unix_seconds(),
        })
    }

    pub(crate) fn restore(self) -> (Known, ConsoleSession) {
        let steps = vec![StoredStep::SignIn];
        let known = Known::restore(
            self.profiles,
            self.last_used,
            self.region,
            self.source,
            steps,
        );
        let credentials = Credentials {
            access_key_id: self.access_key_id,
            secret_access_key: self.secret_access_key,
            session_token: self.session_token,
            expires_at: self.expires_at.map(Timestamp::from_unix_seconds),
        };
        let tokens = ConsoleTokens {
            refresh_token: self.refresh_token,
            key: DpopKey(self.key),
            client_id: self.client_id,
            region: self.sign_in_region,
            signed_in_at: Timestamp::from_unix_seconds(self.signed_in_at),
        };
        let session = ConsoleSession {
            credentials: Arc::new(credentials),
            tokens: Some(tokens),
        };
        (known, session)
    }
}
