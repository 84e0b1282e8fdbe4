//! Reading a file from disk.

use crate::document::{Document, FileKind};
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// A larger file is none of AWS's.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The system refuses.
    #[error("cannot read {}", file.display())]
    Io {
        /// The file.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is a folder, a pipe or a socket.
    #[error("{} is not a regular file", file.display())]
    NotAFile {
        /// The file.
        file: PathBuf,
    },
    /// It is larger than 64 MiB.
    #[error("{} is larger than 64 MiB", file.display())]
    TooLarge {
        /// The file.
        file: PathBuf,
    },
}

impl Document {
    /// Reads a file. One that is not there is an empty document; so is the null device, by which
    /// people say that there is no file.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn read(file: impl AsRef<Path>, kind: FileKind) -> Result<Self, ReadError> {
        let file = file.as_ref();
        Ok(match read_if_there(file)? {
            Some(bytes) => Self::parse(file, kind, bytes),
            None => Self::missing(file, kind),
        })
    }
}

/// The bytes of a file; nothing when there is none, or when it is the null device.
pub(crate) fn read_if_there(file: &Path) -> Result<Option<Vec<u8>>, ReadError> {
    let failed = |source| ReadError::Io {
        file: file.to_owned(),
        source,
    };
    let metadata = match fs::metadata(file) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    if is_null_device(file) {
        return Ok(None);
    }
    // Opening a pipe would wait for its other end.
    if !metadata.is_file() {
        return Err(ReadError::NotAFile {
            file: file.to_owned(),
        });
    }
    if metadata.len() > MOST_BYTES {
        return Err(ReadError::TooLarge {
            file: file.to_owned(),
        });
    }
    read_exactly(file, metadata.len()).map(Some).map_err(failed)
}

fn is_null_device(file: &Path) -> bool {
    file == Path::new("/dev/null") || file.as_os_str().eq_ignore_ascii_case("NUL")
}

/// Reads a file into a buffer that need not grow, because growing leaves secrets behind.
pub(crate) fn read_exactly(file: &Path, length: u64) -> io::Result<Vec<u8>> {
    let room = usize::try_from(length).map_err(io::Error::other)?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(room + 1));
    File::open(file)?.take(MOST_BYTES).read_to_end(&mut bytes)?;
    Ok(std::mem::take(&mut *bytes))
}
