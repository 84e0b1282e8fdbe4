//! Where a clone goes: a folder that the person chose, and a new one in it.

use crate::page::Trouble;
use crate::page::change::tilde;
use holdfast_clone::{CloneError, check_folder};
use holdfast_settings::AppSettings;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// What is asked before a clone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct CloneForm {
    /// The folder that the clone's own folder will be in, with `~` for the home folder.
    pub parent: String,
    /// The clone's own folder, with `~` as well.
    pub folder: String,
    /// Why it cannot go there.
    pub wrong: Option<Trouble>,
}

impl CloneForm {
    /// For a folder that the person chose, and the name of a new one in it.
    pub fn new(parent: &Path, name: &str) -> Self {
        let (folder, wrong) = match target(parent, name) {
            Ok(folder) => (tilde(&folder), None),
            Err(trouble) => (tilde(&parent.join(name.trim())), Some(trouble)),
        };
        Self {
            parent: tilde(parent),
            folder,
            wrong,
        }
    }
}

/// The folder that is offered first: the one that was cloned into last, else the home folder.
///
/// # Errors
/// When there is no home folder.
pub fn parent_at_first(settings: &AppSettings) -> Result<PathBuf, Trouble> {
    let last = settings.clone_folder.clone();
    last.filter(|folder| folder.is_dir())
        .or_else(|| std::env::home_dir().filter(|home| home.is_absolute()))
        .ok_or_else(|| Trouble::new("there is no home folder; choose a folder"))
}

/// The clone's own folder, which is new or empty.
pub(super) fn target(parent: &Path, name: &str) -> Result<PathBuf, Trouble> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Trouble::new("Name the folder that the clone becomes."));
    }
    let names_others = name.contains(['/', '\\', ':']) || name.contains(char::is_control);
    if names_others || matches!(name, "." | ".." | "~") || name.eq_ignore_ascii_case(".git") {
        let trouble = Trouble::new("That is no name of a folder.");
        return Err(trouble.hint("Choose another folder to put it in with the button above."));
    }
    if !parent.is_dir() {
        let trouble = Trouble::new(format!("{} is no folder any more.", tilde(parent)));
        return Err(trouble.hint("Choose another one."));
    }
    if parent.to_str().is_none() {
        let trouble = Trouble::new("The name of that folder is not Unicode, which editors need.");
        return Err(trouble.hint("Choose another one."));
    }
    let folder = parent.join(name);
    match check_folder(&folder) {
        Ok(()) => Ok(folder),
        Err(CloneError::FolderTaken(_)) => {
            let folder = tilde(&folder);
            let trouble = format!("{folder} is there already and is not an empty folder.");
            Err(Trouble::new(trouble).hint("Give another name, or choose another folder."))
        }
        Err(error) => Err(super::progress::trouble(&error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn wrong(parent: &Path, name: &str) -> Option<String> {
        CloneForm::new(parent, name).wrong.map(|it| it.message)
    }

    #[test]
    fn a_folder_is_new_or_empty() {
        let parent = tempfile::tempdir().unwrap();
        let parent = parent.path();
        fs::create_dir(parent.join("empty")).unwrap();
        fs::create_dir(parent.join("full")).unwrap();
        fs::write(parent.join("full/mine"), "").unwrap();
        fs::write(parent.join("file"), "").unwrap();
        for name in ["new", " empty ", "-n", "<img src=x>", "日本語", "a b"] {
            assert_eq!(wrong(parent, name), None, "{name}");
            assert_eq!(target(parent, name).unwrap(), parent.join(name.trim()));
        }
        for name in ["full", "file"] {
            let message = wrong(parent, name).unwrap();
            assert!(message.contains("is there already"), "{message}");
            assert!(message.contains(name), "{message}");
        }
        let gone = wrong(&parent.join("gone"), "new").unwrap();
        assert!(gone.contains("is no folder any more"), "{gone}");
    }

    #[test]
    fn a_name_stays_in_its_folder() {
        let parent = tempfile::tempdir().unwrap();
        for name in [
            "", "  ", ".", "..", "~", "a/b", "../up", "/etc", r"a\b", "C:", ".git", ".GIT", "a\nb",
        ] {
            assert!(wrong(parent.path(), name).is_some(), "{name:?}");
        }
    }

    #[test]
    fn the_folder_of_last_time_is_offered_as_long_as_it_is_there() {
        let last = tempfile::tempdir().unwrap();
        let settings = |folder: &Path| AppSettings {
            clone_folder: Some(folder.to_owned()),
            ..AppSettings::default()
        };
        let offered = parent_at_first(&settings(last.path())).unwrap();
        assert_eq!(offered, last.path());
        let offered = parent_at_first(&settings(&last.path().join("gone"))).unwrap();
        assert_eq!(Some(offered), std::env::home_dir());
    }
}
