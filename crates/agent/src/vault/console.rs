//! A sign-in to the AWS console as the AWS CLI's `aws login` makes one.

use holdfast_core::credentials::Credentials;
use holdfast_core::engine::Opened;
use holdfast_core::port::{ConsoleLoginTokens, DpopKey};
use holdfast_core::time::Timestamp;
use secrecy::SecretString;
use std::sync::Arc;

/// How long a sign-in can be renewed, in seconds
/// (<https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sign-in.html>).
const LASTS_SECONDS: i64 = 12 * 3600;

/// What a sign-in to the console holds.
pub(crate) struct ConsoleSession {
    /// Good for about a quarter of an hour.
    pub(crate) credentials: Arc<Credentials>,
    /// What they are renewed with; nothing where that stands in the AWS CLI's cache.
    pub(crate) tokens: Option<ConsoleTokens>,
}

/// What credentials are renewed with.
pub(crate) struct ConsoleTokens {
    pub(crate) refresh_token: SecretString,
    /// The key that the token is bound to.
    pub(crate) key: DpopKey,
    pub(crate) client_id: String,
    /// Region whose sign-in endpoint renews.
    pub(crate) region: String,
    pub(crate) signed_in_at: Timestamp,
}

impl ConsoleSession {
    /// What a sign-in or its renewal brought.
    pub(crate) fn new(tokens: ConsoleLoginTokens, by: ConsoleTokens) -> Self {
        Self {
            credentials: Arc::new(tokens.credentials),
            tokens: Some(ConsoleTokens {
                refresh_token: tokens.refresh_token,
                ..by
            }),
        }
    }

    /// Credentials that the AWS CLI keeps.
    pub(crate) fn of_aws_cli(credentials: Credentials) -> Self {
        Self {
            credentials: Arc::new(credentials),
            tokens: None,
        }
    }

    /// What the engine has to know of it; nothing when the credentials do not say when they end.
    pub(crate) fn opened(&self) -> Option<Opened> {
        let tokens = self.tokens.as_ref();
        Some(Opened {
            expires_at: self.credentials.expires_at?,
            refreshable: true,
            sign_in_ends_at: tokens.map(|tokens| tokens.signed_in_at.plus_seconds(LASTS_SECONDS)),
        })
    }
}

impl ConsoleTokens {
    /// The same for the next renewal.
    pub(crate) fn again(&self) -> Self {
        Self {
            refresh_token: self.refresh_token.clone(),
            key: DpopKey(self.key.0.clone()),
            client_id: self.client_id.clone(),
            region: self.region.clone(),
            signed_in_at: self.signed_in_at,
        }
    }
}
