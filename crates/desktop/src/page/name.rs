//! The pages of the main window by name.

use serde::{Deserialize, Serialize};

/// A page of the main window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum PageName {
    /// All profiles with their sessions.
    #[default]
    Sessions,
    /// CodeCommit repositories.
    Repositories,
    /// Who received which credentials when.
    Activity,
    /// What the user decided.
    Settings,
    /// The first steps, and more profiles later.
    AddProfile,
    /// Git's helpers and its configuration.
    GitHelper,
}

impl PageName {
    /// The page of this name, as it stands on the command line.
    pub fn from_name(name: &str) -> Option<Self> {
        serde_json::from_value(name.into()).ok()
    }
}
