//! The credentials in memory: the only place of the agent that holds them.

use holdfast_core::chain::SessionKey;
use holdfast_core::credentials::Credentials;
use std::collections::HashMap;
use std::sync::Arc;

/// Credentials by session, and those that an attempt brought and the engine has not judged yet.
///
/// Dropping an entry erases its secrets once no call holds them any more.
#[derive(Default)]
pub(crate) struct Vault {
    held: HashMap<SessionKey, Arc<Credentials>>,
    brought: HashMap<u64, Arc<Credentials>>,
}

impl Vault {
    pub(crate) fn get(&self, key: &SessionKey) -> Option<Arc<Credentials>> {
        self.held.get(key).cloned()
    }

    pub(crate) fn insert(&mut self, key: SessionKey, credentials: Credentials) {
        self.held.insert(key, Arc::new(credentials));
    }

    pub(crate) fn bring(&mut self, attempt: u64, credentials: Credentials) {
        self.brought.insert(attempt, Arc::new(credentials));
    }

    pub(crate) fn keep(&mut self, key: SessionKey, attempt: u64) {
        if let Some(credentials) = self.brought.remove(&attempt) {
            self.held.insert(key, credentials);
        }
    }

    pub(crate) fn abandon(&mut self, attempt: u64) {
        self.brought.remove(&attempt);
    }

    pub(crate) fn forget(&mut self, key: &SessionKey) {
        self.held.remove(key);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&SessionKey, &Arc<Credentials>)> {
        self.held.iter()
    }
}
