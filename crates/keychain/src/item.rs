//! What is kept in the keychain: the long-lived access keys and the master key of the sealed store.

use crate::error::KeychainError;
use secrecy::{ExposeSecret, SecretBox, SecretString};
use std::fmt;
use zeroize::{Zeroize, Zeroizing};

/// Largest secret in bytes that every platform can hold: Windows' `CRED_MAX_CREDENTIAL_BLOB_SIZE`
/// (<https://learn.microsoft.com/windows/win32/api/wincred/ns-wincred-credentialw>).
pub(crate) const MAX_SECRET_BYTES: usize = 2560;

const KEY_PREFIX: &str = "access-key:";
const MASTER_ACCOUNT: &str = "master-key";
const ACCESS_KEY_HEADER: &str = "holdfast-access-key 1";
const MASTER_KEY_HEADER: &str = "holdfast-master-key 1";

/// The name of one item.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Item {
    /// The long-lived access key of a profile.
    AccessKey {
        /// Name of the profile, as in the AWS files.
        profile: String,
    },
    /// The key of the sealed store.
    MasterKey,
}

impl Item {
    /// The item that holds the access key of a profile.
    ///
    /// # Errors
    /// [`KeychainError::Invalid`] for a name that is empty or has control characters: C interfaces
    /// would cut it short.
    pub fn access_key(profile: &str) -> Result<Self, KeychainError> {
        if profile.is_empty() || profile.chars().any(char::is_control) {
            let what = "a profile name that is empty or has control characters cannot be kept";
            return Err(KeychainError::Invalid { what });
        }
        Ok(Self::AccessKey {
            profile: profile.to_owned(),
        })
    }

    /// The account (user name) under which the keychain holds the item.
    pub(crate) fn account(&self) -> String {
        match self {
            Self::AccessKey { profile } => format!("{KEY_PREFIX}{profile}"),
            Self::MasterKey => MASTER_ACCOUNT.to_owned(),
        }
    }

    /// The item of an account, or `None` when the account is not one of ours.
    pub(crate) fn from_account(account: &str) -> Option<Self> {
        match account.strip_prefix(KEY_PREFIX) {
            Some(profile) => Self::access_key(profile).ok(),
            None => (account == MASTER_ACCOUNT).then_some(Self::MasterKey),
        }
    }
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AccessKey { profile } => write!(f, "access key of profile {profile}"),
            Self::MasterKey => f.write_str("key of the session store"),
        }
    }
}

/// A long-lived access key.
pub struct AccessKey {
    /// Access key id. Not a secret.
    pub access_key_id: String,
    /// Secret access key.
    pub secret_access_key: SecretString,
}

impl AccessKey {
    /// The text of the keychain item: a line that names the form, the key id, the secret.
    /// Text, because KDE Wallet holds nothing else.
    pub(crate) fn encode(&self) -> Result<Zeroizing<Vec<u8>>, KeychainError> {
        let id = self.access_key_id.as_str();
        let secret = self.secret_access_key.expose_secret();
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_graphic()) {
            let what = "an access key id is letters and digits";
            return Err(KeychainError::Invalid { what });
        }
        if secret.is_empty() || secret.chars().any(char::is_control) {
            let what = "a secret access key is one line of text";
            return Err(KeychainError::Invalid { what });
        }
        let length = ACCESS_KEY_HEADER.len() + id.len() + secret.len() + 2;
        if length > MAX_SECRET_BYTES {
            let limit = MAX_SECRET_BYTES;
            return Err(KeychainError::TooLarge { length, limit });
        }
        let mut text = Zeroizing::new(Vec::with_capacity(length));
        for (line, end) in [(ACCESS_KEY_HEADER, "\n"), (id, "\n"), (secret, "")] {
            text.extend_from_slice(line.as_bytes());
            text.extend_from_slice(end.as_bytes());
        }
        Ok(text)
    }

    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let mut lines = std::str::from_utf8(bytes).ok()?.split('\n');
        let (header, id, secret) = (lines.next()?, lines.next()?, lines.next()?);
        let complete = header == ACCESS_KEY_HEADER && !id.is_empty() && !secret.is_empty();
        (complete && lines.next().is_none()).then(|| Self {
            access_key_id: id.to_owned(),
            secret_access_key: SecretString::from(Box::<str>::from(secret)),
        })
    }
}

impl fmt::Debug for AccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessKey")
            .field("access_key_id", &self.access_key_id)
            .finish_non_exhaustive()
    }
}

/// An access key in the keychain, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StoredKey {
    /// Profile that the key belongs to.
    pub profile: String,
    /// Access key id.
    pub access_key_id: String,
}

/// The key of the sealed store: 32 random bytes.
pub struct MasterKey(SecretBox<[u8; 32]>);

impl MasterKey {
    /// A new key from the system's random source.
    ///
    /// # Errors
    /// [`KeychainError::Failed`] when the system has no randomness to give.
    pub fn generate() -> Result<Self, KeychainError> {
        let mut failure = None;
        let key = SecretBox::init_with_mut(|bytes: &mut [u8; 32]| {
            failure = getrandom::fill(bytes).err();
        });
        match failure {
            None => Ok(Self(key)),
            Some(error) => Err(KeychainError::Failed {
                source: Box::new(error),
            }),
        }
    }

    pub(crate) fn expose(&self) -> &[u8; 32] {
        self.0.expose_secret()
    }

    /// The text of the keychain item: a line that names the form, and the key in hexadecimal.
    pub(crate) fn encode(&self) -> Zeroizing<Vec<u8>> {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let length = MASTER_KEY_HEADER.len() + 1 + 64;
        let mut text = Zeroizing::new(Vec::with_capacity(length));
        text.extend_from_slice(MASTER_KEY_HEADER.as_bytes());
        text.push(b'\n');
        for byte in self.expose() {
            text.push(DIGITS[usize::from(byte >> 4)]);
            text.push(DIGITS[usize::from(byte & 15)]);
        }
        text
    }

    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let hex = bytes.strip_prefix(MASTER_KEY_HEADER.as_bytes())?;
        let hex = hex.strip_prefix(b"\n").filter(|hex| hex.len() == 64)?;
        let mut key = Box::new([0; 32]);
        for (byte, pair) in key.iter_mut().zip(hex.chunks_exact(2)) {
            let (Some(high), Some(low)) = (nibble(pair[0]), nibble(pair[1])) else {
                key.zeroize();
                return None;
            };
            *byte = high << 4 | low;
        }
        Some(Self(SecretBox::new(key)))
    }
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}
