//! The keychains of macOS and Windows, through keyring-core and the store of each.

#[cfg(target_os = "macos")]
#[path = "macos.rs"]
mod platform;
#[cfg(windows)]
#[path = "windows.rs"]
mod platform;

use crate::backend::Backend;
use crate::error::KeychainError;
use crate::item::Item;
use keyring_core::{Entry, Error};
use platform::Session;
use secrecy::SecretString;
use zeroize::Zeroizing;

/// The keychain of the user who is logged in.
pub(crate) struct OsKeychain {
    service: String,
}

impl OsKeychain {
    pub(crate) fn new(service: String) -> Self {
        Self { service }
    }

    fn entry(&self, session: &Session, item: &Item) -> Result<Entry, KeychainError> {
        let account = platform::encode(&item.account());
        session
            .entry(&self.service, &account)
            .map_err(|error| classify(error, item))
    }
}

impl Backend for OsKeychain {
    fn read(&mut self, item: &Item) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainError> {
        let session = Session::open()?;
        match self.entry(&session, item)?.get_secret() {
            Ok(secret) => Ok(Some(Zeroizing::new(secret))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(classify(error, item)),
        }
    }

    fn write(&mut self, item: &Item, secret: &[u8]) -> Result<(), KeychainError> {
        let session = Session::open()?;
        let entry = self.entry(&session, item)?;
        entry
            .set_secret(secret)
            .map_err(|error| classify(error, item))
    }

    fn remove(&mut self, item: &Item) -> Result<bool, KeychainError> {
        let session = Session::open()?;
        match self.entry(&session, item)?.delete_credential() {
            Ok(()) => Ok(true),
            Err(Error::NoEntry) => Ok(false),
            Err(error) => Err(classify(error, item)),
        }
    }

    fn items(&mut self) -> Result<Vec<Item>, KeychainError> {
        let session = Session::open()?;
        let entries = session.search(&self.service);
        let entries = entries.map_err(|error| classify(error, &Item::MasterKey))?;
        let accounts = entries.iter().filter_map(Entry::get_specifiers);
        Ok(accounts
            .filter(|(service, _)| *service == self.service)
            .filter_map(|(_, account)| Item::from_account(&platform::decode(&account)?))
            .collect())
    }

    fn unlock(&mut self, _passphrase: Option<&SecretString>) -> Result<(), KeychainError> {
        platform::unlock(&self.service)
    }

    fn lock(&mut self) {}
}

/// What a failure means for the caller.
fn classify(error: Error, item: &Item) -> KeychainError {
    match error {
        Error::PlatformFailure(source) => platform::failure(source),
        Error::NoStorageAccess(source) => platform::no_access(source),
        Error::Ambiguous(_) => KeychainError::Ambiguous {
            item: item.to_string(),
        },
        // These carry the secret itself.
        Error::BadEncoding(_) | Error::BadDataFormat(..) => KeychainError::DamagedItem {
            item: item.to_string(),
        },
        Error::TooLong(..) | Error::Invalid(..) => KeychainError::Invalid {
            what: "the keychain does not take a profile name of this length or form",
        },
        error @ (Error::NoEntry
        | Error::BadStoreFormat(_)
        | Error::NoDefaultStore
        | Error::NotSupportedByStore(_)
        | _) => KeychainError::Failed {
            source: Box::new(error),
        },
    }
}
