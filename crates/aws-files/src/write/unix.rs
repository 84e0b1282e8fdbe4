//! Locks, modes and folders on Unix.

use std::fs::{self, DirBuilder, File, Metadata, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _, fchown};
use std::path::Path;

/// An advisory lock on the file itself. A writer that waited finds another file behind the path
/// and sees that the bytes are not those it read.
pub(super) struct Lock(#[expect(dead_code, reason = "held for its drop")] File);

/// Takes the lock; nothing when another process has it.
pub(super) fn lock(target: &Path) -> io::Result<Option<Lock>> {
    let file = File::open(target)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Lock(file))),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Gives a file the owner and mode of another.
pub(super) fn make_like(file: &File, metadata: &Metadata) -> io::Result<()> {
    let own = file.metadata()?;
    if (own.uid(), own.gid()) != (metadata.uid(), metadata.gid()) {
        fchown(file, Some(metadata.uid()), Some(metadata.gid()))?;
    }
    file.set_permissions(fs::Permissions::from_mode(metadata.mode() & 0o7777))
}

/// Makes a folder that only the user may enter, unless it is there.
pub(super) fn create_private_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Brings renames in a folder to disk. The rename has happened whether or not that succeeds, and
/// some file systems cannot.
pub(super) fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}
