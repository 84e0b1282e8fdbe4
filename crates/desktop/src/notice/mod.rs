//! Notifications as values: what is worth one, how it is worded, and when it is gone again.
//!
//! Of each kind at most one is on the screen, so that nothing piles up after a night's sleep: another of
//! the kind takes its place and tells of everything.

mod expiry;
mod network;
mod notices;
mod renewed;
#[cfg(test)]
mod tests;
mod wording;

pub use notices::Notices;

use crate::menu::Action;
use crate::page::PageName;
use holdfast_settings::{Level, NotificationSettings};

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A program without a terminal waits for a code.
    NeedsYou,
    /// Sessions that only a person can renew end soon.
    Expiry,
    /// AWS ended sessions before their time.
    SignedOut,
    /// Sessions were renewed.
    Renewed,
    /// AWS cannot be reached, or can be again.
    Network,
    /// What came of something that the person did.
    Outcome,
}

impl Kind {
    /// How much the person wants to be made of it.
    fn level(self, settings: &NotificationSettings) -> Level {
        match self {
            Self::NeedsYou => settings.needs_you,
            Self::Expiry => settings.expiry,
            Self::SignedOut => settings.signed_out,
            Self::Renewed => settings.renewed,
            Self::Network => settings.network,
            // The person waits for it.
            Self::Outcome => Level::Quiet,
        }
    }
}

/// Something to be told. The texts are plain, not markup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What it is about.
    pub kind: Kind,
    /// What happened.
    pub title: String,
    /// Why, and what to do.
    pub body: String,
    /// Without a sound, and gone soon.
    pub quiet: bool,
    /// What can be done at once, the main thing first.
    pub buttons: Vec<Button>,
}

impl Notice {
    /// What came of something that the person did: shown for a moment.
    pub fn outcome(title: impl Into<String>, body: impl Into<String>) -> Self {
        Self {
            kind: Kind::Outcome,
            title: title.into(),
            body: body.into(),
            quiet: true,
            buttons: Vec::new(),
        }
    }

    /// What a click on the notice itself does, where the desktop has such clicks.
    pub fn clicked(&self) -> Answer {
        match (self.kind, self.buttons.first()) {
            (Kind::NeedsYou, Some(button)) => button.answer.clone(),
            _ => Answer::Act(Action::Show(PageName::Sessions)),
        }
    }
}

/// A button of a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// What it does.
    pub answer: Answer,
    /// What the person reads.
    pub label: &'static str,
}

/// What a button does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The same as this entry of the menu.
    Act(Action),
    /// Tells again later.
    Snooze,
}

/// What is to be done on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Show it, in the place of one of its kind.
    Show(Notice),
    /// Take the one of this kind away.
    Close(Kind),
}
