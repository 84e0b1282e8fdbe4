//! The federation endpoint of AWS's sign-in service.

use crate::console::{Console, Page};
use crate::credentials::Credentials;
use crate::failure::Failure;
use secrecy::SecretString;
use std::future::Future;

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
