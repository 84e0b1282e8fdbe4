//! The list of programs that Holdfast installed, with the digests by which it knows them again.

use crate::error::{Result, SetupError};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// What was installed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    /// Version of Holdfast that installed last.
    pub(crate) version: String,
    /// Folders that were made for the programs, the outermost first.
    pub(crate) folders: Vec<PathBuf>,
    /// SHA-256 of the programs by path: of the one that is there and, while it is being replaced, of the next.
    pub(crate) programs: BTreeMap<PathBuf, Vec<String>>,
}

impl Manifest {
    /// Reads the list; an empty one when there is none.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(SetupError::file("read", path)(error)),
        };
        serde_json::from_str(&text).map_err(|_| SetupError::Manifest {
            path: path.to_owned(),
        })
    }

    /// Writes the list, or removes it when nothing is installed any more.
    pub(crate) fn write(&self, path: &Path) -> Result {
        if self.programs.is_empty() {
            return match fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    Err(SetupError::file("remove", path)(error))
                }
                Ok(()) | Err(_) => Ok(()),
            };
        }
        self.replace(path).map_err(SetupError::file("write", path))
    }

    /// Whether a file is one that was installed and has not been changed since.
    pub(crate) fn knows(&self, path: &Path, digest: &str) -> bool {
        let digests = self.programs.get(path);
        digests.is_some_and(|digests| digests.iter().any(|known| known == digest))
    }

    fn replace(&self, path: &Path) -> io::Result<()> {
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let mut file = NamedTempFile::new_in(folder)?;
        serde_json::to_writer_pretty(&mut file, self)?;
        file.write_all(b"\n")?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    }
}

/// SHA-256 of a file; nothing when there is no file.
pub(crate) fn digest(path: &Path) -> Result<Option<String>> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(SetupError::file("read", path)(error)),
    };
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = file
            .read(&mut buffer)
            .map_err(SetupError::file("read", path))?;
        if read == 0 {
            return Ok(Some(HEXLOWER.encode(&digest.finalize())));
        }
        digest.update(&buffer[..read]);
    }
}
