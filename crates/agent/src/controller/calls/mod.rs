//! Calls that the engine wants: what each is made with, where it runs, and what becomes of its answer.

mod console_login;
mod fetch;
mod portal;
mod signing;
mod sts;
mod web_identity;

pub(super) use sts::{Codes, Typed};

use super::Controller;
use super::tasks::Done;
use crate::vault::Held;
use holdfast_core::chain::{SessionKey, Source, Step};
use holdfast_core::credentials::Credentials;
use holdfast_core::engine::{Call, Event, Opened};
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::port::Aws;
use holdfast_core::totp_ledger::Outcome;
use std::pin::Pin;
use std::sync::Arc;

/// A call under way.
type Running = Pin<Box<dyn Future<Output = Result<Brought, Failure>> + Send>>;

/// What a call brings: something secret to hold, and what the engine has to know of it.
pub(super) struct Brought {
    pub(super) held: Held,
    pub(super) opened: Opened,
}

impl Brought {
    /// Credentials that say themselves when they end.
    fn credentials(credentials: Credentials) -> Result<Self, Failure> {
        let expires_at = credentials.expires_at.ok_or_else(without_end)?;
        Ok(Self {
            held: Held::Credentials(Arc::new(credentials)),
            opened: Opened::until(expires_at),
        })
    }
}

fn without_end() -> Failure {
    Failure {
        kind: FailureKind::Server,
        message: "AWS gave credentials without an end".to_owned(),
        answered: true,
        retry_at: None,
    }
}

impl<S: Aws> Controller<S> {
    /// Starts a call of the engine's. It is ended when the session is signed out meanwhile.
    pub(super) fn call(&mut self, call: Call) {
        let (key, attempt) = (call.key.clone(), call.attempt);
        let running = match (&call.source, &call.step) {
            (_, Step::GetSessionToken { .. } | Step::AssumeRole { .. }) => self.sts_call(call),
            (Source::ConsoleLogin { .. }, Step::SignIn) if call.by_person => {
                return self.begin_console_sign_in(call);
            }
            (Source::ConsoleLogin { .. }, Step::SignIn) => self.console_login_call(call),
            (Source::Portal { portal, .. }, Step::SignIn) if call.by_person => {
                let portal = portal.clone();
                return self.begin_portal_sign_in(call, portal);
            }
            (_, Step::SignIn) => self.portal_refresh_call(call),
            (_, Step::GetRoleCredentials { .. }) => self.role_credentials_call(call),
            (_, Step::AssumeRoleWithWebIdentity { .. }) => self.web_identity_call(call),
            (_, Step::Fetch) => self.fetch_call(call),
        };
        let handle = self.tasks.spawn(async move {
            Done::Call {
                key,
                attempt,
                result: running.await,
            }
        });
        self.calls.insert(attempt, handle);
    }

    /// Ends a call that nobody wants any more.
    pub(super) fn abandon(&mut self, attempt: u64) {
        if let Some(handle) = self.calls.remove(&attempt) {
            handle.abort();
        }
        // Whether AWS has seen the code is not known, so it counts as used.
        self.note_code(attempt, Outcome::Answered);
        self.vault.abandon(attempt);
    }

    pub(super) fn call_finished(
        &mut self,
        key: SessionKey,
        attempt: u64,
        result: Result<Brought, Failure>,
    ) {
        self.calls.remove(&attempt);
        let with_code = self.had_code(attempt);
        self.note_code(attempt, sts::outcome(&result));
        if let Some(online) = reached_aws(&result) {
            self.online = Some(online);
        }
        let result = match result {
            Ok(brought) => Ok(self.take_over_brought(&key, attempt, brought)),
            Err(failure) => {
                self.portal_refused(&key, &failure);
                Err(failure)
            }
        };
        let by_person = with_code || self.is_sign_in(attempt);
        self.note_call(&key, by_person, &result);
        match result {
            // What AWS has taken the old token for must not be lost with this process.
            Ok(opened) if opened.refreshable => self.conclude_when_saved(key, attempt, opened),
            result => self.conclude(key, attempt, result),
        }
    }

    /// Tells the engine how a call ended.
    pub(super) fn conclude(
        &mut self,
        key: SessionKey,
        attempt: u64,
        result: Result<Opened, Failure>,
    ) {
        self.step(Event::CallFinished {
            key,
            attempt,
            result,
        });
        self.tell_status();
    }

    fn take_over_brought(&mut self, key: &SessionKey, attempt: u64, brought: Brought) -> Opened {
        let opened = match &brought.held {
            Held::Portal(session) => self.portal_brought(key, session),
            Held::Credentials(_) | Held::Console(_) => brought.opened,
        };
        self.vault.bring(attempt, brought.held);
        opened
    }
}

/// Whether the call shows that AWS can or cannot be reached.
pub(super) fn reached_aws<T>(result: &Result<T, Failure>) -> Option<bool> {
    match result {
        Err(failure) if failure.answered => Some(true),
        Err(failure) if failure.kind.is_transient() => Some(false),
        // Nobody has asked.
        Err(_) => None,
        Ok(_) => Some(true),
    }
}
