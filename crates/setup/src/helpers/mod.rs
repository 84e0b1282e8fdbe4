//! Holdfast's programs in the user's own folder for programs: what is there, installing, and removing exactly that.

mod install;
mod manifest;
mod path;
mod places;
mod survey;
mod uninstall;

pub use install::{InstallPlan, Installed};
pub use path::PathAdvice;
pub use places::Places;
pub use survey::{Program, State, Survey};
pub use uninstall::{Removed, UninstallPlan};

use crate::error::Result;
use manifest::Manifest;
use std::path::PathBuf;

/// The programs: the two that git starts, the command, and the agent, which each of them starts when it is needed.
pub const PROGRAMS: [&str; 4] = if cfg!(windows) {
    [
        "git-credential-holdfast.exe",
        "git-remote-codecommit.exe",
        "holdfast.exe",
        "holdfast-agent.exe",
    ]
} else {
    [
        "git-credential-holdfast",
        "git-remote-codecommit",
        "holdfast",
        "holdfast-agent",
    ]
};

/// Paths of the programs that Holdfast installed and that are there.
///
/// # Errors
/// When the list of them cannot be read.
pub fn installed(places: &Places) -> Result<Vec<PathBuf>> {
    let manifest = Manifest::read(&places.manifest)?;
    let paths = manifest.programs.into_keys();
    Ok(paths.filter(|path| path.is_file()).collect())
}

/// The installed credential helper, which git's configuration should name: its path outlives updates.
///
/// # Errors
/// As for [`installed`].
pub fn installed_credential_helper(places: &Places) -> Result<Option<PathBuf>> {
    let is_it = |path: &PathBuf| path.file_name().is_some_and(|name| name == PROGRAMS[0]);
    Ok(installed(places)?.into_iter().find(is_it))
}
