//! A keychain in a file that a passphrase opens, for computers without one of their own.
//!
//! Form of the file: the 16 bytes `HOLDFAST-KEYFIL` and version; memory in KiB, passes and lanes
//! of Argon2id as big-endian 32-bit numbers; a salt of 16 bytes; a nonce of 24 bytes; then the
//! items under XChaCha20-Poly1305 with the key that Argon2id makes of the passphrase and all bytes
//! before the nonce as associated data. An item is its account and its secret, each with a
//! big-endian 32-bit length in front.

use super::Backend;
use crate::error::KeychainError;
use crate::item::Item;
use crate::replace::{self, Found};
use crate::seal;
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret, SecretBox, SecretString};
use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::time::SystemTime;
use zeroize::Zeroizing;

const MAGIC: &[u8; 15] = b"HOLDFAST-KEYFIL";
const VERSION: u8 = 1;
const SALT_BYTES: usize = 16;
const HEADER_BYTES: usize = MAGIC.len() + 1 + 3 * 4 + SALT_BYTES;
const MAX_FILE_BYTES: u64 = 16 * 1024 * 1024;

/// Cost of trying one passphrase: parameters of Argon2id.
///
/// The default is the second recommended option of RFC 9106, section 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PassphraseCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for PassphraseCost {
    fn default() -> Self {
        Self {
            memory_kib: 64 * 1024,
            passes: 3,
            lanes: 4,
        }
    }
}

impl PassphraseCost {
    /// A file asks for this much before its passphrase is proven, so there is an upper end.
    fn is_bearable(self) -> bool {
        self.memory_kib <= 1024 * 1024 && self.passes <= 64 && self.lanes <= 64
    }
}

type Secrets = BTreeMap<String, Zeroizing<Vec<u8>>>;
type Header = [u8; HEADER_BYTES];

struct Unlocked {
    header: Header,
    key: SecretBox<[u8; 32]>,
}

/// The key file; holds the passphrase's key while unlocked, and the items only during a call.
pub(crate) struct FileKeychain {
    file: PathBuf,
    cost: PassphraseCost,
    unlocked: Option<Unlocked>,
}

impl FileKeychain {
    pub(crate) fn new(file: PathBuf, cost: PassphraseCost) -> Self {
        Self {
            file,
            cost,
            unlocked: None,
        }
    }

    fn bytes(&self) -> Result<Option<Vec<u8>>, KeychainError> {
        match replace::read(&self.file, MAX_FILE_BYTES).map_err(|source| self.io(source))? {
            Found::Nothing => Ok(None),
            Found::Bytes(bytes) => Ok(Some(bytes)),
            Found::TooLarge => Err(self.damaged("it is too large")),
        }
    }

    /// The items, read anew each time so that a changed or damaged file is noticed.
    fn load(&self) -> Result<Secrets, KeychainError> {
        let unlocked = self.unlocked.as_ref().ok_or(KeychainError::Locked)?;
        let Some(bytes) = self.bytes()? else {
            return Err(self.damaged("it has disappeared"));
        };
        if !bytes.starts_with(&unlocked.header) {
            // Another passphrase was set meanwhile.
            return Err(KeychainError::Locked);
        }
        let opened = seal::open(unlocked.key.expose_secret(), HEADER_BYTES, &bytes);
        let items = opened.ok_or_else(|| self.damaged("its contents were changed"))?;
        decode(&items).ok_or_else(|| self.damaged("its contents have no form"))
    }

    fn store(&self, unlocked: &Unlocked, secrets: &Secrets) -> Result<(), KeychainError> {
        let items = encode(secrets);
        seal::seal(unlocked.key.expose_secret(), &unlocked.header, &items)
            .and_then(|bytes| replace::replace(&self.file, &bytes, SystemTime::now()))
            .map_err(|source| self.io(source))
    }

    fn change<T>(&self, act: impl FnOnce(&mut Secrets) -> T) -> Result<T, KeychainError> {
        let mut secrets = self.load()?;
        let outcome = act(&mut secrets);
        let unlocked = self.unlocked.as_ref().ok_or(KeychainError::Locked)?;
        self.store(unlocked, &secrets)?;
        Ok(outcome)
    }

    fn derive(&self, passphrase: &SecretString, header: Header) -> Result<Unlocked, KeychainError> {
        let (cost, salt) = read_header(&header).ok_or_else(|| self.damaged(UNREADABLE))?;
        let unusable = |_| self.damaged("its passphrase parameters make no sense");
        let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32));
        let argon2 = Argon2::new(
            Algorithm::Argon2id,
            Version::V0x13,
            params.map_err(unusable)?,
        );
        let mut outcome = Ok(());
        let key = SecretBox::init_with_mut(|key: &mut [u8; 32]| {
            let passphrase = passphrase.expose_secret().as_bytes();
            outcome = argon2.hash_password_into(passphrase, salt, key);
        });
        outcome.map_err(|error| KeychainError::Failed {
            source: error.to_string().into(),
        })?;
        Ok(Unlocked { header, key })
    }

    fn io(&self, source: io::Error) -> KeychainError {
        KeychainError::Io {
            file: self.file.clone(),
            source,
        }
    }

    fn damaged(&self, reason: &'static str) -> KeychainError {
        KeychainError::DamagedFile {
            file: self.file.clone(),
            reason,
        }
    }
}

