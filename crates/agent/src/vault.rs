//! What sessions hold in memory: credentials and tokens, and the only place of the agent that has them.

use holdfast_core::chain::SessionKey;
use holdfast_core::credentials::Credentials;
use holdfast_core::port::PortalToken;
use std::collections::HashMap;
use std::sync::Arc;

/// What one session holds.
#[derive(Clone)]
pub(crate) enum Held {
    /// Credentials.
    Credentials(Arc<Credentials>),
    /// The tokens of a portal.
    Portal(Arc<PortalToken>),
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
            Held::Portal(_) => None,
        }
    }

    pub(crate) fn insert(&mut self, key: SessionKey, held: Held) {
        self.held.insert(key, held);
    }

    pub(crate) fn bring(&mut self, attempt: u64, held: Held) {
        self.brought.insert(attempt, held);
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
