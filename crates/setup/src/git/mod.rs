//! Holdfast as git's credential helper: who answers for CodeCommit, setting it up, and undoing that.

mod alias;
mod binary;
mod effective;
mod family;
mod file;
mod helper;
mod pattern;
mod remote_helper;
mod section;
mod setup;
mod status;
mod undo;

pub use alias::AliasPlan;
pub use binary::{Entry, Git, Sourced, Version};
pub use effective::{Answer, Helper};
pub use family::{HostFamily, describe};
pub use file::Scope;
pub use helper::{as_git_writes, find_credential_helper};
pub use remote_helper::{ALLOW_SUBMODULES, RemoteHelper};
pub use setup::{SetupPlan, SetupRequest};
pub use status::{Family, GitStatus, Problem};
pub use undo::UndoPlan;
