//! Writing a file: all of it or nothing, with a backup, and never over somebody else's change.

mod private;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
use unix as platform;
#[cfg(windows)]
use windows as platform;

pub(crate) use private::{Replaced, remove_private, replace_private};

use crate::document::Document;
use crate::mask::masked_bytes;
use crate::read::read_exactly;
use jiff::Timestamp;
use std::fs::{self, Metadata};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};
use tempfile::NamedTempFile;
use zeroize::Zeroizing;

/// How long another Holdfast may hold the file.
const LOCK_DEADLINE: Duration = Duration::from_secs(2);
const LOCK_PAUSE: Duration = Duration::from_millis(10);

/// What is kept of the file as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backup {
    /// Every byte.
    Exact,
    /// Everything but secrets, which are masked: for edits whose purpose is to remove them.
    SecretsMasked,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The file, symlinks resolved.
    pub file: PathBuf,
    /// The backup beside it; nothing when there was no file before, or no edit.
    pub backup: Option<PathBuf>,
}

/// Why a file was not written. The file is then as it was, and nothing lies beside it.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Another program changed the file since it was read.
    #[error("{} was changed by another program meanwhile; nothing was written", file.display())]
    Changed {
        /// The file.
        file: PathBuf,
    },
    /// Another Holdfast is writing it.
    #[error("{} is being written by another program", file.display())]
    Locked {
        /// The file.
        file: PathBuf,
    },
    /// It is a device, a folder, a pipe or a socket.
    #[error("{} is not a regular file", file.display())]
    NotAFile {
        /// The file.
        file: PathBuf,
    },
    /// The system refuses.
    #[error("cannot write {}", file.display())]
    Io {
        /// The file.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl Document {
    /// Writes the edits to the file that was read: a symlink stays one, and the mode stays what it
    /// was. A new file is private to the user. Does nothing when there are no edits.
    ///
    /// # Errors
    /// When nothing was written.
    pub fn write(&mut self, backup: Backup, now: SystemTime) -> Result<Written, WriteError> {
        let file = self.file().to_owned();
        let failed = |source| WriteError::Io {
            file: file.clone(),
            source,
        };
        if self.edited().is_none() {
            return Ok(Written { file, backup: None });
        }
        let Some(original) = self.original() else {
            self.create(&file)?;
            self.mark_written();
            return Ok(Written { file, backup: None });
        };
        let target = fs::canonicalize(&file).map_err(|error| {
            if error.kind() == io::ErrorKind::NotFound {
                WriteError::Changed { file: file.clone() }
            } else {
                failed(error)
            }
        })?;
        let _lock = lock(&target)?;
        let metadata = fs::metadata(&target).map_err(failed)?;
        if !metadata.is_file() {
            return Err(WriteError::NotAFile { file });
        }
        let folder = target.parent().unwrap_or(Path::new("/"));
        let new = temporary(folder, self.bytes(), Some(&metadata)).map_err(failed)?;
        let old = match backup {
            Backup::Exact => temporary(folder, original, None),
            Backup::SecretsMasked => {
                let original = Document::parse(&target, self.kind(), original.to_vec());
                temporary(folder, &masked_bytes(&original), None)
            }
        }
        .map_err(failed)?;
        let present = Zeroizing::new(read_exactly(&target, metadata.len()).map_err(failed)?);
        if *present != original {
            return Err(WriteError::Changed { file });
        }
        let backup = keep_backup(old, &target, now).map_err(failed)?;
        if let Err(error) = fs::rename(new.path(), &target) {
            // A backup of a file that did not change is of no use.
            let _ = fs::remove_file(&backup);
            return Err(failed(error));
        }
        platform::sync_folder(folder);
        self.mark_written();
        Ok(Written {
            file: target,
            backup: Some(backup),
        })
    }

    /// Makes the file, and its folder where that is missing too.
    fn create(&self, file: &Path) -> Result<(), WriteError> {
        let failed = |source| WriteError::Io {
            file: file.to_owned(),
            source,
        };
        let folder = file
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        platform::create_private_folder(folder).map_err(failed)?;
        let new = temporary(folder, self.bytes(), None).map_err(failed)?;
        new.persist_noclobber(file).map_err(|error| {
            if error.error.kind() == io::ErrorKind::AlreadyExists {
                WriteError::Changed {
                    file: file.to_owned(),
                }
            } else {
                failed(error.error)
            }
        })?;
        platform::sync_folder(folder);
        Ok(())
    }
}

/// Keeps other Holdfast processes from writing the same file until it is dropped.
fn lock(target: &Path) -> Result<platform::Lock, WriteError> {
    let deadline = Instant::now() + LOCK_DEADLINE;
    loop {
        match platform::lock(target) {
            Ok(Some(lock)) => return Ok(lock),
            Ok(None) if Instant::now() < deadline => std::thread::sleep(LOCK_PAUSE),
            Ok(None) => {
                return Err(WriteError::Locked {
                    file: target.to_owned(),
                });
            }
            Err(source) => {
                return Err(WriteError::Io {
                    file: target.to_owned(),
                    source,
                });
            }
        }
    }
}

/// A file in the same folder with these bytes, on disk, private unless it is to be like another.
/// It removes itself.
fn temporary(folder: &Path, bytes: &[u8], like: Option<&Metadata>) -> io::Result<NamedTempFile> {
    let mut file = tempfile::Builder::new()
        .prefix(".holdfast-")
        .tempfile_in(folder)?;
    file.write_all(bytes)?;
    if let Some(metadata) = like {
        platform::make_like(file.as_file(), metadata)?;
    }
    file.as_file().sync_all()?;
    Ok(file)
}

/// Gives the backup its name beside the file; never that of another one.
fn keep_backup(mut backup: NamedTempFile, target: &Path, now: SystemTime) -> io::Result<PathBuf> {
    let stamp = Timestamp::try_from(now)
        .map_err(io::Error::other)?
        .strftime("%Y%m%dT%H%M%SZ");
    let mut name = target.as_os_str().to_owned();
    name.push(format!(".holdfast-backup-{stamp}"));
    let mut number = 1_u32;
    loop {
        let mut path = name.clone();
        if number > 1 {
            path.push(format!("-{number}"));
        }
        match backup.persist_noclobber(&path) {
            Ok(_) => return Ok(path.into()),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
                backup = error.file;
                number += 1;
            }
            Err(error) => return Err(error.error),
        }
    }
}
