//! Where git-credential-holdfast is, and the helper string that makes git run it.

use crate::error::{Result, SetupError};
use holdfast_codecommit::git_config::helper_command;
use std::env;
use std::path::{Path, PathBuf};

/// File name of the credential helper.
pub(crate) const PROGRAM: &str = if cfg!(windows) {
    "git-credential-holdfast.exe"
} else {
    "git-credential-holdfast"
};

/// Finds the helper beside this program, else on the PATH.
///
/// A helper on the PATH that is the same file wins, because its path, often a link, survives an upgrade
/// of a package manager that installs every version in a folder of its own.
///
/// # Errors
/// [`SetupError::HelperMissing`].
pub fn find_credential_helper() -> Result<PathBuf> {
    let beside = env::current_exe()
        .ok()
        .and_then(|exe| exe.parent().map(|folder| folder.join(PROGRAM)))
        .filter(|path| path.is_file());
    let on_path = env::var_os("PATH").and_then(|path| {
        env::split_paths(&path)
            .filter(|folder| folder.is_absolute())
            .map(|folder| folder.join(PROGRAM))
            .find(|path| path.is_file())
    });
    match (beside, on_path) {
        (Some(beside), Some(on_path)) if is_same_file(&beside, &on_path) => Ok(on_path),
        (Some(path), _) | (None, Some(path)) => Ok(path),
        (None, None) => Err(SetupError::HelperMissing { program: PROGRAM }),
    }
}

/// The value of `credential.helper` for a helper and, where one is given, a profile.
pub(crate) fn command(program: &Path, profile: Option<&str>) -> Result<String> {
    let text = as_git_writes(program).ok_or(SetupError::HelperNotUnicode { program: PROGRAM })?;
    helper_command(&text, profile).map_err(|source| SetupError::Unquotable {
        what: "the path of the helper, or the profile's name,",
        into: "git's configuration",
        source,
    })
}

/// A path with forward slashes, as git's configuration has it; `None` when it is not Unicode.
pub fn as_git_writes(path: &Path) -> Option<String> {
    let text = path.to_str()?;
    Some(if cfg!(windows) {
        text.trim_start_matches(r"\\?\").replace('\\', "/")
    } else {
        text.to_owned()
    })
}

/// Whether a helper string runs our helper by absolute path, as `git setup` writes it.
pub(crate) fn is_ours(value: &str) -> bool {
    program_of(value).is_some_and(|program| {
        let name = program.rsplit(['/', '\\']).next().unwrap_or_default();
        name == "git-credential-holdfast"
            || name.eq_ignore_ascii_case("git-credential-holdfast.exe")
    })
}

/// Whether a helper string, whoever wrote it, makes git ask Holdfast.
pub(crate) fn asks_holdfast(value: &str) -> bool {
    is_ours(value) || value.split_whitespace().next() == Some("holdfast")
}

/// The program of a helper string that starts with an absolute path, unescaped; `None` for other forms.
pub(crate) fn program_of(value: &str) -> Option<String> {
    let bytes = value.as_bytes();
    let drive = bytes.len() > 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':';
    if !value.starts_with('/') && !drive {
        return None;
    }
    let mut program = String::new();
    let mut characters = value.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => program.extend(characters.next()),
            ' ' | '\t' => break,
            c => program.push(c),
        }
    }
    Some(program)
}

fn is_same_file(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        (Ok(_) | Err(_), _) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_helper_is_known_by_its_program() {
        for (value, ours, asks) in [
            ("/opt/holdfast/git-credential-holdfast", true, true),
            (
                r"/opt/hold\ fast/git-credential-holdfast --profile a",
                true,
                true,
            ),
            (
                "C:/Program\\ Files/Holdfast/git-credential-holdfast.exe",
                true,
                true,
            ),
            ("holdfast", false, true),
            ("!git-credential-holdfast", false, false),
            ("/opt/git-credential-holdfast-old", false, false),
            ("/opt/x y/git-credential-holdfast", false, false),
            ("!aws codecommit credential-helper $@", false, false),
            ("store", false, false),
            ("", false, false),
        ] {
            assert_eq!(is_ours(value), ours, "{value}");
            assert_eq!(asks_holdfast(value), asks, "{value}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_path_starts_the_value_so_that_git_takes_it_for_one() {
        for (path, profile, expect) in [
            (
                "/usr/bin/git-credential-holdfast",
                None,
                "/usr/bin/git-credential-holdfast",
            ),
            (
                "/my apps/git-credential-holdfast",
                None,
                r"/my\ apps/git-credential-holdfast",
            ),
            (
                "/b/git-credential-holdfast",
                Some("a; rm -rf ~"),
                r"/b/git-credential-holdfast --profile a\;\ rm\ -rf\ \~",
            ),
        ] {
            let value = command(Path::new(path), profile).unwrap();
            assert_eq!(value, expect);
            assert_eq!(program_of(&value).unwrap(), path);
        }
        assert!(command(Path::new("/x"), Some("a\nb")).is_err());
    }
}
