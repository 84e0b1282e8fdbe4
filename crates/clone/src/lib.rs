//! `git clone` of a repository, with git's own progress as numbers, an end at any time, and failures in words.
//!
//! Nothing here prints or asks. The command and the app show the same [`Event`]s of a [`Cloning`].

mod cloning;
mod failure;
mod place;
mod progress;
mod said;

pub use cloning::{Cloning, Ending, Event, Next, Stop, Surroundings};
pub use failure::CloneError;
pub use place::check_folder;
pub use progress::{Progress, Stage};
