//! The folder that a clone goes to: free before, and free again when it failed.

use crate::failure::CloneError;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

/// Written to see whether there is room on a disk: more than what is left where git found too little.
const PROBE: usize = 1024 * 1024;

/// Makes sure that nothing is at a place, or an empty folder.
///
/// # Errors
/// [`CloneError::FolderTaken`] when there is something, [`CloneError::Folder`] when that cannot be told.
pub fn check_folder(folder: &Path) -> Result<(), CloneError> {
    look(folder).map(|_| ())
}

/// Whether there is an empty folder at a place; it must be that or nothing.
pub(crate) fn look(folder: &Path) -> Result<bool, CloneError> {
    match fs::read_dir(folder) {
        Ok(mut entries) => match entries.next() {
            None => Ok(true),
            Some(_) => Err(CloneError::FolderTaken(folder.to_owned())),
        },
        // A link that leads nowhere is there as well.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            match folder.symlink_metadata().is_ok() {
                true => Err(CloneError::FolderTaken(folder.to_owned())),
                false => Ok(false),
            }
        }
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            Err(CloneError::FolderTaken(folder.to_owned()))
        }
        Err(source) => Err(CloneError::Folder {
            folder: folder.to_owned(),
            source,
        }),
    }
}

/// Removes what git left of its own; git does so itself unless it was killed, or failed only at the files.
pub(crate) fn clear(folder: &Path, was_there: bool) {
    // Only what looks like the beginning of this clone: before it there was nothing.
    if !folder.join(".git").is_dir() {
        return;
    }
    if !was_there {
        let _ = fs::remove_dir_all(folder);
        return;
    }
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let _ = match entry.file_type().is_ok_and(|it| it.is_dir()) {
            true => fs::remove_dir_all(entry.path()),
            false => fs::remove_file(entry.path()),
        };
    }
}

/// The disk of a folder has no room left. Git does not say so of a file that it could not write.
pub(crate) fn is_full(folder: &Path) -> bool {
    let probe = folder.join(".holdfast-room");
    let written = File::create_new(&probe).and_then(|mut file| {
        file.write_all(&vec![0; PROBE])?;
        file.sync_all()
    });
    let _ = fs::remove_file(&probe);
    written.is_err_and(|error| {
        matches!(
            error.kind(),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
        )
    })
}
