//! The Security Token Service.

use crate::credentials::Credentials;
use crate::endpoint::EndpointSettings;
use crate::failure::Failure;
use secrecy::SecretString;
use std::future::Future;

/// A one-time code with the device that showed it.
pub struct MfaCode {
    /// Serial number or ARN of the device.
    pub serial: String,
    /// Six digits.
    pub code: SecretString,
}

/// Parameters of `GetSessionToken`
/// (<https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html>).
pub struct GetSessionToken {
    /// Region whose STS endpoint is asked.
    pub region: Option<String>,
    /// What the profile says about addresses.
    pub endpoint: EndpointSettings,
    /// Code of the user's MFA device.
    pub mfa: Option<MfaCode>,
    /// Wanted lifetime in seconds, 900 to 129600.
    pub duration_seconds: u32,
}

/// Parameters of `AssumeRole`
/// (<https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>).
pub struct AssumeRole {
    /// Region whose STS endpoint is asked.
    pub region: Option<String>,
    /// What the profile says about addresses.
    pub endpoint: EndpointSettings,
    /// ARN of the role.
    pub role_arn: String,
    /// Name of the session, 2 to 64 characters.
    pub role_session_name: String,
    /// External id that the role's trust policy may demand.
    pub external_id: Option<String>,
    /// Source identity, kept through chained roles.
    pub source_identity: Option<String>,
    /// Wanted lifetime in seconds; AWS's default of 3600 when absent.
    pub duration_seconds: Option<u32>,
    /// Code of the caller's MFA device.
    pub mfa: Option<MfaCode>,
}

/// Parameters of `AssumeRoleWithWebIdentity`
/// (<https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html>).
pub struct AssumeRoleWithWebIdentity {
    /// Region whose STS endpoint is asked.
    pub region: Option<String>,
    /// What the profile says about addresses.
    pub endpoint: EndpointSettings,
    /// ARN of the role.
    pub role_arn: String,
    /// Name of the session, 2 to 64 characters.
    pub role_session_name: String,
    /// The provider's token (a JWT).
    pub token: SecretString,
    /// File that the token was read from, for explanations.
    pub token_file: String,
    /// Wanted lifetime in seconds; AWS's default of 3600 when absent.
    pub duration_seconds: Option<u32>,
}

/// The Security Token Service.
pub trait Sts: Send + Sync + 'static {
    /// Exchanges a user's access key for temporary credentials.
    ///
    /// # Errors
    /// The failure, classified.
    fn get_session_token(
        &self,
        signer: &Credentials,
        request: GetSessionToken,
    ) -> impl Future<Output = Result<Credentials, Failure>> + Send;

    /// Exchanges credentials for those of a role.
    ///
    /// # Errors
    /// The failure, classified.
    fn assume_role(
        &self,
        signer: &Credentials,
        request: AssumeRole,
    ) -> impl Future<Output = Result<Credentials, Failure>> + Send;

    /// Closes the connections that no call uses now: their buffers hold what was sent and received last.
    fn close_connections(&self);
}

/// The call of the Security Token Service that an OpenID Connect provider's token is exchanged with.
pub trait WebIdentity: Send + Sync + 'static {
    /// Exchanges a token of an OpenID Connect provider for credentials of a role. The call is not signed.
    ///
    /// # Errors
    /// The failure, classified.
    fn assume_role_with_web_identity(
        &self,
        request: AssumeRoleWithWebIdentity,
    ) -> impl Future<Output = Result<Credentials, Failure>> + Send;
}
