//! Windows Credential Manager.

use crate::backend::os::account;
use crate::error::{Cause, KeychainError};
use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Result};
use std::collections::HashMap;
use std::sync::Arc;
use windows_native_keyring_store::Store;

/// The store of the current logon.
pub(super) struct Session(Arc<Store>);

impl Session {
    pub(super) fn open() -> std::result::Result<Self, KeychainError> {
        match Store::new() {
            Ok(store) => Ok(Self(store)),
            Err(error) => Err(super::classify(error, &super::Item::MasterKey)),
        }
    }

    pub(super) fn entry(&self, service: &str, account: &str) -> Result<Entry> {
        // "Local": the default would roam the secret to other computers of the domain.
        let modifiers = HashMap::from([("persistence", "Local")]);
        self.0.build(service, account, Some(&modifiers))
    }

    pub(super) fn search(&self, service: &str) -> Result<Vec<Entry>> {
        // Target names are `account.service`; a service has letters, digits and hyphens only.
        let pattern = format!("\\.{service}$");
        self.0
            .search(&HashMap::from([("pattern", pattern.as_str())]))
    }
}

pub(super) fn encode(account: &str) -> String {
    account::to_caseless(account)
}

pub(super) fn decode(account: &str) -> Option<String> {
    account::from_caseless(account)
}

/// Nothing to do: Credential Manager is open while its user is signed in.
pub(super) fn unlock(_service: &str) -> std::result::Result<(), KeychainError> {
    Ok(())
}

/// Given for a logon without a credential set, such as a network logon over SSH
/// (`ERROR_NO_SUCH_LOGON_SESSION`,
/// <https://learn.microsoft.com/windows/win32/api/wincred/nf-wincred-credreadw>).
pub(super) fn no_access(source: Cause) -> KeychainError {
    KeychainError::Absent {
        source: Some(source),
    }
}

pub(super) fn failure(source: Cause) -> KeychainError {
    KeychainError::Failed { source }
}
