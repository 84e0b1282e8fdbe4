//! Whether the user's AWS files, or the keys in the keychain, are others than clients were told of.

use super::{Stamp, stamp};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The config and the credentials file of a caller.
pub(super) type Paths = (PathBuf, PathBuf);

/// Sets of files that are watched; callers with other files push the first out.
const MAX_SETS: usize = 8;

/// The files that callers have named, as they were last.
#[derive(Default)]
pub(super) struct Watch {
    seen: BTreeMap<Paths, [Stamp; 2]>,
    changed: bool,
}

impl Watch {
    /// A caller's files were looked at.
    pub(super) fn saw(&mut self, paths: &Paths, stamps: [Stamp; 2]) {
        match self.seen.get_mut(paths) {
            Some(seen) => {
                self.changed |= *seen != stamps;
                *seen = stamps;
            }
            None => {
                if self.seen.len() == MAX_SETS {
                    self.seen.pop_first();
                }
                self.seen.insert(paths.clone(), stamps);
            }
        }
    }

    /// Time has passed: looks at the files, whether or not anybody asks for them.
    pub(super) fn look(&mut self) {
        for (paths, seen) in &mut self.seen {
            // A file that cannot be looked at is told of to whoever asks for its profiles.
            let of = |path| stamp(path).unwrap_or_default();
            let stamps = [of(&paths.0), of(&paths.1)];
            self.changed |= *seen != stamps;
            *seen = stamps;
        }
    }

    /// The keychain has other keys.
    pub(super) fn keys_changed(&mut self) {
        self.changed = true;
    }

    /// Whether anything changed since this was last asked.
    pub(super) fn take(&mut self) -> bool {
        std::mem::take(&mut self.changed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_change_is_told_once() {
        let folder = tempfile::tempdir().unwrap();
        let paths = (
            folder.path().join("config"),
            folder.path().join("credentials"),
        );
        let mut watch = Watch::default();
        watch.saw(&paths, [None, None]);
        watch.look();
        assert!(!watch.take(), "nothing is there, as before");

        std::fs::write(&paths.0, "[default]\n").unwrap();
        watch.look();
        assert!(watch.take());
        watch.look();
        assert!(!watch.take());

        std::fs::remove_file(&paths.0).unwrap();
        watch.saw(&paths, [None, None]);
        assert!(watch.take(), "a request notices it too");
        watch.keys_changed();
        assert!(watch.take());
    }
}
