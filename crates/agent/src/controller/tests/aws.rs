//! A small AWS in memory: a portal whose tokens rotate strictly, and roles behind it.

use holdfast_core::clock::LocalClock;
use holdfast_core::credentials::Credentials;
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::port::{
    AccountPage, AssumeRole, ClientRegistration, CodeCommit, ConsoleSignIn, CreateRepository,
    CreateToken, DeviceAuthorization, GetSessionToken, Grant, ListRepositories, PortalToken,
    RegisterClient, RolePage, SignIn, SsoOidc, SsoPortal, Sts,
};
use holdfast_core::repository::Repository;
use holdfast_core::sso::Portal;
use holdfast_core::time::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

/// AWS, shared between the test and the agent.
#[derive(Clone, Default)]
pub(super) struct FakeAws(Arc<Mutex<World>>);

/// What AWS knows, and what it is told to do.
#[derive(Default)]
pub(super) struct World {
    pub(super) clock: TestClock,
    pub(super) registrations: u32,
    pub(super) clients: BTreeSet<String>,
    /// Codes that were given out, with their challenge and redirect URI.
    codes: BTreeMap<String, (String, String)>,
    /// The only refresh token that is good, if any.
    pub(super) refresh_token: Option<String>,
    pub(super) access_token: Option<String>,
    /// Seconds that tokens are given for.
    pub(super) token_seconds: i64,
    /// What the next questions for a token with a device code are answered with.
    pub(super) device: VecDeque<FailureKind>,
    /// Answers to token requests that are lost on the way.
    pub(super) lost_answers: u32,
    pub(super) refreshes: u32,
    pub(super) role_calls: u32,
    pub(super) logouts: u32,
    pub(super) offline: bool,
    /// What CodeCommit lists, and how often it was asked.
    pub(super) repositories: Vec<Repository>,
    pub(super) lists: u32,
    /// How many questions for a list are answered with a wish to slow down.
    pub(super) throttled: u32,
    /// When the portal session ends; tokens do not outlive it.
    pub(super) ends_at: Option<Timestamp>,
    pub(super) machine: super::machine::Machine,
    given: u32,
}

/// A clock that tests move, on the machine and at AWS alike.
#[derive(Clone, Default)]
pub(super) struct TestClock(Arc<AtomicI64>);