impl Backend for FileKeychain {
    fn read(&mut self, item: &Item) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainError> {
        Ok(self.load()?.remove(&item.account()))
    }

    fn write(&mut self, item: &Item, secret: &[u8]) -> Result<(), KeychainError> {
        let secret = Zeroizing::new(secret.to_vec());
        self.change(|secrets| secrets.insert(item.account(), secret))
            .map(drop)
    }

    fn remove(&mut self, item: &Item) -> Result<bool, KeychainError> {
        self.change(|secrets| secrets.remove(&item.account()).is_some())
    }

    fn items(&mut self) -> Result<Vec<Item>, KeychainError> {
        let secrets = self.load()?;
        Ok(secrets
            .keys()
            .filter_map(|account| Item::from_account(account))
            .collect())
    }

    fn unlock(&mut self, passphrase: Option<&SecretString>) -> Result<(), KeychainError> {
        let file = self.file.clone();
        let Some(passphrase) = passphrase.filter(|text| !text.expose_secret().is_empty()) else {
            return Err(KeychainError::PassphraseNeeded { file });
        };
        let Some(bytes) = self.bytes()? else {
            let header = new_header(self.cost).map_err(|source| self.io(source))?;
            let unlocked = self.derive(passphrase, header)?;
            self.store(&unlocked, &Secrets::new())?;
            self.unlocked = Some(unlocked);
            return Ok(());
        };
        let header = bytes
            .first_chunk()
            .ok_or_else(|| self.damaged(UNREADABLE))?;
        let unlocked = self.derive(passphrase, *header)?;
        match seal::open(unlocked.key.expose_secret(), HEADER_BYTES, &bytes) {
            Some(_) => {
                self.unlocked = Some(unlocked);
                Ok(())
            }
            None => Err(KeychainError::WrongPassphrase { file }),
        }
    }

    fn lock(&mut self) {
        self.unlocked = None;
    }
}

const UNREADABLE: &str = "it does not begin like a key file of this version";

fn new_header(cost: PassphraseCost) -> io::Result<Header> {
    let mut salt = [0; SALT_BYTES];
    getrandom::fill(&mut salt).map_err(io::Error::other)?;
    let numbers = [cost.memory_kib, cost.passes, cost.lanes].map(u32::to_be_bytes);
    let parts = [MAGIC, &[VERSION][..], numbers.as_flattened(), &salt];
    let mut header = [0; HEADER_BYTES];
    header.copy_from_slice(&parts.concat());
    Ok(header)
}

fn read_header(header: &Header) -> Option<(PassphraseCost, &[u8])> {
    let numbers = header.strip_prefix(MAGIC)?.strip_prefix(&[VERSION])?;
    let (memory, numbers) = take_u32(numbers)?;
    let (passes, numbers) = take_u32(numbers)?;
    let (lanes, salt) = take_u32(numbers)?;
    let cost = PassphraseCost {
        memory_kib: memory,
        passes,
        lanes,
    };
    cost.is_bearable().then_some((cost, salt))
}

fn encode(secrets: &Secrets) -> Zeroizing<Vec<u8>> {
    let lengths = secrets
        .iter()
        .map(|(account, secret)| 8 + account.len() + secret.len());
    let mut bytes = Zeroizing::new(Vec::with_capacity(lengths.sum()));
    for (account, secret) in secrets {
        for part in [account.as_bytes(), secret] {
            let length = u32::try_from(part.len()).unwrap_or(u32::MAX);
            bytes.extend_from_slice(&length.to_be_bytes());
            bytes.extend_from_slice(part);
        }
    }
    bytes
}

fn decode(mut bytes: &[u8]) -> Option<Secrets> {
    let mut secrets = Secrets::new();
    while !bytes.is_empty() {
        let (account, rest) = take_part(bytes)?;
        let (secret, rest) = take_part(rest)?;
        let account = String::from_utf8(account.to_vec()).ok()?;
        secrets.insert(account, Zeroizing::new(secret.to_vec()));
        bytes = rest;
    }
    Some(secrets)
}

fn take_part(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = take_u32(bytes)?;
    rest.split_at_checked(usize::try_from(length).ok()?)
}

fn take_u32(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (number, rest) = bytes.split_first_chunk()?;
    Some((u32::from_be_bytes(*number), rest))
}
