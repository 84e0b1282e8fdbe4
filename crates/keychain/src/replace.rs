//! Files of our own: read with a limit, replaced as a whole, moved aside and never deleted.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Age at which a temporary file is one that a killed process left behind.
const STALE: Duration = Duration::from_secs(10 * 60);

/// What is at a path.
pub(crate) enum Found {
    Nothing,
    Bytes(Vec<u8>),
    TooLarge,
}

/// Reads a whole file of at most `limit` bytes.
pub(crate) fn read(path: &Path, limit: u64) -> io::Result<Found> {
    // A pipe would block on opening, so it is looked at first.
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => {}
        Ok(_) => return Err(io::Error::other("not a regular file")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Nothing),
        Err(error) => return Err(error),
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(limit + 1).read_to_end(&mut bytes)?;
    match u64::try_from(bytes.len()) {
        Ok(length) if length <= limit => Ok(Found::Bytes(bytes)),
        Ok(_) | Err(_) => Ok(Found::TooLarge),
    }
}

/// Replaces a file: a crash, a full disk or a lost power supply leaves either the old content or
/// the new. The folder is made, and open to its owner only, and so is the file.
pub(crate) fn replace(path: &Path, content: &[u8], now: SystemTime) -> io::Result<()> {
    let (folder, prefix) = parts(path)?;
    make_private(folder)?;
    remove_stale(folder, &prefix, now);
    let mut temporary = tempfile::Builder::new()
        .prefix(&prefix)
        .tempfile_in(folder)?;
    temporary.write_all(content)?;
    temporary.as_file().sync_all()?;
    temporary.persist(path).map_err(|error| error.error)?;
    sync_folder(folder)
}

/// Gives a file that cannot be used another name in the same folder and tells which.
pub(crate) fn move_aside(path: &Path, now: SystemTime) -> io::Result<PathBuf> {
    let seconds = now
        .duration_since(UNIX_EPOCH)
        .map_or(0, |age| age.as_secs());
    let mut suffix = format!(".damaged-{seconds}");
    let mut number = 1;
    loop {
        let mut name = path.as_os_str().to_owned();
        name.push(&suffix);
        let aside = PathBuf::from(name);
        if aside.symlink_metadata().is_err() {
            fs::rename(path, &aside)?;
            return Ok(aside);
        }
        number += 1;
        suffix = format!(".damaged-{seconds}-{number}");
    }
}

/// Removes the temporary files that killed processes left beside `path`.
pub(crate) fn sweep(path: &Path, now: SystemTime) {
    if let Ok((folder, prefix)) = parts(path) {
        remove_stale(folder, &prefix, now);
    }
}

fn parts(path: &Path) -> io::Result<(&Path, OsString)> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(io::Error::from(io::ErrorKind::InvalidFilename));
    };
    let mut prefix = OsString::from(".");
    prefix.push(name);
    prefix.push(".new-");
    Ok((folder, prefix))
}

/// Litter is not worth failing for: what cannot be removed now is tried again at the next write.
fn remove_stale(folder: &Path, prefix: &OsStr, now: SystemTime) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries {
        let name = entry.file_name();
        let ours = name
            .as_encoded_bytes()
            .starts_with(prefix.as_encoded_bytes());
        let modified = entry.metadata().and_then(|metadata| metadata.modified());
        let age = modified.map(|modified| now.duration_since(modified).unwrap_or_default());
        if ours && age.is_ok_and(|age| age > STALE) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(unix)]
fn make_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    if fs::metadata(folder)?.permissions().mode() & 0o077 != 0 {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// Below the user's profile folder, where only the user and the system may look.
#[cfg(not(unix))]
fn make_private(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// A folder cannot be opened for syncing; the file system journals the change of name.
#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}
