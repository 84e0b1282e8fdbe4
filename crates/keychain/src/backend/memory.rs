//! A keychain that keeps nothing once the process ends.

use super::Backend;
use crate::error::KeychainError;
use crate::item::Item;
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use zeroize::Zeroizing;

type Secrets = BTreeMap<Item, Zeroizing<Vec<u8>>>;

/// Items in memory, shared by every worker of one handle.
#[derive(Clone, Default)]
pub(crate) struct MemoryKeychain(Arc<Mutex<Secrets>>);

impl MemoryKeychain {
    fn with<T>(&self, act: impl FnOnce(&mut Secrets) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Backend for MemoryKeychain {
    fn read(&mut self, item: &Item) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainError> {
        Ok(self.with(|secrets| secrets.get(item).cloned()))
    }

    fn write(&mut self, item: &Item, secret: &[u8]) -> Result<(), KeychainError> {
        let secret = Zeroizing::new(secret.to_vec());
        self.with(|secrets| secrets.insert(item.clone(), secret));
        Ok(())
    }

    fn remove(&mut self, item: &Item) -> Result<bool, KeychainError> {
        Ok(self.with(|secrets| secrets.remove(item).is_some()))
    }

    fn items(&mut self) -> Result<Vec<Item>, KeychainError> {
        Ok(self.with(|secrets| secrets.keys().cloned().collect()))
    }

    fn unlock(&mut self, _passphrase: Option<&SecretString>) -> Result<(), KeychainError> {
        Ok(())
    }

    fn lock(&mut self) {}
}
