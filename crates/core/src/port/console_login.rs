//! The sign-in that the AWS CLI calls `aws login`: credentials from a console session, with tokens bound to a
//! key of the client's (RFC 9449, DPoP).

use crate::credentials::Credentials;
use crate::failure::Failure;
use secrecy::SecretString;
use std::future::Future;

/// The key that proves who holds the tokens: a P-256 private key in PEM form.
pub struct DpopKey(pub SecretString);

/// What is exchanged.
pub enum ConsoleLoginGrant {
    /// A code that came back to the redirect URI (RFC 7636).
    AuthorizationCode {
        /// The code.
        code: SecretString,
        /// The redirect URI, as the authorize URL had it.
        redirect_uri: String,
        /// What the challenge in the authorize URL was made from.
        code_verifier: SecretString,
    },
    /// A refresh token.
    RefreshToken(SecretString),
}

/// Parameters of `CreateOAuth2Token` of the sign-in service.
pub struct ExchangeConsoleLogin<'a> {
    /// Region whose sign-in endpoint is asked.
    pub region: &'a str,
    /// Which client asks, as the authorize URL had it.
    pub client_id: &'a str,
    /// What is exchanged.
    pub grant: ConsoleLoginGrant,
    /// The key that the tokens are bound to.
    pub key: &'a DpopKey,
}

/// What the sign-in brings.
pub struct ConsoleLoginTokens {
    /// Credentials for about a quarter of an hour.
    pub credentials: Credentials,
    /// Exchanged for the next.
    pub refresh_token: SecretString,
    /// Who signed in, as the service says it (an ARN); only with the first token.
    pub login_session: Option<String>,
    /// The identity token of the first answer.
    pub id_token: Option<SecretString>,
}

/// The sign-in service's tokens.
pub trait ConsoleLogin: Send + Sync + 'static {
    /// A new key for a sign-in.
    ///
    /// # Errors
    /// When the system gives no randomness.
    fn new_dpop_key(&self) -> Result<DpopKey, Failure>;

    /// The page that a person signs in on; `query` is appended as it is.
    ///
    /// # Errors
    /// When the region is not one.
    fn login_url(&self, region: &str, query: &str) -> Result<String, Failure>;

    /// Exchanges a grant for credentials and the next refresh token. Never tried twice by itself.
    ///
    /// # Errors
    /// The failure, classified.
    fn exchange_console_login(
        &self,
        request: ExchangeConsoleLogin<'_>,
    ) -> impl Future<Output = Result<ConsoleLoginTokens, Failure>> + Send;
}
