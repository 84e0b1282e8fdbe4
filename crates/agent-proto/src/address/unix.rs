//! Addresses on Unix: sockets in folders that only the user can enter.

use super::{AddressError, VARIABLE};
use crate::folders::{Folders, absolute};
use std::ffi::OsString;
use std::fs::Metadata;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Longest path of a socket in bytes: the size of `sun_path` less the closing NUL.
const LONGEST: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

pub(super) fn default_path(
    var: &dyn Fn(&str) -> Option<OsString>,
    home: Option<PathBuf>,
) -> Result<PathBuf, AddressError> {
    if cfg!(target_os = "macos") {
        return Ok(Folders::resolve(var, home)?.state.join("agent.sock"));
    }
    // After `su` or `sudo -E` the variable may name the folder of another user.
    let runtime = absolute(var("XDG_RUNTIME_DIR")).filter(|folder| {
        std::fs::metadata(folder).is_ok_and(|found| found.is_dir() && found.uid() == own_uid())
    });
    Ok(match runtime {
        Some(runtime) => runtime.join("holdfast").join("agent.sock"),
        None => Folders::resolve(var, home)?.state.join("run/agent.sock"),
    })
}

pub(super) fn check(path: &Path) -> Result<(), AddressError> {
    if !path.is_absolute() || path.file_name().is_none() {
        return Err(AddressError::NotAnAddress {
            path: path.to_owned(),
        });
    }
    let length = path.as_os_str().as_bytes().len();
    if length > LONGEST {
        return Err(AddressError::TooLong {
            path: path.to_owned(),
            length,
            limit: LONGEST,
        });
    }
    Ok(())
}

pub(super) fn folder(path: &Path) -> Result<PathBuf, AddressError> {
    let folder = path.parent().ok_or_else(|| AddressError::NotAnAddress {
        path: PathBuf::from(VARIABLE),
    })?;
    Ok(folder.to_owned())
}

pub(super) fn verify(path: &Path) -> Result<(), AddressError> {
    let folder = folder(path)?;
    let Ok(found) = std::fs::symlink_metadata(&folder) else {
        return Ok(());
    };
    match fault(&found, own_uid()) {
        Some(reason) => Err(AddressError::NotPrivate {
            path: folder,
            reason,
        }),
        None => Ok(()),
    }
}

/// What keeps a folder from being private to `uid`.
fn fault(folder: &Metadata, uid: u32) -> Option<&'static str> {
    if !folder.is_dir() {
        Some("it is not a folder")
    } else if folder.uid() != uid {
        Some("it belongs to another user")
    } else if folder.mode() & 0o077 != 0 {
        Some("others may enter it; run chmod 700 on it")
    } else {
        None
    }
}

fn own_uid() -> u32 {
    rustix::process::geteuid().as_raw()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt, symlink};

    #[test]
    fn only_a_private_folder_of_the_user_passes() {
        let place = tempfile::tempdir().unwrap();
        let at = |name: &str| place.path().join(name).join("agent.sock");
        let made = |name: &str, mode: u32| {
            let folder = place.path().join(name);
            std::fs::DirBuilder::new()
                .mode(0o700)
                .create(&folder)
                .unwrap();
            std::fs::set_permissions(&folder, PermissionsExt::from_mode(mode)).unwrap();
        };
        made("private", 0o700);
        made("group", 0o750);
        made("world", 0o701);
        symlink(place.path().join("private"), place.path().join("link")).unwrap();
        std::fs::write(place.path().join("file"), "").unwrap();

        assert!(verify(&at("private")).is_ok());
        assert!(verify(&at("absent")).is_ok());
        for bad in ["group", "world", "link", "file"] {
            assert!(verify(&at(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_folder_of_another_user_is_refused() {
        let place = tempfile::tempdir().unwrap();
        std::fs::set_permissions(place.path(), PermissionsExt::from_mode(0o700)).unwrap();
        let found = std::fs::symlink_metadata(place.path()).unwrap();
        assert_eq!(fault(&found, own_uid()), None);
        assert!(fault(&found, own_uid() + 1).is_some());
    }
}
