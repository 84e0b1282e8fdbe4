//! The login keychain of macOS.

use crate::error::{Cause, KeychainError};
use apple_native_keyring_store::keychain::Store;
use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Error, Result};
use security_framework::base::Error as SecurityError;
use security_framework::os::macos::keychain::{
    KeychainUserInteractionLock, SecKeychain, SecPreferencesDomain,
};
use std::collections::HashMap;
use std::sync::Arc;
use zeroize::Zeroizing;

/// The store, with the system's prompts off for this process while it lives.
pub(super) struct Session {
    store: Arc<Store>,
    _no_prompts: KeychainUserInteractionLock,
}

impl Session {
    pub(super) fn open() -> std::result::Result<Self, KeychainError> {
        let no_prompts = SecKeychain::disable_user_interaction().map_err(failed)?;
        match Store::new() {
            Ok(store) => Ok(Self {
                store,
                _no_prompts: no_prompts,
            }),
            Err(error) => Err(super::classify(error, &super::Item::MasterKey)),
        }
    }

    pub(super) fn entry(&self, service: &str, account: &str) -> Result<Entry> {
        self.store.build(service, account, None)
    }

    pub(super) fn search(&self, service: &str) -> Result<Vec<Entry>> {
        self.store.search(&HashMap::from([("service", service)]))
    }
}

/// Unlocks the login keychain and reads our items once, so that the system asks here, and not
/// later in the background, whether this program may.
pub(super) fn unlock(service: &str) -> std::result::Result<(), KeychainError> {
    let keychain = SecKeychain::default_for_domain(SecPreferencesDomain::User);
    keychain
        .and_then(|mut keychain| keychain.unlock(None))
        .map_err(failed)?;
    let read_all = || {
        for entry in Store::new()?.search(&HashMap::from([("service", service)]))? {
            match entry.get_secret() {
                Ok(secret) => drop(Zeroizing::new(secret)),
                Err(Error::NoEntry) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    };
    read_all().map_err(|error| super::classify(error, &super::Item::MasterKey))
}

pub(super) fn encode(account: &str) -> String {
    account.to_owned()
}

pub(super) fn decode(account: &str) -> Option<String> {
    Some(account.to_owned())
}

pub(super) fn no_access(source: Cause) -> KeychainError {
    failure(source)
}

pub(super) fn failure(source: Cause) -> KeychainError {
    match source.downcast::<SecurityError>() {
        Ok(error) => failed(*error),
        Err(source) => KeychainError::Failed { source },
    }
}

/// Codes of `SecBase.h` (<https://developer.apple.com/documentation/security/security-framework-result-codes>).
fn failed(error: SecurityError) -> KeychainError {
    const USER_CANCELED: i32 = -128;
    const NOT_AVAILABLE: i32 = -25291;
    const AUTH_FAILED: i32 = -25293;
    const NO_SUCH_KEYCHAIN: i32 = -25294;
    const NO_DEFAULT_KEYCHAIN: i32 = -25307;
    const INTERACTION_NOT_ALLOWED: i32 = -25308;
    match error.code() {
        INTERACTION_NOT_ALLOWED => KeychainError::Locked,
        USER_CANCELED | AUTH_FAILED => KeychainError::Denied {
            source: Some(Box::new(error)),
        },
        NOT_AVAILABLE | NO_SUCH_KEYCHAIN | NO_DEFAULT_KEYCHAIN => KeychainError::Absent {
            source: Some(Box::new(error)),
        },
        _ => KeychainError::Failed {
            source: Box::new(error),
        },
    }
}
