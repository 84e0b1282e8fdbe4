//! The OIDC service of IAM Identity Center
//! (<https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/Welcome.html>).

use crate::failure::Failure;
use crate::sso::Portal;
use crate::time::Timestamp;
use secrecy::SecretString;
use std::future::Future;

/// Registers this program as a public client
/// (<https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_RegisterClient.html>).
pub struct RegisterClient {
    /// The portal that people sign in to.
    pub portal: Portal,
    /// Name that the person sees on the page that asks for consent.
    pub client_name: String,
    /// Whether codes come back to a redirect URI on 127.0.0.1; the device flow otherwise.
    pub with_redirect: bool,
}

/// A registered client.
pub struct ClientRegistration {
    /// Its id. Not a secret.
    pub client_id: String,
    /// Its secret.
    pub client_secret: SecretString,
    /// When the server forgets it.
    pub expires_at: Timestamp,
    /// Whether it was registered for codes that come back to a redirect URI.
    pub with_redirect: bool,
    /// The scopes it was registered for.
    pub scopes: Vec<String>,
}

/// What a person confirms on another device
/// (<https://www.rfc-editor.org/rfc/rfc8628>).
pub struct DeviceAuthorization {
    /// What asks for the token.
    pub device_code: SecretString,
    /// What the person types, for example `ABCD-EFGH`.
    pub user_code: String,
    /// Where they type it.
    pub verification_uri: String,
    /// When the codes end.
    pub expires_at: Timestamp,
    /// Seconds to wait between two questions for the token.
    pub interval_seconds: u32,
}

/// What is exchanged for a token.
pub enum Grant {
    /// A code that came back to the redirect URI (RFC 7636).
    AuthorizationCode {
        /// The code.
        code: SecretString,
        /// The redirect URI, as the authorize URL had it.
        redirect_uri: String,
        /// What the challenge in the authorize URL was made from.
        code_verifier: SecretString,
    },
    /// A device code. [`FailureKind::AuthorizationPending`](crate::failure::FailureKind::AuthorizationPending)
    /// until the person has answered.
    DeviceCode(SecretString),
    /// A refresh token.
    RefreshToken(SecretString),
}

/// Parameters of `CreateToken`
/// (<https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html>).
pub struct CreateToken<'a> {
    /// The portal.
    pub portal: &'a Portal,
    /// Who asks.
    pub client: &'a ClientRegistration,
    /// What is exchanged.
    pub grant: Grant,
}

/// What a sign-in to a portal brings. Shared behind one `Arc`, as credentials are.
pub struct PortalToken {
    /// Sent with every call to the portal.
    pub access_token: SecretString,
    /// Exchanged for the next; absent when the portal gives none.
    pub refresh_token: Option<SecretString>,
    /// When the access token ends, by AWS's clock.
    pub expires_at: Timestamp,
}

/// The OIDC service of IAM Identity Center.
pub trait SsoOidc: Send + Sync + 'static {
    /// Registers a client.
    ///
    /// # Errors
    /// The failure, classified.
    fn register_client(
        &self,
        request: RegisterClient,
    ) -> impl Future<Output = Result<ClientRegistration, Failure>> + Send;

    /// Begins a sign-in on another device.
    ///
    /// # Errors
    /// The failure, classified.
    fn start_device_authorization(
        &self,
        portal: &Portal,
        client: &ClientRegistration,
    ) -> impl Future<Output = Result<DeviceAuthorization, Failure>> + Send;

    /// Exchanges a grant for a token. Never tried twice by itself: grants are good for one use.
    ///
    /// # Errors
    /// The failure, classified.
    fn create_token(
        &self,
        request: CreateToken<'_>,
    ) -> impl Future<Output = Result<PortalToken, Failure>> + Send;

    /// The page that a person signs in on, for a request with PKCE; `query` is appended as it is.
    ///
    /// # Errors
    /// When the portal's Region or a configured address cannot be one.
    fn authorize_url(&self, portal: &Portal, query: &str) -> Result<String, Failure>;
}
