//! What happens to the tray.

use super::task::{Preferences, Task};
use crate::agent::Told;
use crate::menu::Action;
use crate::notice;
use crate::page::Trouble;
use holdfast_agent_proto::view::{PortalView, ProfileView, PromptView};

/// Something happened.
#[derive(Debug)]
pub enum Message {
    /// The agent told something.
    Agent(Box<Told>),
    /// The profiles came.
    Profiles(Vec<ProfileView>),
    /// The portals came.
    Portals(Vec<PortalView>),
    /// The link to a portal's page was copied, for the person to open.
    LinkCopied {
        /// What is signed in to.
        portal: String,
    },
    /// The settings were read.
    Preferences(Preferences),
    /// The prompts that are open, asked for with [`Task::FetchPrompts`].
    Prompts(Vec<PromptView>),
    /// A person clicked in the menu.
    Clicked(Action),
    /// A person clicked a notification or one of its buttons.
    NoticeAnswered {
        /// Which notification, where it is still known.
        kind: Option<notice::Kind>,
        /// What the person wants.
        answer: notice::Answer,
    },
    /// A notification is gone from the screen.
    NoticeClosed(notice::Kind),
    /// A person started the app while it runs.
    StartedAgain,
    /// The process of the main window ended.
    WindowEnded,
    /// The process of the MFA popup ended.
    PromptEnded {
        /// Not because a person or the prompt was done.
        crashed: bool,
    },
    /// Whether something on this desktop shows tray icons.
    TrayHost(bool),
    /// A task ended.
    Done(Task, Result<(), Trouble>),
}
