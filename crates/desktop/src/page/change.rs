//! Changes to the user's files as a window shows them: first the change itself, then that it was made.

use super::Trouble;
use holdfast_agent_proto::with_causes;
use holdfast_setup::SetupError;
use holdfast_setup::keys::KeyError;
use serde::Serialize;
use std::path::Path;

/// A change that has not been made: all that a person should see before agreeing to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// Tells this change from every other one; to agree to it, it is sent back.
    pub fingerprint: String,
    /// The lines that change, in the unified format, one text for each file. Secrets are masked.
    pub diffs: Vec<String>,
    /// Files that come or go as a whole.
    pub files: Vec<String>,
    /// What else to know before agreeing.
    pub notes: Vec<String>,
}

/// A change that was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Made {
    /// What is different now, in one sentence.
    pub message: String,
    /// Backups, and what to do next.
    pub hints: Vec<String>,
}

impl Made {
    /// A change and what to know about it.
    pub fn new(message: impl Into<String>, hints: impl IntoIterator<Item = String>) -> Self {
        Self {
            message: message.into(),
            hints: hints.into_iter().collect(),
        }
    }
}

/// Refuses when the change that would be made is not the one that was agreed to.
pub(crate) fn check_agreed(agreed: &str, present: &str, file: &str) -> Result<(), Trouble> {
    if agreed == present {
        return Ok(());
    }
    Err(outdated(format!(
        "{file} changed while you were looking, so nothing was written."
    )))
}

/// A path with `~` for the home folder.
pub(crate) fn tilde(path: &Path) -> String {
    let home = std::env::home_dir().filter(|home| home.is_absolute());
    match home.and_then(|home| path.strip_prefix(home).ok().map(Path::to_owned)) {
        Some(inside) => Path::new("~").join(inside).display().to_string(),
        None => path.display().to_string(),
    }
}

/// Where the former content of a file went.
pub(crate) fn kept_in(backup: Option<&Path>, is_masked: bool) -> Option<String> {
    let masked = if is_masked {
        ", with the secrets masked"
    } else {
        ""
    };
    backup.map(|path| format!("What it held before is in {}{masked}.", tilde(path)))
}

impl From<SetupError> for Trouble {
    fn from(error: SetupError) -> Self {
        if error.is_outdated() {
            return outdated(sentence(&error));
        }
        let hint = match &error {
            SetupError::GitMissing => "Install git, then open this page again.",
            SetupError::HelperMissing { .. } => "Install the programs first, above.",
            SetupError::ProgramMissing { .. } => "Install Holdfast completely, then try again.",
            SetupError::Busy { lock, .. } => {
                let hint = format!("If no program is, remove {}.", tilde(lock));
                return Self::new(sentence(&error)).hint(hint);
            }
            SetupError::Foreign { .. } => "Move the file elsewhere, then try again.",
            SetupError::KeychainForgets => {
                "Choose another kind of keychain in the settings, then try again."
            }
            SetupError::KeyNotKept { .. } => {
                "Look whether the keychain is unlocked, then import the key again."
            }
            SetupError::SectionsTaken { .. } => {
                "Remove the sections for CodeCommit from it, then try again."
            }
            SetupError::BlockDamaged { .. } => {
                "Put the two marks around whole sections with a text editor, or remove both."
            }
            SetupError::NamesTaken { .. } => "Give them other names, or leave them out.",
            SetupError::Manifest { .. } => "Remove the file, then install again.",
            SetupError::Key(KeyError::Temporary) => {
                "Holdfast makes temporary credentials itself, from the long-lived key of the user."
            }
            SetupError::Key(KeyError::MissingColumn { .. }) => {
                "In the AWS console, choose “Download .csv file” when the key is created."
            }
            SetupError::Key(_) => {
                "Copy the access key id and the secret access key together, on two lines, or choose the accessKeys.csv."
            }
            SetupError::GitCannotRun { .. }
            | SetupError::GitVersionUnknown
            | SetupError::Git { .. }
            | SetupError::NoRepository
            | SetupError::NoWorkingFolder { .. }
            | SetupError::NoGitHome
            | SetupError::HelperNotUnicode { .. }
            | SetupError::Unquotable { .. }
            | SetupError::File { .. }
            | SetupError::Changed { .. }
            | SetupError::Scratch { .. }
            | SetupError::NoPlaintextKey { .. }
            | SetupError::AwsFileUnreadable { .. }
            | SetupError::AwsFileNotWritten { .. }
            | SetupError::NoHome(_)
            | SetupError::Profile { .. }
            | SetupError::ProfileUnwritable { .. }
            | SetupError::BlockUnwritable { .. } => return Self::new(sentence(&error)),
        };
        Self::new(sentence(&error)).hint(hint)
    }
}

impl From<KeyError> for Trouble {
    fn from(error: KeyError) -> Self {
        SetupError::from(error).into()
    }
}

fn outdated(message: String) -> Trouble {
    Trouble {
        code: Some("outdated".to_owned()),
        ..Trouble::new(message).hint("Look at the change as it is now, then decide again.")
    }
}

/// An error and its causes as a sentence.
fn sentence(error: &SetupError) -> String {
    let text = with_causes(error);
    let mut characters = text.chars();
    match characters.next() {
        // A program's own name is not capitalised.
        Some(_) if text.starts_with("git") || text.starts_with("holdfast") => format!("{text}."),
        Some(first) => format!("{}{}.", first.to_uppercase(), characters.as_str()),
        None => text,
    }
}
