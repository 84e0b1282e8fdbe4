//! What the tray has done outside of its own thread.

use crate::favourite::Favourite;
use crate::portal::host;
use holdfast_settings::{CloneStyle, NotificationSettings};

/// What the tray needs of the settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    /// Names of the profiles that are always in the menu.
    pub pinned: Vec<String>,
    /// Repositories whose clone commands are always in the menu.
    pub favourites: Vec<Favourite>,
    /// Which clone commands are copied.
    pub clone_style: CloneStyle,
    /// How much is made of which news.
    pub notifications: NotificationSettings,
}

/// Work that takes time, each on a thread of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    /// Ask the agent for the profiles and the portals.
    FetchProfiles,
    /// Read the settings.
    FetchPreferences,
    /// Ask the agent which prompts are open.
    FetchPrompts,
    /// Write to the settings whether a profile is pinned.
    Pin {
        /// Name of the profile.
        profile: String,
        /// Keep it in the menu.
        pinned: bool,
    },
    /// Try to reach the agent now.
    Reconnect,
    /// Ask the person for a code.
    SignIn {
        /// Name of the profile.
        profile: String,
    },
    /// Open the page of a portal, and wait until the person has signed in there.
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
    /// End the sessions of a profile.
    SignOut {
        /// Name of the profile.
        profile: String,
    },
    /// Forget every secret.
    Lock,
    /// Serve again.
    Unlock,
    /// Open the AWS console.
    OpenConsole {
        /// Name of the profile.
        profile: String,
    },
    /// Put a command on the clipboard.
    Copy(Copied),
}

/// A command on the clipboard. None of them holds a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Copied {
    /// Clones a repository.
    CloneCommand {
        /// Name of the profile.
        profile: String,
        /// Host that git reaches it at.
        host: String,
        /// Name of the repository.
        repository: String,
        /// The form of the command.
        style: CloneStyle,
    },
    /// Clones a favourite, at the host that its profile asks for.
    Favourite {
        /// The repository.
        favourite: Favourite,
        /// The form of the command.
        style: CloneStyle,
    },
    /// Gives a shell the credentials.
    Environment {
        /// Name of the profile.
        profile: String,
    },
}

impl Task {
    /// What a person is told when it worked and nothing else shows it.
    pub(super) fn done_in_words(&self) -> Option<String> {
        match self {
            Self::Renew { profile } => Some(format!("Renewed {profile}")),
            Self::SignOut { profile } => Some(format!("Signed out of {profile}")),
            Self::Copy(Copied::CloneCommand { repository, .. }) => {
                Some(format!("Copied the clone command of {repository}"))
            }
            Self::Copy(Copied::Favourite { favourite, .. }) => Some(format!(
                "Copied the clone command of {}",
                favourite.repository
            )),
            Self::Copy(Copied::Environment { profile }) => Some(format!(
                "Copied the command for the environment of {profile}"
            )),
            Self::FetchProfiles
            | Self::FetchPreferences
            | Self::FetchPrompts
            | Self::Pin { .. }
            | Self::Reconnect
            | Self::SignIn { .. }
            | Self::SignInToPortal { .. }
            | Self::Lock
            | Self::Unlock
            | Self::OpenConsole { .. } => None,
        }
    }

    /// What a person is told when it did not work; nothing where nobody asked for it.
    pub(super) fn failed_in_words(&self) -> Option<String> {
        Some(match self {
            Self::FetchProfiles | Self::FetchPrompts => return None,
            Self::FetchPreferences => "The settings were not read".to_owned(),
            Self::Pin { .. } => "The settings were not saved".to_owned(),
            Self::Reconnect => "The agent was not reached".to_owned(),
            Self::SignIn { profile } => format!("Not signed in to {profile}"),
            Self::SignInToPortal { start_url, .. } => {
                format!("Not signed in to {}", host(start_url))
            }
            Self::Renew { profile } => format!("{profile} was not renewed"),
            Self::SignOut { profile } => format!("Not signed out of {profile}"),
            Self::Lock => "Not locked".to_owned(),
            Self::Unlock => "Not unlocked".to_owned(),
            Self::OpenConsole { profile } => format!("The console of {profile} was not opened"),
            Self::Copy(_) => "Nothing was copied".to_owned(),
        })
    }
}
