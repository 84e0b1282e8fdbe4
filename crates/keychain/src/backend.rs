//! The kinds of keychain, and what each must be able to do.

pub(crate) mod file;
pub(crate) mod memory;
pub(crate) mod os;

use crate::error::KeychainError;
use crate::item::Item;
use secrecy::SecretString;
use std::fmt;
use std::str::FromStr;
use zeroize::Zeroizing;

/// Which keychain is used; the values of `HOLDFAST_KEYCHAIN`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `os`: Keychain on macOS, Credential Manager on Windows, Secret Service elsewhere.
    #[default]
    Os,
    /// `file`: a file sealed with a passphrase.
    File,
    /// `memory`: nothing is kept once the process ends.
    Memory,
}

impl Kind {
    /// The value of `HOLDFAST_KEYCHAIN`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Os => "os",
            Self::File => "file",
            Self::Memory => "memory",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is none of the kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a keychain is one of: os, file, memory")]
pub struct UnknownKind;

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        match text {
            "os" => Ok(Self::Os),
            "file" => Ok(Self::File),
            "memory" => Ok(Self::Memory),
            _ => Err(UnknownKind),
        }
    }
}

/// A keychain as the worker thread uses it. Calls may block; only [`Backend::unlock`] may ask a person.
pub trait Backend {
    /// The secret of an item, or `None` when there is no such item.
    ///
    /// # Errors
    /// Why the keychain could not tell.
    fn read(&mut self, item: &Item) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainError>;

    /// Keeps a secret, in place of an earlier one.
    ///
    /// # Errors
    /// Why the keychain could not keep it.
    fn write(&mut self, item: &Item, secret: &[u8]) -> Result<(), KeychainError>;

    /// Removes an item; `false` when there was none.
    ///
    /// # Errors
    /// Why the keychain could not remove it.
    fn remove(&mut self, item: &Item) -> Result<bool, KeychainError>;

    /// Every item of ours.
    ///
    /// # Errors
    /// Why the keychain could not tell.
    fn items(&mut self) -> Result<Vec<Item>, KeychainError>;

    /// Makes the keychain usable; may show a prompt and wait for the person.
    ///
    /// # Errors
    /// Why it stays locked.
    fn unlock(&mut self, passphrase: Option<&SecretString>) -> Result<(), KeychainError>;

    /// Forgets what [`Backend::unlock`] gave, so that the next call is refused, where that is ours to do.
    fn lock(&mut self);

    /// A call is over and the next may be hours away: lets go of connections.
    fn rest(&mut self) {}
}
