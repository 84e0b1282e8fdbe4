//! Which git-remote-codecommit git runs for `codecommit://` URLs, and whether submodules may have such URLs.

use crate::git::binary::Sourced;
use std::env;
use std::path::{Path, PathBuf};

/// File name of the remote helper.
const PROGRAM: &str = if cfg!(windows) {
    "git-remote-codecommit.exe"
} else {
    "git-remote-codecommit"
};

/// The configuration without which git fetches no submodule over `codecommit://`.
pub const ALLOW_SUBMODULES: &str = "git config --global protocol.codecommit.allow always";

/// A program that serves `codecommit://` URLs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteHelper {
    /// Where it is.
    pub path: PathBuf,
    /// It is the one that was installed with this program, or by it.
    pub is_ours: bool,
}

/// Every remote helper in the order in which git looks for one: in its own folder of programs, then on the PATH.
/// git runs the first. `installed` are programs of Holdfast's besides those in the folder of this one.
pub(crate) fn find(exec_path: &Path, installed: &[PathBuf]) -> Vec<RemoteHelper> {
    let ours = env::current_exe()
        .and_then(|exe| exe.canonicalize())
        .and_then(|exe| exe.with_file_name(PROGRAM).canonicalize())
        .ok();
    let path = env::var_os("PATH").unwrap_or_default();
    let mut found: Vec<(PathBuf, RemoteHelper)> = Vec::new();
    for folder in std::iter::once(exec_path.to_owned()).chain(env::split_paths(&path)) {
        let path = folder.join(PROGRAM);
        let Ok(file) = path.canonicalize() else {
            continue;
        };
        // The same program by another name is no other program.
        if file.is_file() && found.iter().all(|(known, _)| *known != file) {
            let is_ours = ours.as_ref() == Some(&file) || installed.contains(&path);
            found.push((file, RemoteHelper { path, is_ours }));
        }
    }
    found.into_iter().map(|(_, helper)| helper).collect()
}

/// Whether git fetches submodules with `codecommit://` URLs
/// (<https://git-scm.com/docs/git-config#Documentation/git-config.txt-protocolallow>).
pub(crate) fn serves_submodules(entries: &[Sourced]) -> bool {
    let last = |key: &str| {
        let mut set = entries.iter().rev().map(|sourced| &sourced.entry);
        set.find(|entry| entry.key == key)
            .map(|entry| entry.value.as_str())
    };
    last("protocol.codecommit.allow").or_else(|| last("protocol.allow")) == Some("always")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::git::binary::Entry;

    #[test]
    fn the_protocol_s_own_setting_counts_before_the_general_one() {
        for (set, expect) in [
            (&[][..], false),
            (&[("protocol.codecommit.allow", "always")][..], true),
            (&[("protocol.codecommit.allow", "user")][..], false),
            (&[("protocol.allow", "always")][..], true),
            (
                &[
                    ("protocol.codecommit.allow", "never"),
                    ("protocol.allow", "always"),
                ][..],
                false,
            ),
            (
                &[
                    ("protocol.codecommit.allow", "never"),
                    ("protocol.codecommit.allow", "always"),
                ][..],
                true,
            ),
        ] {
            let entries: Vec<Sourced> = set
                .iter()
                .map(|(key, value)| Sourced {
                    entry: Entry {
                        key: (*key).to_owned(),
                        value: (*value).to_owned(),
                    },
                    origin: "file:x".to_owned(),
                })
                .collect();
            assert_eq!(serves_submodules(&entries), expect, "{set:?}");
        }
    }
}
