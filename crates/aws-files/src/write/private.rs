//! A file of the user's alone, replaced or removed in one step while it is the one that was judged.

use super::{WriteError, lock, platform, temporary};
use crate::read::read_if_there;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Replaced {
    /// It has the new content.
    Done,
    /// It was replaced, and another program has written over it since.
    Overwritten,
    /// It was left as it is.
    Refused,
}

/// Replaces a file when `may` agrees to what stands in it at that moment (nothing when there is none). The new
/// one, and its folder where that is missing, are private to the user; a symlink stays one.
///
/// The programs that share these files take no lock, so it is looked once more behind the replacing.
pub(crate) fn replace_private(
    file: &Path,
    bytes: &[u8],
    may: impl FnOnce(Option<&[u8]>) -> bool,
) -> Result<Replaced, WriteError> {
    let failed = |source| failure(file, source);
    let target = resolved(file)?;
    let folder = folder_of(target.as_deref().unwrap_or(file));
    platform::create_private_folder(folder).map_err(failed)?;
    let _lock = target.as_deref().map(lock).transpose()?;
    let new = temporary(folder, bytes, None).map_err(failed)?;
    if !may(present(file)?.as_deref().map(Vec::as_slice)) {
        return Ok(Replaced::Refused);
    }
    match &target {
        Some(target) => fs::rename(new.path(), target).map_err(failed)?,
        None => match new.persist_noclobber(file) {
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
                return Ok(Replaced::Refused);
            }
            Err(error) => return Err(failed(error.error)),
            Ok(_) => {}
        },
    }
    platform::sync_folder(folder);
    let is_kept = present(file)?.is_some_and(|present| *present == bytes);
    Ok(if is_kept {
        Replaced::Done
    } else {
        Replaced::Overwritten
    })
}

/// Removes a file when `may` agrees to what stands in it at that moment. Says whether there is none now.
pub(crate) fn remove_private(
    file: &Path,
    may: impl FnOnce(&[u8]) -> bool,
) -> Result<bool, WriteError> {
    let Some(target) = resolved(file)? else {
        return Ok(true);
    };
    let _lock = lock(&target)?;
    match present(file)? {
        Some(present) if !may(&present) => Ok(false),
        Some(_) => match fs::remove_file(&target) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failure(file, error)),
            Ok(()) | Err(_) => Ok(true),
        },
        None => Ok(true),
    }
}

/// The file behind symlinks; nothing when there is none.
fn resolved(file: &Path) -> Result<Option<PathBuf>, WriteError> {
    match fs::canonicalize(file) {
        Ok(target) => Ok(Some(target)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failure(file, error)),
    }
}

/// What stands in the file.
fn present(file: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, WriteError> {
    let bytes = read_if_there(file).map_err(|error| match error {
        crate::ReadError::Io { source, .. } => failure(file, source),
        crate::ReadError::NotAFile { file } | crate::ReadError::TooLarge { file } => {
            WriteError::NotAFile { file }
        }
    })?;
    Ok(bytes.map(Zeroizing::new))
}

fn folder_of(file: &Path) -> &Path {
    file.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

fn failure(file: &Path, source: io::Error) -> WriteError {
    WriteError::Io {
        file: file.to_owned(),
        source,
    }
}
