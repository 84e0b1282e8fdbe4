//! The part of the small AWS behind sources without a portal session: roles, web identity, what a machine has, the
//! console sign-in, and the accounts of a portal.

use super::aws::{FakeAws, failure, query_of};
use holdfast_core::clock::LocalClock as _;
use holdfast_core::credentials::Credentials;
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::port::{
    Account, AccountPage, AssumeRole, AssumeRoleWithWebIdentity, ConsoleLogin, ConsoleLoginGrant,
    ConsoleLoginTokens, DpopKey, ExchangeConsoleLogin, MachineCredentials, RolePage, WebIdentity,
};
use holdfast_core::time::Timestamp;
use secrecy::ExposeSecret;
use std::collections::BTreeSet;

/// Accounts on one page, as AWS gives at most.
const PAGE: usize = 100;

/// Who signs in to the console.
pub(super) const PERSON: &str = "arn:aws:iam::111122223333:user/mary";

/// What happened, and what is to happen.
#[derive(Default)]
pub(super) struct Machine {
    /// Access key ids that signed `AssumeRole`.
    pub(super) signers: Vec<String>,
    /// Access key ids that AWS does not take any more.
    pub(super) ended: BTreeSet<String>,
    pub(super) web_tokens: Vec<String>,
    /// Accounts of the portal.
    pub(super) accounts: usize,
    /// Questions about accounts and roles.
    pub(super) questions: Vec<String>,
    /// So many of the next questions are too often.
    pub(super) too_often: u32,
    /// The only refresh token of the console sign-in that is good.
    pub(super) console_token: Option<String>,
    pub(super) renewals: u32,
    given: u32,
}

impl Machine {
    pub(super) fn accounts_page(&mut self, next: Option<String>) -> Result<AccountPage, Failure> {
        self.ask(format!("accounts {}", next.as_deref().unwrap_or("first")))?;
        let begin: usize = next.map_or(0, |next| next.parse().unwrap());
        let end = (begin + PAGE).min(self.accounts);
        let account = |number| Account {
            account_id: format!("{number:012}"),
            name: format!("Account {number}"),
            email: None,
        };
        Ok(AccountPage {
            accounts: (begin..end).map(account).collect(),
            next_token: (end < self.accounts).then(|| end.to_string()),
        })
    }

    pub(super) fn roles_page(&mut self, account_id: &str) -> Result<RolePage, Failure> {
        self.ask(format!("roles {account_id}"))?;
        Ok(RolePage {
            role_names: ["E", "D", "C", "B", "A"].map(str::to_owned).into(),
            next_token: None,
        })
    }

    fn ask(&mut self, question: String) -> Result<(), Failure> {
        if self.too_often > 0 {
            self.too_often -= 1;
            return Err(failure(FailureKind::Throttled, true));
        }
        self.questions.push(question);
        Ok(())
    }

    pub(super) fn assume(
        &mut self,
        signer: &Credentials,
        request: &AssumeRole,
        now: Timestamp,
    ) -> Result<Credentials, Failure> {
        self.signers.push(signer.access_key_id.clone());
        if self.ended.contains(&signer.access_key_id) {
            return Err(failure(FailureKind::SessionEnded, true));
        }
        let role = request.role_arn.rsplit('/').next().unwrap();
        Ok(credentials(&format!("ASIA{role}"), now, 3600))
    }

    /// Credentials for a quarter of an hour, and the next refresh token.
    fn console_tokens(&mut self, now: Timestamp) -> ConsoleLoginTokens {
        self.given += 1;
        let refresh_token = format!("console-refresh-{}", self.given);
        self.console_token = Some(refresh_token.clone());
        ConsoleLoginTokens {
            credentials: credentials(&format!("ASIACONSOLE{}", self.given), now, 900),
            refresh_token: refresh_token.into(),
            login_session: Some(PERSON.to_owned()),
            id_token: None,
        }
    }
}

fn credentials(access_key_id: &str, now: Timestamp, seconds: i64) -> Credentials {
    Credentials {
        access_key_id: access_key_id.to_owned(),
        secret_access_key: "secret".into(),
        session_token: Some("token".into()),
        expires_at: Some(now.plus_seconds(seconds)),
    }
}

impl FakeAws {
    /// The person says yes on the console's page: where their browser goes.
    pub(super) fn allow_console(url: &str) -> String {
        let query = query_of(url);
        assert_eq!(query["code_challenge_method"], "SHA-256");
        assert_eq!(query["scope"], "openid");
        assert_eq!(query["client_id"], "arn:aws:signin:::devtools/same-device");
        let (redirect_uri, state) = (&query["redirect_uri"], &query["state"]);
        format!("{redirect_uri}?code=console-code&state={state}")
    }
}

impl WebIdentity for FakeAws {
    async fn assume_role_with_web_identity(
        &self,
        request: AssumeRoleWithWebIdentity,
    ) -> Result<Credentials, Failure> {
        let mut world = self.world();
        let now = world.clock.wall();
        let token = request.token.expose_secret().to_owned();
        world.machine.web_tokens.push(token);
        Ok(credentials("ASIAWEB", now, 3600))
    }
}

impl MachineCredentials for FakeAws {
    async fn instance_metadata(&self) -> Result<Credentials, Failure> {
        let now = self.world().clock.wall();
        Ok(credentials("ASIAINSTANCE", now, 3600))
    }

    async fn container(&self) -> Result<Credentials, Failure> {
        let mut absent = failure(FailureKind::InvalidRequest, false);
        absent.message = "this is no container".to_owned();
        Err(absent)
    }
}

impl ConsoleLogin for FakeAws {
    fn new_dpop_key(&self) -> Result<DpopKey, Failure> {
        Ok(DpopKey("console-key".into()))
    }

    fn login_url(&self, region: &str, query: &str) -> Result<String, Failure> {
        Ok(format!(
            "https://{region}.signin.aws.amazon.com/v1/authorize?{query}"
        ))
    }

    async fn exchange_console_login(
        &self,
        request: ExchangeConsoleLogin<'_>,
    ) -> Result<ConsoleLoginTokens, Failure> {
        let mut world = self.world();
        let now = world.clock.wall();
        let machine = &mut world.machine;
        match &request.grant {
            ConsoleLoginGrant::AuthorizationCode { code, .. } => {
                assert_eq!(code.expose_secret(), "console-code");
            }
            ConsoleLoginGrant::RefreshToken(token) => {
                machine.renewals += 1;
                if machine.console_token.as_deref() != Some(token.expose_secret()) {
                    return Err(failure(FailureKind::SessionEnded, true));
                }
            }
        }
        Ok(machine.console_tokens(now))
    }
}
