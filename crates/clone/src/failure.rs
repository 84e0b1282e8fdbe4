//! Why a clone failed, in words.

use crate::place;
use crate::said::Said;
use std::io;
use std::path::{Path, PathBuf};

/// What systems say when a disk, or a person's part of it, is full.
const FULL: [&str; 3] = [
    "No space left on device",
    "Disk quota exceeded",
    "not enough space on the disk",
];

/// Why a clone failed. What it had written so far is gone; what was there before is untouched.
#[derive(Debug, thiserror::Error)]
pub enum CloneError {
    /// There is something at the place already.
    #[error("{} is there already and is not an empty folder", .0.display())]
    FolderTaken(PathBuf),
    /// It cannot be told whether there is something.
    #[error("{} cannot be looked at", folder.display())]
    Folder {
        /// The place.
        folder: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Git cannot be run.
    #[error("git cannot be run")]
    Git(#[source] io::Error),
    /// The person ended it.
    #[error("the clone was ended; nothing was kept")]
    Stopped,
    /// One of Holdfast's programs said why.
    #[error("{0}")]
    Refused(String),
    /// The server knows no such repository.
    #[error("there is no such repository, or the profile's account is another one")]
    NotFound,
    /// The server refused the password.
    #[error("CodeCommit refused access; it does not say why")]
    Forbidden,
    /// The disk is full.
    #[error("there is no room left on the disk for {}", .0.display())]
    DiskFull(PathBuf),
    /// The host cannot be reached.
    #[error("the repository's host cannot be reached")]
    Offline,
    /// Anything else, in git's own words.
    #[error("git clone failed: {0}")]
    Other(String),
}

impl CloneError {
    /// What to do next, each a command or a short sentence.
    pub fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::FolderTaken(_) => "choose another folder, or move this one away",
            Self::Git(_) => "install git",
            Self::NotFound => "holdfast repos PROFILE lists those that the profile sees",
            Self::Forbidden => {
                "the role behind the profile needs codecommit:GitPull for this repository, and the region has to be its own"
            }
            Self::DiskFull(_) => "make room, or choose a folder on another disk",
            Self::Offline => "check the network and the proxy, then run it again",
            Self::Folder { .. } | Self::Stopped | Self::Refused(_) | Self::Other(_) => {
                return Vec::new();
            }
        };
        vec![hint.to_owned()]
    }

    /// From what git said last, and what it left at the folder.
    pub(crate) fn from_git(said: &Said, folder: &Path) -> Self {
        let has = |text: &str| said.lines().iter().any(|line| line.contains(text));
        if let Some(line) = said
            .lines()
            .iter()
            .find_map(|line| line.strip_prefix("holdfast: "))
        {
            return Self::Refused(line.to_owned());
        }
        let full = FULL.iter().any(|words| has(words));
        if full || has("unable to write file") && place::is_full(folder) {
            return Self::DiskFull(folder.to_owned());
        }
        if has("returned error: 403") {
            return Self::Forbidden;
        }
        if has("not found") && has("repository '") {
            return Self::NotFound;
        }
        if has("Could not resolve host") || has("Failed to connect") || has("Could not connect") {
            return Self::Offline;
        }
        let fatal = said
            .lines()
            .iter()
            .find_map(|line| line.strip_prefix("fatal: "));
        let line = fatal.or_else(|| said.lines().last().map(String::as_str));
        Self::Other(line.unwrap_or("it said nothing").to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(
        &["holdfast: profile dev needs an MFA code; run: holdfast login dev", "fatal: could not read Password"],
        "profile dev needs an MFA code; run: holdfast login dev"
    )]
    #[case(
        &["fatal: repository 'https://x/v1/repos/none/' not found"],
        "there is no such repository, or the profile's account is another one"
    )]
    #[case(
        &["fatal: unable to access 'https://x/': The requested URL returned error: 403"],
        "CodeCommit refused access; it does not say why"
    )]
    #[case(
        &["error: unable to write file a: No space left on device", "fatal: index-pack failed"],
        "there is no room left on the disk for /home/jo/app"
    )]
    #[case(
        &["fatal: unable to access 'https://x/': Could not resolve host: x"],
        "the repository's host cannot be reached"
    )]
    #[case(&["warning: odd", "fatal: early EOF", "fatal: more"], "git clone failed: early EOF")]
    #[case(&["Killed"], "git clone failed: Killed")]
    #[case(&[], "git clone failed: it said nothing")]
    fn git_s_last_words_are_explained(#[case] lines: &[&str], #[case] expect: &str) {
        let mut said = Said::default();
        lines.iter().for_each(|line| said.add((*line).to_owned()));
        let error = CloneError::from_git(&said, Path::new("/home/jo/app"));
        assert_eq!(error.to_string(), expect);
    }
}
