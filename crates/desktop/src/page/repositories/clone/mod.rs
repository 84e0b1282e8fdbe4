//! *Clone…*: where to, how far git is, and how it ended.

mod desk;
mod place;
mod progress;

pub use desk::{CloneDesk, CloneWish};
pub use place::{CloneForm, parent_at_first};

use crate::page::Trouble;
use serde::Serialize;

/// The clone of a window: one that is under way, or has ended and is still looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct CloneView {
    /// Name of the repository.
    pub repository: String,
    /// The folder that it becomes, with `~` for the home folder.
    pub folder: String,
    /// How far it is.
    pub step: CloneStep,
}

/// How far a clone is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(
    tag = "kind",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum CloneStep {
    /// The profile's sessions are opened. A window for a code or a sign-in comes by itself where one is needed.
    SigningIn,
    /// Git is at work.
    Running {
        /// What it does, in its own words.
        words: String,
        /// How much of that is done, for example `45 % (900 of 2,000), 12.00 MiB, 3.00 MiB/s`; may be empty.
        numbers: String,
        /// How much of the whole is done, of 100; nothing while that is not known.
        percent: Option<u32>,
    },
    /// Git was told to end, and removes what it has written.
    Ending,
    /// The person ended it; nothing was kept.
    Stopped,
    /// The clone is there.
    Done {
        /// The editor that it can be opened in, as people call it.
        editor: Option<String>,
    },
    /// There is no clone.
    Failed {
        /// Why, and what to do.
        trouble: Trouble,
        /// What git and the server said last.
        said: Vec<String>,
    },
}
