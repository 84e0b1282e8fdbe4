//! Credentials of a sign-in to the AWS console, renewed silently: with the tokens of our own sign-in, or with those
//! that the AWS CLI keeps since its `aws login`.
//!
//! The AWS CLI, the SDKs and this agent may all renew the same sign-in, and each renewal ends the refresh token before
//! it. So the file is read at each renewal, what another program has renewed is taken over, and what is renewed here
//! goes back into the file unless somebody was faster.

use super::super::Controller;
use super::super::sign_in::DEFAULT_REGION;
use super::signing::{nothing_to_sign_with, source_unavailable};
use super::{Brought, Running};
use crate::explain::with_causes;
use crate::launcher::{CacheOrder, Launcher};
use crate::vault::{ConsoleSession, ConsoleTokens, Held};
use holdfast_aws::ServerClock;
use holdfast_aws_files::TokenFileError;
use holdfast_aws_files::login_cache::{self, Login, Version};
use holdfast_core::chain::{Chain, Source};
use holdfast_core::credentials::Credentials;
use holdfast_core::engine::{Call, Event, Route, Session};
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::port::{
    Aws, ConsoleLogin, ConsoleLoginGrant, ConsoleLoginTokens, DpopKey, ExchangeConsoleLogin,
};
use holdfast_core::time::Timestamp;
use secrecy::SecretString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Credentials of another program are taken over when they are good for so many seconds more.
const WORTH_SECONDS: i64 = 420;

/// How often, and with which pause, a file is read that another program is writing.
const READS: usize = 5;
const PAUSE: Duration = Duration::from_millis(40);

impl<S: Aws> Controller<S> {
    /// Renews the credentials silently.
    pub(super) fn console_login_call(&mut self, call: Call) -> Running {
        let held = self.vault.console(&call.key);
        let aws = Arc::clone(&self.aws);
        let Source::ConsoleLogin {
            login_session,
            profile,
        } = call.source
        else {
            return Box::pin(async { Err(nothing_to_sign_with()) });
        };
        let own = held.and_then(|held| Some(held.tokens.as_ref()?.again()));
        if let Some(tokens) = own {
            return Box::pin(async move {
                let renewed = renew(&*aws, &tokens).await?;
                Brought::console(ConsoleSession::new(renewed, tokens))
            });
        }
        let Some(file) = self.caches.login_file(&login_session) else {
            return Box::pin(async { Err(nothing_to_sign_with()) });
        };
        let shared = Shared {
            file,
            login_session,
            profile,
            region: call.region,
            launcher: self.launcher.clone(),
            clock: Arc::clone(&self.clock),
        };
        Box::pin(async move { Brought::console(shared.renew(&*aws).await?) })
    }

    /// Takes over a sign-in of the AWS CLI's, so that nobody is asked for what is there already. Each version of the
    /// file once: one that AWS does not renew any more must not come back for ever.
    pub(in super::super) fn adopt_console_login(&mut self, chain: &Chain) {
        let (Source::ConsoleLogin { login_session, .. }, Some(route)) =
            (&chain.source, Route::of(chain))
        else {
            return;
        };
        let key = route.nodes[0].key.clone();
        if self.engine.is_locked() || self.vault.console(&key).is_some() {
            return;
        }
        let file = self.caches.login_file(login_session);
        let Some(Ok(Some((login, version)))) = file.map(|file| login_cache::read(&file)) else {
            return;
        };
        if self.adopted.get(&key) == Some(&version) {
            return;
        }
        self.adopted.insert(key.clone(), version);
        let session = ConsoleSession::of_aws_cli(credentials(login, &self.clock));
        if let Some(opened) = session.opened() {
            self.vault.insert(key, Held::Console(Arc::new(session)));
            self.step(Event::Restored {
                session: Box::new(Session::absent(&route, 0)),
                opened,
            });
        }
    }
}

impl Brought {
    /// A sign-in to the console, or its renewal.
    pub(in super::super) fn console(session: ConsoleSession) -> Result<Self, Failure> {
        Ok(Self {
            opened: session.opened().ok_or_else(super::without_end)?,
            held: Held::Console(Arc::new(session)),
        })
    }
}

async fn renew<S: ConsoleLogin>(
    aws: &S,
    tokens: &ConsoleTokens,
) -> Result<ConsoleLoginTokens, Failure> {
    let request = ExchangeConsoleLogin {
        region: &tokens.region,
        client_id: &tokens.client_id,
        grant: ConsoleLoginGrant::RefreshToken(tokens.refresh_token.clone()),
        key: &tokens.key,
    };
    aws.exchange_console_login(request).await
}

/// A sign-in that the AWS CLI keeps in its cache.
struct Shared {
    file: PathBuf,
    login_session: String,
    profile: String,
    region: Option<String>,
    launcher: Launcher,
    clock: Arc<ServerClock>,
}

