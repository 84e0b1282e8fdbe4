//! What this process is to be, from its command line.

use crate::autostart;
use holdfast_desktop::page::PageName;
use holdfast_desktop::page::shell::Destination;
use std::ffi::OsString;

/// What this process is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// The tray icon, its menu and the notifications.
    Tray {
        /// Started with the person's session: nobody waits for a window.
        at_login: bool,
    },
    /// The main window.
    Window {
        /// The page to begin with, and the profile it is about.
        destination: Destination,
        /// Started by the tray, which gives orders on standard input.
        attached: bool,
    },
    /// The MFA popup.
    Prompt {
        /// Started by the tray, which gives orders on standard input.
        attached: bool,
    },
}

/// Words that are not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "usage: holdfast-tray [--login | --window PAGE [--profile NAME] [--attached] | --prompt [--attached]]"
)]
pub(crate) struct Usage;

impl Role {
    /// Reads the arguments behind the program's name.
    pub(crate) fn from_arguments(
        arguments: impl IntoIterator<Item = OsString>,
    ) -> Result<Self, Usage> {
        let mut role = Self::Tray { at_login: false };
        let mut attached = false;
        let mut profile = None;
        let mut words = arguments.into_iter();
        while let Some(word) = words.next() {
            match word.to_str() {
                Some("--attached") => attached = true,
                Some("--profile") => {
                    let name = words.next().and_then(|name| name.into_string().ok());
                    profile = Some(name.ok_or(Usage)?);
                }
                Some(autostart::ARGUMENT) => role = Self::Tray { at_login: true },
                Some("--prompt") => role = Self::Prompt { attached: false },
                Some("--window") => {
                    let name = words.next().ok_or(Usage)?;
                    let page = name.to_str().and_then(PageName::from_name).ok_or(Usage)?;
                    role = Self::Window {
                        destination: Destination {
                            page,
                            profile: None,
                        },
                        attached: false,
                    };
                }
                _ => return Err(Usage),
            }
        }
        Ok(match role {
            Self::Window { destination, .. } => Self::Window {
                destination: Destination {
                    profile,
                    ..destination
                },
                attached,
            },
            _ if profile.is_some() => return Err(Usage),
            Self::Tray { .. } if attached => return Err(Usage),
            Self::Tray { at_login } => Self::Tray { at_login },
            Self::Prompt { .. } => Self::Prompt { attached },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(words: &str, expect: Result<Role, Usage>) {
        let arguments = words.split_whitespace().map(OsString::from);
        assert_eq!(Role::from_arguments(arguments), expect, "{words}");
    }

    #[test]
    fn the_command_line_decides() {
        check("", Ok(Role::Tray { at_login: false }));
        check("--login", Ok(Role::Tray { at_login: true }));
        check("--prompt", Ok(Role::Prompt { attached: false }));
        check("--attached --prompt", Ok(Role::Prompt { attached: true }));
        let window = |page, profile: Option<&str>| Role::Window {
            destination: Destination {
                page,
                profile: profile.map(str::to_owned),
            },
            attached: true,
        };
        let activity = window(PageName::Activity, None);
        check("--window activity --attached", Ok(activity));
        // A name may look like an option.
        let repositories = window(PageName::Repositories, Some("--dev"));
        check(
            "--window repositories --profile --dev --attached",
            Ok(repositories),
        );
        for words in [
            "--window",
            "--window nowhere",
            "--attached",
            "--profile dev",
            "--prompt --profile dev",
            "--window activity --profile",
            "--login --attached",
            "help",
        ] {
            check(words, Err(Usage));
        }
    }
}
