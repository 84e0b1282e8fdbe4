//! The access portal of IAM Identity Center
//! (<https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/Welcome.html>).

use crate::credentials::Credentials;
use crate::failure::Failure;
use crate::sso::Portal;
use secrecy::SecretString;
use std::future::Future;

/// An account that a person has a role in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Twelve digits.
    pub account_id: String,
    /// Name of the account.
    pub name: String,
    /// E-mail address of the account's root user.
    pub email: Option<String>,
}

/// Some accounts.
pub struct AccountPage {
    /// At most 100.
    pub accounts: Vec<Account>,
    /// Asks for the next page; absent after the last.
    pub next_token: Option<String>,
}

/// Names of some roles.
pub struct RolePage {
    /// At most 100.
    pub role_names: Vec<String>,
    /// Asks for the next page; absent after the last.
    pub next_token: Option<String>,
}

/// The access portal. A token that it does not take is a
/// [`FailureKind::SessionEnded`](crate::failure::FailureKind::SessionEnded).
pub trait SsoPortal: Send + Sync + 'static {
    /// Credentials of a role in an account.
    ///
    /// # Errors
    /// The failure, classified.
    fn get_role_credentials(
        &self,
        portal: &Portal,
        access_token: &SecretString,
        account_id: &str,
        role_name: &str,
    ) -> impl Future<Output = Result<Credentials, Failure>> + Send;

    /// The accounts that the person has a role in.
    ///
    /// # Errors
    /// The failure, classified.
    fn list_accounts(
        &self,
        portal: &Portal,
        access_token: &SecretString,
        next_token: Option<String>,
    ) -> impl Future<Output = Result<AccountPage, Failure>> + Send;

    /// The roles that the person has in an account.
    ///
    /// # Errors
    /// The failure, classified.
    fn list_account_roles(
        &self,
        portal: &Portal,
        access_token: &SecretString,
        account_id: &str,
        next_token: Option<String>,
    ) -> impl Future<Output = Result<RolePage, Failure>> + Send;

    /// Ends the portal session at AWS.
    ///
    /// # Errors
    /// The failure, classified.
    fn logout(
        &self,
        portal: &Portal,
        access_token: &SecretString,
    ) -> impl Future<Output = Result<(), Failure>> + Send;
}
