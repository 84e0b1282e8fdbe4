//! `holdfast git`: setting git up for CodeCommit, showing the set-up, and undoing it.

pub(crate) mod setup;
pub(crate) mod status;
pub(crate) mod undo;

use crate::git::file::ConfigFile;
use crate::outcome::Result;
use crate::print::{Output, diff};

/// Shows the change to a git configuration file.
fn show_change(file: &ConfigFile, after: &[u8], output: &mut Output) -> Result {
    let change = diff::unified(&file.path, file.before_bytes(), after);
    diff::print(&change, output)
}
