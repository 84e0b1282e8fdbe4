//! Locks and folders on Windows.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::os::windows::fs::OpenOptionsExt as _;
use std::path::Path;

const FILE_SHARE_READ: u32 = 1;
const FILE_SHARE_DELETE: u32 = 4;
const ERROR_SHARING_VIOLATION: i32 = 32;

/// The file, open so that nobody else can open it for writing, but can read and replace it.
pub(super) struct Lock(#[expect(dead_code, reason = "held for its drop")] File);

/// Takes the lock; nothing when another process has the file open for writing.
pub(super) fn lock(target: &Path) -> io::Result<Option<Lock>> {
    let opened = OpenOptions::new()
        .read(true)
        .write(true)
        .share_mode(FILE_SHARE_READ | FILE_SHARE_DELETE)
        .open(target);
    match opened {
        Ok(file) => Ok(Some(Lock(file))),
        Err(error) if error.raw_os_error() == Some(ERROR_SHARING_VIOLATION) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A new file inherits its access rights from the folder, like the one it replaces.
pub(super) fn make_like(_file: &File, _metadata: &Metadata) -> io::Result<()> {
    Ok(())
}

/// Makes a folder, unless it is there; in a profile's folder it is private by inheritance.
pub(super) fn create_private_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

/// Windows journals renames by itself.
pub(super) fn sync_folder(_folder: &Path) {}
