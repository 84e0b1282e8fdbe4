//! What sessions hold in memory: credentials and tokens, and the only place of the agent that has them.

mod console;

pub(crate) use console::{ConsoleSession, ConsoleTokens};

use holdfast_core::chain::SessionKey;
use holdfast_core::credentials::Credentials;
use holdfast_core::port::{ClientRegistration, PortalToken};
use holdfast_core::time::Timestamp;
use std::collections::HashMap;
use std::sync::Arc;

/// A token whose lifetime falls short of the first one's by this much, in seconds, ends with the portal session.
const CUT_SECONDS: i64 = 120;

/// What one session holds.
#[derive(Clone)]
pub(crate) enum Held {
    /// Credentials.
    Credentials(Arc<Credentials>),
    /// The tokens of a portal.
    Portal(Arc<PortalSession>),
    /// A sign-in to the AWS console.
    Console(Arc<ConsoleSession>),
}

/// A sign-in to a portal.
pub(crate) struct PortalSession {
    pub(crate) token: PortalToken,
    /// The client that its refresh token is bound to; none for a token that another program was given.
    pub(crate) client: Option<Arc<ClientRegistration>>,
    pub(crate) signed_in_at: Timestamp,
    /// When the token was given.
    pub(crate) given_at: Timestamp,
    /// How many seconds the first token was given for.
    pub(crate) first_seconds: i64,
    /// When the portal session ends, if its token shows that.
    pub(crate) ends_at: Option<Timestamp>,
}

impl PortalSession {
    /// The beginning of one.
    pub(crate) fn new(
        token: PortalToken,
        client: Option<Arc<ClientRegistration>>,
        now: Timestamp,
    ) -> Self {
        Self {
            first_seconds: token.expires_at.seconds_since(now),
            token,
            client,
            signed_in_at: now,
            given_at: now,
            ends_at: None,
        }
    }

    /// The same session with its next token. A refresh token that did not change is not sent again.
    pub(crate) fn renewed(&self, token: PortalToken, now: Timestamp) -> Self {
        let seconds = token.expires_at.seconds_since(now);
        let is_cut = seconds < self.first_seconds - CUT_SECONDS;
        Self {
            ends_at: is_cut.then_some(token.expires_at),
            token: PortalToken {
                refresh_token: token
                    .refresh_token
                    .or_else(|| self.token.refresh_token.clone()),
                ..token
            },
            client: self.client.clone(),
            signed_in_at: self.signed_in_at,
            given_at: now,
            first_seconds: self.first_seconds,
        }
    }

    /// Whether it can be renewed without the person.
    pub(crate) fn is_refreshable(&self) -> bool {
        self.client.is_some() && self.token.refresh_token.is_some()
    }
}

/// What sessions hold, and what an attempt brought and the engine has not judged yet.
///
/// Dropping an entry erases its secrets once no call holds them any more.
#[derive(Default)]
pub(crate) struct Vault {
    held: HashMap<SessionKey, Held>,
    brought: HashMap<u64, Held>,
}

impl Vault {
    pub(crate) fn get(&self, key: &SessionKey) -> Option<&Held> {
        self.held.get(key)
    }

    /// The credentials of a session, where it has some.
    pub(crate) fn credentials(&self, key: &SessionKey) -> Option<Arc<Credentials>> {
        match self.held.get(key)? {
            Held::Credentials(credentials) => Some(Arc::clone(credentials)),
            Held::Console(session) => Some(Arc::clone(&session.credentials)),
            Held::Portal(_) => None,
        }
    }

    /// The sign-in of a session with a portal.
    pub(crate) fn portal(&self, key: &SessionKey) -> Option<Arc<PortalSession>> {
        match self.held.get(key)? {
            Held::Portal(session) => Some(Arc::clone(session)),
            Held::Credentials(_) | Held::Console(_) => None,
        }
    }

    /// The sign-in of a session with the console.
    pub(crate) fn console(&self, key: &SessionKey) -> Option<Arc<ConsoleSession>> {
        match self.held.get(key)? {
            Held::Console(session) => Some(Arc::clone(session)),
            Held::Credentials(_) | Held::Portal(_) => None,
        }
    }

    pub(crate) fn insert(&mut self, key: SessionKey, held: Held) {
        self.held.insert(key, held);
    }

    pub(crate) fn bring(&mut self, attempt: u64, held: Held) {
        self.brought.insert(attempt, held);
    }

    /// What an attempt brought and the engine has not judged yet.
    pub(crate) fn brought(&self, attempt: u64) -> Option<&Held> {
        self.brought.get(&attempt)
    }

    pub(crate) fn keep(&mut self, key: SessionKey, attempt: u64) {
        if let Some(held) = self.brought.remove(&attempt) {
            self.held.insert(key, held);
        }
    }

    pub(crate) fn abandon(&mut self, attempt: u64) {
        self.brought.remove(&attempt);
    }

    pub(crate) fn forget(&mut self, key: &SessionKey) {
        self.held.remove(key);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&SessionKey, &Held)> {
        self.held.iter()
    }
}
