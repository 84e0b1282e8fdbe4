//! What the agent needs from the outside, as traits that `aws` and the tests implement.

use crate::console::{Console, Page};
use crate::credentials::Credentials;
use crate::endpoint::EndpointSettings;
use crate::failure::Failure;
use crate::repository::Repository;
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

/// A sign-in to the console with the credentials of a session
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html>).
pub struct ConsoleSignIn {
    /// The console to sign in to.
    pub console: Console,
    /// The page to open.
    pub page: Page,
    /// Wanted lifetime of the console session in seconds, 900 to 43200; it ends with the credentials
    /// when absent.
    pub duration_seconds: Option<u32>,
}

/// The federation endpoint of AWS's sign-in service.
pub trait SignIn: Send + Sync + 'static {
    /// A link that opens the console signed in. Whoever has it within 15 minutes is signed in.
    ///
    /// # Errors
    /// The failure, classified.
    fn console_link(
        &self,
        session: &Credentials,
        request: ConsoleSignIn,
    ) -> impl Future<Output = Result<SecretString, Failure>> + Send;
}

/// Parameters of `ListRepositories` and `BatchGetRepositories`
/// (<https://docs.aws.amazon.com/codecommit/latest/APIReference/API_ListRepositories.html>).
pub struct ListRepositories {
    /// Region whose repositories are listed.
    pub region: String,
    /// What the profile says about addresses.
    pub endpoint: EndpointSettings,
}

/// CodeCommit.
pub trait CodeCommit: Send + Sync + 'static {
    /// Every repository of the signer's account in a Region, by name. Without the permission for
    /// `BatchGetRepositories` they come with nothing but their names.
    ///
    /// # Errors
    /// The failure, classified.
    fn list_repositories(
        &self,
        signer: &Credentials,
        request: ListRepositories,
    ) -> impl Future<Output = Result<Vec<Repository>, Failure>> + Send;
}

/// All of AWS that the agent needs.
pub trait Aws: Sts + SignIn + CodeCommit {}

impl<T: Sts + SignIn + CodeCommit> Aws for T {}