impl TestClock {
    /// So many seconds pass.
    pub(super) fn pass(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl LocalClock for TestClock {
    fn wall(&self) -> Timestamp {
        Timestamp::from_unix_seconds(1_700_000_000 + self.0.load(Ordering::SeqCst))
    }

    fn steady_seconds(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

pub(super) fn failure(kind: FailureKind, answered: bool) -> Failure {
    Failure {
        kind,
        message: format!("{kind:?}"),
        answered,
        retry_at: None,
    }
}

/// The fields of an address's query, as they are.
pub(super) fn query_of(url: &str) -> BTreeMap<String, String> {
    let query = url.split_once('?').unwrap().1;
    let decoded = |text: &str| {
        percent_encoding::percent_decode_str(text)
            .decode_utf8()
            .unwrap()
            .into_owned()
    };
    let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap());
    pairs
        .map(|(name, value)| (name.to_owned(), decoded(value)))
        .collect()
}

impl FakeAws {
    pub(super) fn new() -> Self {
        let aws = Self::default();
        aws.world().token_seconds = 3600;
        aws
    }

    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap()
    }

    /// The person says yes on the page: where their browser goes.
    pub(super) fn allow(&self, url: &str) -> String {
        let query = query_of(url);
        assert_eq!(query["code_challenge_method"], "S256");
        let mut world = self.world();
        world.given += 1;
        let code = format!("code-{}", world.given);
        let redirect_uri = query["redirect_uri"].clone();
        let challenge = query["code_challenge"].clone();
        world
            .codes
            .insert(code.clone(), (challenge, redirect_uri.clone()));
        format!("{redirect_uri}?code={code}&state={}", query["state"])
    }
}

impl World {
    fn reach(&self) -> Result<(), Failure> {
        if self.offline {
            Err(failure(FailureKind::Offline, false))
        } else {
            Ok(())
        }
    }

    fn next_token(&mut self) -> PortalToken {
        self.given += 1;
        let whole = self.clock.wall().plus_seconds(self.token_seconds);
        let access_token = format!("access-{}", self.given);
        let refresh_token = format!("refresh-{}", self.given);
        self.access_token = Some(access_token.clone());
        self.refresh_token = Some(refresh_token.clone());
        PortalToken {
            access_token: access_token.into(),
            refresh_token: Some(refresh_token.into()),
            expires_at: self.ends_at.map_or(whole, |end| whole.min(end)),
        }
    }

    fn token(&mut self, request: &CreateToken<'_>) -> Result<PortalToken, Failure> {
        self.reach()?;
        if !self.clients.contains(&request.client.client_id) {
            return Err(failure(FailureKind::ClientUnknown, true));
        }
        match &request.grant {
            Grant::AuthorizationCode {
                code,
                redirect_uri,
                code_verifier,
            } => {
                let (challenge, uri) = self
                    .codes
                    .remove(code.expose_secret())
                    .ok_or_else(|| failure(FailureKind::SessionEnded, true))?;
                use sha2::Digest;
                let digest = sha2::Sha256::digest(code_verifier.expose_secret().as_bytes());
                assert_eq!(data_encoding::BASE64URL_NOPAD.encode(&digest), challenge);
                assert_eq!(uri, *redirect_uri);
            }
            Grant::DeviceCode(_) => {
                if let Some(kind) = self.device.pop_front() {
                    return Err(failure(kind, true));
                }
            }
            Grant::RefreshToken(token) => {
                self.refreshes += 1;
                if self.ends_at.is_some_and(|end| end <= self.clock.wall()) {
                    self.refresh_token = None;
                }
                if self.refresh_token.as_deref() != Some(token.expose_secret()) {
                    // A refresh token that is used twice ends the session, as strict servers do.
                    self.refresh_token = None;
                    self.access_token = None;
                    return Err(failure(FailureKind::SessionEnded, true));
                }
            }
        }
        let token = self.next_token();
        if self.lost_answers > 0 {
            self.lost_answers -= 1;
            return Err(failure(FailureKind::Offline, false));
        }
        Ok(token)
    }
}

impl SsoOidc for FakeAws {
    async fn register_client(
        &self,
        request: RegisterClient,
    ) -> Result<ClientRegistration, Failure> {
        assert_eq!(request.client_name, "Holdfast");
        let mut world = self.world();
        world.reach()?;
        world.registrations += 1;
        let client_id = format!("client-{}", world.registrations);
        world.clients.insert(client_id.clone());
        Ok(ClientRegistration {
            client_id,
            client_secret: "client-secret".into(),
            expires_at: world.clock.wall().plus_seconds(90 * 86_400),
            with_redirect: request.with_redirect,
            scopes: request.portal.scopes,
        })
    }

    async fn start_device_authorization(
        &self,
        _portal: &Portal,
        client: &ClientRegistration,
    ) -> Result<DeviceAuthorization, Failure> {
        let world = self.world();
        world.reach()?;
        if !world.clients.contains(&client.client_id) {
            return Err(failure(FailureKind::ClientUnknown, true));
        }
        Ok(DeviceAuthorization {
            device_code: "device-code".into(),
            user_code: "ABCD-EFGH".to_owned(),
            verification_uri: "https://device.sso.eu-west-1.amazonaws.com/".to_owned(),
            expires_at: world.clock.wall().plus_seconds(600),
            interval_seconds: 1,
        })
    }

    async fn create_token(&self, request: CreateToken<'_>) -> Result<PortalToken, Failure> {
        self.world().token(&request)
    }

    fn authorize_url(&self, _portal: &Portal, query: &str) -> Result<String, Failure> {
        Ok(format!(
            "https://oidc.eu-west-1.amazonaws.com/authorize?{query}"
        ))
    }
}

impl SsoPortal for FakeAws {
    async fn get_role_credentials(
        &self,
        _portal: &Portal,
        access_token: &SecretString,
        account_id: &str,
        role_name: &str,
    ) -> Result<Credentials, Failure> {
        let mut world = self.world();
        world.reach()?;
        world.role_calls += 1;
        if world.access_token.as_deref() != Some(access_token.expose_secret()) {
            return Err(failure(FailureKind::SessionEnded, true));
        }
        if role_name != "Developer" {
            return Err(failure(FailureKind::Denied, true));
        }
        Ok(Credentials {
            access_key_id: format!("ASIA{account_id}"),
            secret_access_key: "secret".into(),
            session_token: Some("token".into()),
            expires_at: Some(world.clock.wall().plus_seconds(3600)),
        })
    }

    async fn list_accounts(
        &self,
        _portal: &Portal,
        _access_token: &SecretString,
        next_token: Option<String>,
    ) -> Result<AccountPage, Failure> {
        self.world().machine.accounts_page(next_token)
    }

    async fn list_account_roles(
        &self,
        _portal: &Portal,
        _access_token: &SecretString,
        account_id: &str,
        _next_token: Option<String>,
    ) -> Result<RolePage, Failure> {
        self.world().machine.roles_page(account_id)
    }

    async fn logout(&self, _portal: &Portal, access_token: &SecretString) -> Result<(), Failure> {
        let mut world = self.world();
        world.reach()?;
        world.logouts += 1;
        if world.access_token.as_deref() == Some(access_token.expose_secret()) {
            world.access_token = None;
            world.refresh_token = None;
        }
        Ok(())
    }
}

impl Sts for FakeAws {
    async fn get_session_token(
        &self,
        _signer: &Credentials,
        _request: GetSessionToken,
    ) -> Result<Credentials, Failure> {
        Err(failure(FailureKind::Denied, true))
    }

    async fn assume_role(
        &self,
        signer: &Credentials,
        request: AssumeRole,
    ) -> Result<Credentials, Failure> {
        let mut world = self.world();
        let now = world.clock.wall();
        world.machine.assume(signer, &request, now)
    }

    fn close_connections(&self) {}
}

impl SignIn for FakeAws {
    async fn console_link(
        &self,
        _session: &Credentials,
        _request: ConsoleSignIn,
    ) -> Result<SecretString, Failure> {
        Err(failure(FailureKind::Server, true))
    }
}

impl CodeCommit for FakeAws {
    async fn list_repositories(
        &self,
        _signer: &Credentials,
        _request: ListRepositories,
    ) -> Result<Vec<Repository>, Failure> {
        let mut world = self.world();
        world.reach()?;
        world.lists += 1;
        if world.throttled > 0 {
            world.throttled -= 1;
            return Err(failure(FailureKind::Throttled, true));
        }
        if world.repositories.is_empty() {
            return Err(failure(FailureKind::Server, true));
        }
        Ok(world.repositories.clone())
    }

    async fn create_repository(
        &self,
        _signer: &Credentials,
        request: CreateRepository,
    ) -> Result<Repository, Failure> {
        let mut world = self.world();
        world.reach()?;
        if world.repositories.iter().any(|it| it.name == request.name) {
            return Err(failure(FailureKind::Exists, true));
        }
        let made = Repository {
            name: request.name,
            description: request.description,
            default_branch: None,
            last_modified: None,
            account_id: None,
        };
        world.repositories.push(made.clone());
        Ok(made)
    }
}
