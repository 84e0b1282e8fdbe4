//! What a click in the menu means.

use crate::page::PageName;
use serde::{Deserialize, Serialize};

/// What a click in the menu means. It says for itself what it is about, so that a click on a menu that
/// is just being changed does what the person read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum Action {
    /// Open the main window with a page.
    Show(PageName),
    /// Open the main window with the repositories that a profile can reach.
    ShowRepositories {
        /// Name of the profile.
        profile: String,
    },
    /// Ask for a code, or for a sign-in in the browser.
    SignIn {
        /// Name of the profile.
        profile: String,
    },
    /// Open the popup with what a program waits for.
    ShowPrompt,
    /// Sign in to a portal with the browser, which this click opens.
    SignInToPortal {
        /// Its start URL.
        start_url: String,
        /// Region of the identity center.
        region: String,
    },
    /// Renew what needs no person.
    Renew {
        /// Name of the profile.
        profile: String,
    },
    /// Copy the command that clones a repository.
    CopyCloneCommand {
        /// Name of the profile.
        profile: String,
        /// Host that git reaches it at.
        host: String,
        /// Name of the repository.
        repository: String,
    },
    /// Copy the command that clones a favourite, at the host that its profile asks for.
    CopyFavourite {
        /// The favourite as the settings have it.
        address: String,
    },
    /// Copy the command that gives a shell the credentials. It holds no secret.
    CopyEnvironment {
        /// Name of the profile.
        profile: String,
    },
    /// Open the AWS console signed in.
    OpenConsole {
        /// Name of the profile.
        profile: String,
    },
    /// Keep a profile in the menu, or no longer.
    Pin {
        /// Name of the profile.
        profile: String,
        /// Keep it.
        pinned: bool,
    },
    /// End the sessions of a profile.
    SignOut {
        /// Name of the profile.
        profile: String,
    },
    /// Try to reach the agent now.
    Reconnect,
    /// Forget every secret in memory and serve nobody.
    Lock,
    /// Serve again.
    Unlock,
    /// End the tray. The agent goes on.
    Quit,
}

impl Action {
    /// As the menu entry's id.
    pub fn to_id(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// From a menu entry's id.
    pub fn from_id(id: &str) -> Option<Self> {
        serde_json::from_str(id).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_say_what_a_click_means_whatever_the_names() {
        for profile in ["dev", "\"}", "<img src=x onerror=1>", "פרופיל", "a\\b"] {
            let action = Action::SignOut {
                profile: profile.to_owned(),
            };
            assert_eq!(Action::from_id(&action.to_id()), Some(action));
        }
        assert_eq!(Action::from_id("holdfast"), None);
    }
}
