//! The sealed store: sessions and tokens in one encrypted file, replaced as a whole.
//!
//! Form of the file: the 16 bytes `HOLDFAST-SEALED` and version, a nonce of 24 bytes, then the
//! contents under XChaCha20-Poly1305 with the [`MasterKey`] and the first 16 bytes as associated data.

use crate::item::MasterKey;
use crate::replace::{self, Found};
use crate::seal;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use zeroize::Zeroizing;

const MAGIC: &[u8; 15] = b"HOLDFAST-SEALED";
const VERSION: u8 = 1;
const HEADER_BYTES: usize = MAGIC.len() + 1;

/// Far above what thousands of sessions need; a larger file is not one of ours.
const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;

/// Why the sealed store could not be read or written. The contents in memory stay good.
#[derive(Debug, thiserror::Error)]
pub enum SealedError {
    /// A newer Holdfast wrote the file. It is left as it is.
    #[error("{} was written by a newer version of Holdfast", file.display())]
    Newer {
        /// The file.
        file: PathBuf,
    },
    /// The system failed: disk full, file system read-only, access denied. An earlier file is intact.
    #[error("{} cannot be {doing}", file.display())]
    Io {
        /// The file.
        file: PathBuf,
        /// `read`, `written` or `moved aside`.
        doing: &'static str,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

/// What was in the file.
pub enum Loaded {
    /// There was no file.
    Nothing,
    /// The contents as they were saved last.
    Contents(Zeroizing<Vec<u8>>),
    /// The file was cut off, changed, or sealed with another key. It was given another name, and
    /// the next save starts a new one.
    Damaged {
        /// Where the damaged file is now.
        moved_to: PathBuf,
    },
}

/// One encrypted file. Only one process may use it at a time, which the agent's lock ensures.
#[derive(Clone, Debug)]
pub struct SealedStore {
    path: PathBuf,
}

impl SealedStore {
    /// The store in the file `path`, in a folder of Holdfast's own. Touches nothing yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the contents, and removes what a killed process left behind.
    ///
    /// # Errors
    /// [`SealedError`] when the file may be good but cannot be read now; it is left as it is.
    pub fn load(&self, key: &MasterKey, now: SystemTime) -> Result<Loaded, SealedError> {
        replace::sweep(&self.path, now);
        let found = replace::read(&self.path, MAX_FILE_BYTES);
        let bytes = match found.map_err(|source| self.io("read", source))? {
            Found::Nothing => return Ok(Loaded::Nothing),
            Found::TooLarge => return self.damaged(now),
            Found::Bytes(bytes) => bytes,
        };
        match bytes.strip_prefix(MAGIC).and_then(<[u8]>::first) {
            Some(version) if *version > VERSION => {
                let file = self.path.clone();
                Err(SealedError::Newer { file })
            }
            Some(&VERSION) => match seal::open(key.expose(), HEADER_BYTES, &bytes) {
                Some(contents) => Ok(Loaded::Contents(contents)),
                None => self.damaged(now),
            },
            Some(_) | None => self.damaged(now),
        }
    }

    /// Replaces the contents.
    ///
    /// # Errors
    /// [`SealedError`] when the disk is full, read-only or refuses; the earlier file is intact.
    pub fn save(
        &self,
        key: &MasterKey,
        contents: &[u8],
        now: SystemTime,
    ) -> Result<(), SealedError> {
        let mut header = [VERSION; HEADER_BYTES];
        header[..MAGIC.len()].copy_from_slice(MAGIC);
        seal::seal(key.expose(), &header, contents)
            .and_then(|bytes| replace::replace(&self.path, &bytes, now))
            .map_err(|source| self.io("written", source))
    }

    fn damaged(&self, now: SystemTime) -> Result<Loaded, SealedError> {
        match replace::move_aside(&self.path, now) {
            Ok(moved_to) => Ok(Loaded::Damaged { moved_to }),
            Err(source) => Err(self.io("moved aside", source)),
        }
    }

    fn io(&self, doing: &'static str, source: io::Error) -> SealedError {
        SealedError::Io {
            file: self.path.clone(),
            doing,
            source,
        }
    }
}
