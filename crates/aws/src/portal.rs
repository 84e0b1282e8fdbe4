//! The access portal of IAM Identity Center: accounts, roles and their credentials.

mod genuine;

use crate::call::Call;
use crate::client::AwsClient;
use crate::endpoints::Target;
use crate::failure::{Answer, printable};
use crate::sso::{asked_of, no_target, told};
use crate::sts::MIN_KEY_ID_LENGTH;
use aws_sdk_sso::Client;
use aws_sdk_sso::types::{AccountInfo, RoleCredentials};
use aws_types::request_id::RequestId;
use genuine::Genuine;
use holdfast_core::credentials::Credentials;
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::port::{Account, AccountPage, RolePage, SsoPortal};
use holdfast_core::sso::Portal;
use holdfast_core::time::Timestamp;
use secrecy::{ExposeSecret, SecretString};

const SERVICE: &str = "the access portal";

/// Entries of a page, as many as there can be
/// (<https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_ListAccounts.html>).
const PAGE: i32 = 100;

impl SsoPortal for AwsClient {
    async fn get_role_credentials(
        &self,
        portal: &Portal,
        access_token: &SecretString,
        account_id: &str,
        role_name: &str,
    ) -> Result<Credentials, Failure> {
        let wanted = format!(
            "role {} in account {}",
            printable(role_name),
            printable(account_id)
        );
        let settings = "sso_account_id and sso_role_name";
        let explain = |answer: &Answer<'_>| explain(portal, &wanted, settings, answer);
        let target = self.portal(portal).await?;
        let secrets = [access_token];
        let call = Call {
            explain: Some(&explain),
            ..asked_of(SERVICE, "GetRoleCredentials", &target, &secrets)
        };
        let answer = self
            .call(&target, call, |config| {
                Client::new(&config)
                    .get_role_credentials()
                    .access_token(access_token.expose_secret())
                    .account_id(account_id)
                    .role_name(role_name)
                    .send()
            })
            .await?;
        let from_aws = answer.request_id().is_some();
        let received = answer.role_credentials.and_then(received);
        received.ok_or_else(|| self.incomplete(&call, from_aws))
    }

    async fn list_accounts(
        &self,
        portal: &Portal,
        access_token: &SecretString,
        next_token: Option<String>,
    ) -> Result<AccountPage, Failure> {
        let explain = |answer: &Answer<'_>| {
            explain(
                portal,
                "the list of accounts",
                "sso_registration_scopes",
                answer,
            )
        };
        let target = self.portal(portal).await?;
        let secrets = [access_token];
        let call = Call {
            explain: Some(&explain),
            ..asked_of(SERVICE, "ListAccounts", &target, &secrets)
        };
        let answer = self
            .call(&target, call, |config| {
                Client::new(&config)
                    .list_accounts()
                    .access_token(access_token.expose_secret())
                    .set_next_token(next_token.clone())
                    .max_results(PAGE)
                    .send()
            })
            .await?;
        let from_aws = answer.request_id().is_some();
        let Some(accounts) = answer.account_list else {
            return Err(self.incomplete(&call, from_aws));
        };
        Ok(AccountPage {
            accounts: accounts.into_iter().filter_map(account).collect(),
            next_token: told(answer.next_token),
        })
    }

    async fn list_account_roles(
        &self,
        portal: &Portal,
        access_token: &SecretString,
        account_id: &str,
        next_token: Option<String>,
    ) -> Result<RolePage, Failure> {
        let wanted = format!("the roles in account {}", printable(account_id));
        let explain = |answer: &Answer<'_>| explain(portal, &wanted, "sso_account_id", answer);
        let target = self.portal(portal).await?;
        let secrets = [access_token];
        let call = Call {
            explain: Some(&explain),
            ..asked_of(SERVICE, "ListAccountRoles", &target, &secrets)
        };
        let answer = self
            .call(&target, call, |config| {
                Client::new(&config)
                    .list_account_roles()
                    .access_token(access_token.expose_secret())
                    .account_id(account_id)
                    .set_next_token(next_token.clone())
                    .max_results(PAGE)
                    .send()
            })
            .await?;
        let from_aws = answer.request_id().is_some();
        let Some(roles) = answer.role_list else {
            return Err(self.incomplete(&call, from_aws));
        };
        let names = roles.into_iter().filter_map(|role| told(role.role_name));
        Ok(RolePage {
            role_names: names.collect(),
            next_token: told(answer.next_token),
        })
    }

    async fn logout(&self, portal: &Portal, access_token: &SecretString) -> Result<(), Failure> {
        let explain = |answer: &Answer<'_>| explain(portal, "sign-out", "sso_start_url", answer);
        let target = self.portal(portal).await?;
        let secrets = [access_token];
        let call = Call {
            explain: Some(&explain),
            ..asked_of(SERVICE, "Logout", &target, &secrets)
        };
        self.call(&target, call, |config| {
            Client::new(&config)
                .logout()
                .access_token(access_token.expose_secret())
                .customize()
                .interceptor(Genuine)
                .send()
        })
        .await?;
        Ok(())
    }
}

impl AwsClient {
    async fn portal(&self, portal: &Portal) -> Result<Target, Failure> {
        let endpoints = self.endpoints(&portal.endpoint);
        let target = endpoints.sso(&portal.region).await;
        target.map_err(|error| no_target(portal, &error))
    }
}

/// What a refusal of the portal means; nothing when it is no error of its own. `settings` are those that name
/// what was wanted.
fn explain(
    portal: &Portal,
    wanted: &str,
    settings: &str,
    answer: &Answer<'_>,
) -> Option<(FailureKind, String)> {
    let url = printable(&portal.start_url);
    let explained = match (answer.code?, answer.status) {
        ("UnauthorizedException", _) | (_, 401) => (
            FailureKind::SessionEnded,
            format!(
                "the session of {url} has ended at AWS, or was signed out there; sign in again"
            ),
        ),
        ("ForbiddenException" | "AccessDeniedException", _) | (_, 403) => (
            FailureKind::Denied,
            format!(
                "you have no access to {wanted} at {url}; ask your administrator for it, or check {settings}"
            ),
        ),
        ("ResourceNotFoundException", _) => (
            FailureKind::InvalidRequest,
            format!("{url} does not know {wanted}; check {settings}"),
        ),
        ("InvalidRequestException", _) => (
            FailureKind::InvalidRequest,
            format!(
                "{url} refused {wanted}: {}; check {settings}",
                printable(answer.message.unwrap_or("no reason given"))
            ),
        ),
        _ => return None,
    };
    Some(explained)
}

/// Credentials as they came, when they are whole. The portal counts in milliseconds.
fn received(credentials: RoleCredentials) -> Option<Credentials> {
    let key = credentials.access_key_id?;
    let expires_at = credentials.expiration.div_euclid(1_000);
    (key.len() >= MIN_KEY_ID_LENGTH && expires_at > 0).then_some(())?;
    Some(Credentials {
        access_key_id: key,
        secret_access_key: told(credentials.secret_access_key)?.into(),
        session_token: Some(told(credentials.session_token)?.into()),
        expires_at: Some(Timestamp::from_unix_seconds(expires_at)),
    })
}

fn account(info: AccountInfo) -> Option<Account> {
    Some(Account {
        account_id: told(info.account_id)?,
        name: info.account_name.unwrap_or_default(),
        email: told(info.email_address),
    })
}
