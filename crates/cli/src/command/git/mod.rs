//! `holdfast git`: the programs that git starts, setting git up for CodeCommit, showing the set-up, and undoing it.

pub(crate) mod install;
mod remotes;
pub(crate) mod setup;
pub(crate) mod status;
pub(crate) mod undo;
pub(crate) mod uninstall;
pub(crate) mod use_profile;

use crate::args;
use holdfast_setup::git::Scope;

/// Lines of a file that are shown around a change.
const CONTEXT: usize = 3;

impl From<&args::Scope> for Scope {
    fn from(scope: &args::Scope) -> Self {
        if scope.local {
            Self::Local
        } else {
            Self::Global
        }
    }
}