impl Shared {
    async fn renew<S: ConsoleLogin>(&self, aws: &S) -> Result<ConsoleSession, Failure> {
        let (login, version) = self.read().await?;
        if self.is_worth(&login) {
            return Ok(self.theirs(login));
        }
        let tokens = self.tokens(&login);
        match renew(aws, &tokens).await {
            Ok(renewed) => self.put_back(renewed, tokens, &version).await,
            Err(failure) if failure.kind == FailureKind::SessionEnded => {
                // Another program may have renewed it at the same time.
                let (login, now) = self.read().await?;
                if now != version && self.is_worth(&login) {
                    return Ok(self.theirs(login));
                }
                Err(self.ended())
            }
            Err(failure) => Err(failure),
        }
    }

    /// Writes a renewal into the AWS CLI's cache. Where that cannot be, the agent goes on with it alone.
    async fn put_back(
        &self,
        renewed: ConsoleLoginTokens,
        tokens: ConsoleTokens,
        from: &Version,
    ) -> Result<ConsoleSession, Failure> {
        let credentials = &renewed.credentials;
        let ends = credentials.expires_at.ok_or_else(super::without_end)?;
        let order = CacheOrder::RenewLogin {
            login_session: self.login_session.clone(),
            from: from.as_str().to_owned(),
            access_key_id: credentials.access_key_id.clone(),
            secret_access_key: credentials.secret_access_key.clone(),
            session_token: credentials
                .session_token
                .clone()
                .unwrap_or_else(|| SecretString::from("")),
            expires_at: self.clock.localize(ends).unix_seconds(),
            refresh_token: renewed.refresh_token.clone(),
        };
        match self.launcher.cache(order).await {
            Ok(true) => return Ok(ConsoleSession::of_aws_cli(renewed.credentials)),
            Ok(false) => {
                let (login, _) = self.read().await?;
                if self.is_worth(&login) {
                    return Ok(self.theirs(login));
                }
            }
            Err(error) => {
                tracing::warn!(profile = self.profile, %error, "the AWS CLI's sign-in was not renewed in its cache");
            }
        }
        Ok(ConsoleSession::new(renewed, tokens))
    }

    /// Whether another program has renewed it lately.
    fn is_worth(&self, login: &Login) -> bool {
        let ends = at_aws(login.credentials.expires_at, &self.clock);
        ends.seconds_since(self.clock.now()) >= WORTH_SECONDS
    }

    fn theirs(&self, login: Login) -> ConsoleSession {
        ConsoleSession::of_aws_cli(credentials(login, &self.clock))
    }

    fn tokens(&self, login: &Login) -> ConsoleTokens {
        let region = login.sign_in_region.clone().or_else(|| self.region.clone());
        ConsoleTokens {
            refresh_token: login.refresh_token.clone(),
            key: DpopKey(login.dpop_key.clone()),
            client_id: login.client_id.clone(),
            region: region.unwrap_or_else(|| DEFAULT_REGION.to_owned()),
            signed_in_at: self.clock.now(),
        }
    }

    /// The file now; with patience, because the AWS CLI writes it in place.
    async fn read(&self) -> Result<(Login, Version), Failure> {
        let mut reads = 0;
        loop {
            reads += 1;
            match login_cache::read(&self.file) {
                Ok(Some(found)) => return Ok(found),
                Ok(None) => return Err(self.ended()),
                Err(TokenFileError::Incomplete { .. }) if reads < READS => {
                    tokio::time::sleep(PAUSE).await;
                }
                Err(error) => return Err(self.unreadable(&error)),
            }
        }
    }

    fn ended(&self) -> Failure {
        Failure {
            kind: FailureKind::SessionEnded,
            message: format!(
                "the sign-in to the AWS console for profile {} has ended",
                self.profile
            ),
            answered: true,
            retry_at: None,
        }
    }

    fn unreadable(&self, error: &TokenFileError) -> Failure {
        source_unavailable(format!(
            "the sign-in of profile {} cannot be read: {}; sign in again with holdfast login",
            self.profile,
            with_causes(error)
        ))
    }
}

fn credentials(login: Login, clock: &ServerClock) -> Credentials {
    Credentials {
        access_key_id: login.credentials.access_key_id,
        secret_access_key: login.credentials.secret_access_key,
        session_token: Some(login.credentials.session_token),
        expires_at: Some(at_aws(login.credentials.expires_at, clock)),
    }
}

/// A time that another program wrote by this machine's clock.
fn at_aws(local: i64, clock: &ServerClock) -> Timestamp {
    Timestamp::from_unix_seconds(local).plus_seconds(clock.offset_seconds())
}
