//! Git programs with windows that do not use the configured helper.

use crate::examine::Seen;
use crate::finding::{Check, Finding};
use std::path::{Path, PathBuf};

/// A program, and where it leaves traces: below the home folder, or at a fixed place.
const CLIENTS: [(&str, &[&str]); 3] = [
    (
        "GitHub Desktop",
        &[
            ".config/GitHub Desktop",
            "Library/Application Support/GitHub Desktop",
            "AppData/Roaming/GitHub Desktop",
            "/Applications/GitHub Desktop.app",
        ],
    ),
    (
        "GitKraken",
        &[
            ".gitkraken",
            "/Applications/GitKraken.app",
            "AppData/Roaming/.gitkraken",
        ],
    ),
    (
        "Sourcetree",
        &[
            "Library/Application Support/SourceTree",
            "AppData/Local/Atlassian/SourceTree",
            "/Applications/Sourcetree.app",
        ],
    ),
];

/// Which of them are here.
pub(crate) fn look(seen: &Seen<'_>) -> Vec<Finding> {
    let home = (seen.around.variable)("HOME").or_else(|| (seen.around.variable)("USERPROFILE"));
    let home = home.map(PathBuf::from).unwrap_or_default();
    let is_here = |places: &&[&str]| places.iter().any(|place| at(&home, place).exists());
    CLIENTS
        .iter()
        .filter(|(_, places)| is_here(places))
        .map(|(name, _)| {
            Check::GuiClient
                .note(
                    format!("{name} is installed"),
                    format!("{name} runs git with helpers of its own, so that https URLs of CodeCommit do not work in it"),
                )
                .advise_to_run("use codecommit:// URLs in it", "holdfast clone-command PROFILE REPO")
        })
        .collect()
}

fn at(home: &Path, place: &str) -> PathBuf {
    // An absolute path stays as it is.
    home.join(place)
}
