//! Secret Service over D-Bus: GNOME Keyring, KDE Wallet, KeePassXC.
//!
//! The store of keyring-core unlocks what it finds locked, which shows a prompt. So it is asked
//! only after a look, over a connection without a prompt, at what the call would touch.

use crate::error::{Cause, KeychainError};
use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Result};
use secret_service::blocking::SecretService;
use secret_service::{EncryptionType, Error};
use std::collections::HashMap;
use std::sync::Arc;
use zbus_secret_service_keyring_store::Store;

/// What a call is going to do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    Write,
}

/// A connection on which nothing is locked that the call needs.
pub(super) struct Session(Arc<Store>);

impl Session {
    pub(super) fn open(
        service: &str,
        account: Option<&str>,
        access: Access,
    ) -> std::result::Result<Self, KeychainError> {
        let bus = SecretService::connect(EncryptionType::Plain).map_err(failed)?;
        if is_locked(&bus, service, account, access).map_err(failed)? {
            return Err(KeychainError::Locked);
        }
        match Store::new() {
            Ok(store) => Ok(Self(store)),
            Err(error) => Err(super::classify(error, &super::Item::MasterKey)),
        }
    }

    pub(super) fn entry(&self, service: &str, account: &str, label: &str) -> Result<Entry> {
        let modifiers = HashMap::from([("label", label)]);
        self.0.build(service, account, Some(&modifiers))
    }

    pub(super) fn search(&self, service: &str) -> Result<Vec<Entry>> {
        self.0.search(&HashMap::from([("service", service)]))
    }
}

/// Whether the call would meet a lock. Without a collection there is nothing to read, and
/// making one is a matter for the person, as unlocking is.
fn is_locked(
    bus: &SecretService<'_>,
    service: &str,
    account: Option<&str>,
    access: Access,
) -> std::result::Result<bool, Error> {
    let found = bus.search_items(attributes(service, account))?;
    if !found.locked.is_empty() {
        return Ok(true);
    }
    if access == Access::Read && !found.unlocked.is_empty() {
        return Ok(false);
    }
    // Some services do not list the items of a locked collection.
    match bus.get_default_collection() {
        Ok(collection) => collection.is_locked(),
        Err(Error::NoResult) => Ok(access == Access::Write),
        Err(error) => Err(error),
    }
}

/// Unlocks our items and the default collection, which is made when there is none.
pub(super) fn unlock(service: &str) -> std::result::Result<(), KeychainError> {
    let bus = SecretService::connect(EncryptionType::Plain).map_err(failed)?;
    let unlock = || {
        match bus.get_default_collection() {
            Ok(collection) if collection.is_locked()? => collection.unlock()?,
            Ok(_) => {}
            Err(Error::NoResult) => drop(bus.create_collection("Login", "default")?),
            Err(error) => return Err(error),
        }
        let found = bus.search_items(attributes(service, None))?;
        if !found.locked.is_empty() {
            bus.unlock_all(&found.locked.iter().collect::<Vec<_>>())?;
        }
        Ok(())
    };
    unlock().map_err(failed)
}

fn attributes<'a>(service: &'a str, account: Option<&'a str>) -> HashMap<&'a str, &'a str> {
    let account = account.map(|account| ("username", account));
    [("service", service)].into_iter().chain(account).collect()
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
    match source.downcast::<Error>() {
        Ok(error) => failed(*error),
        Err(source) => KeychainError::Failed { source },
    }
}

fn failed(error: Error) -> KeychainError {
    if matches!(error, Error::Locked) {
        KeychainError::Locked
    } else if matches!(error, Error::Prompt) {
        let source = Some(error.into());
        KeychainError::Denied { source }
    } else if is_absence(&error) {
        let source = Some(error.into());
        KeychainError::Absent { source }
    } else {
        let source = error.into();
        KeychainError::Failed { source }
    }
}

/// No bus to talk to, or nobody on it who keeps secrets.
fn is_absence(error: &Error) -> bool {
    if let Error::Zbus(zbus::Error::MethodError(name, ..)) = error {
        return matches!(
            name.as_str(),
            "org.freedesktop.DBus.Error.ServiceUnknown"
                | "org.freedesktop.DBus.Error.NameHasNoOwner"
                | "org.freedesktop.DBus.Error.NoReply"
                | "org.freedesktop.DBus.Error.Disconnected"
        );
    }
    matches!(
        error,
        Error::Unavailable
            | Error::PromptDisconnected
            | Error::Zbus(
                zbus::Error::Connection(..) | zbus::Error::InputOutput(_) | zbus::Error::Address(_)
            )
    )
}
