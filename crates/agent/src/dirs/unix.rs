//! Private folders on Unix, judged by an open descriptor so that nobody can swap them meanwhile.

use super::DirError;
use rustix::fs::{CWD, FileType, Mode, OFlags, fstat, openat};
use rustix::io::Errno;
use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

pub(super) fn private(path: &Path) -> Result<(), DirError> {
    let failed = |source: io::Error| DirError::Io {
        path: path.to_owned(),
        source,
    };
    let mut builder = DirBuilder::new();
    builder.recursive(true).mode(0o700);
    builder.create(path).map_err(failed)?;
    let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::RDONLY;
    let opened = match openat(CWD, path, flags, Mode::empty()) {
        Ok(opened) => opened,
        Err(Errno::NOTDIR | Errno::LOOP) => {
            return Err(not_private(path, "it is not a folder, or a link to one"));
        }
        Err(error) => return Err(failed(error.into())),
    };
    let found = fstat(&opened).map_err(|error| failed(error.into()))?;
    if FileType::from_raw_mode(found.st_mode) != FileType::Directory {
        Err(not_private(path, "it is not a folder"))
    } else if found.st_uid != rustix::process::geteuid().as_raw() {
        Err(not_private(path, "it belongs to another user"))
    } else if Mode::from_raw_mode(found.st_mode).intersects(Mode::RWXG | Mode::RWXO) {
        Err(not_private(
            path,
            "others may enter it; run chmod 700 on it",
        ))
    } else {
        Ok(())
    }
}

fn not_private(path: &Path, reason: &'static str) -> DirError {
    DirError::NotPrivate {
        path: path.to_owned(),
        reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn new_folders_are_private_with_all_their_parents() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("a/b/c");
        private(&folder).unwrap();
        private(&folder).unwrap();
        for made in ["a", "a/b", "a/b/c"] {
            let mode = std::fs::metadata(place.path().join(made))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o700, "{made}");
        }
    }

    #[test]
    fn folders_that_others_enter_or_made_are_refused() {
        let place = tempfile::tempdir().unwrap();
        let at = |name: &str| place.path().join(name);
        for (name, mode) in [("group", 0o770), ("world", 0o701)] {
            std::fs::create_dir(at(name)).unwrap();
            std::fs::set_permissions(at(name), PermissionsExt::from_mode(mode)).unwrap();
        }
        private(&at("good")).unwrap();
        symlink(at("good"), at("link")).unwrap();
        std::fs::write(at("file"), "").unwrap();
        for bad in ["group", "world", "link"] {
            assert!(
                matches!(private(&at(bad)), Err(DirError::NotPrivate { .. })),
                "{bad}"
            );
        }
        assert!(matches!(private(&at("file")), Err(DirError::Io { .. })));
    }
}
