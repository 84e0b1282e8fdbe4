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
    /// What is wrong here.
    Doctor,
}

impl PageName {
    /// The page of this name, as it stands on the command line.
    pub fn from_name(name: &str) -> Option<Self> {
        serde_json::from_value(name.into()).ok()
    }

    /// Its name on the command line and in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sessions => "sessions",
            Self::Repositories => "repositories",
            Self::Activity => "activity",
            Self::Settings => "settings",
            Self::AddProfile => "add-profile",
            Self::GitHelper => "git-helper",
            Self::Doctor => "doctor",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_found_by_its_name() {
        for page in [
            PageName::Sessions,
            PageName::Repositories,
            PageName::Activity,
            PageName::Settings,
            PageName::AddProfile,
            PageName::GitHelper,
            PageName::Doctor,
        ] {
            assert_eq!(PageName::from_name(page.name()), Some(page));
        }
        assert_eq!(PageName::from_name("nowhere"), None);
    }
}
