//! Changes to the user's own files, each a *plan* that is shown before it is applied and can be undone.
//!
//! Nothing here prints or asks. A plan is made from files as they are, holds what it would change as a
//! diff, and refuses to be applied when a file has changed meanwhile. The command and the app show the
//! same plans.
//!
//! - [`git`]: Holdfast as git's credential helper for CodeCommit.
//! - [`helpers`]: Holdfast's programs in the user's own folder for programs.
//! - [`keys`]: plaintext access keys, found, handed to the agent and taken out of their files.
//! - [`profile`]: a new profile in the AWS config file.
//! - [`discovery`]: profiles for accounts and roles of IAM Identity Center.

mod config_change;
mod diff;
pub mod discovery;
mod error;
pub mod git;
pub mod helpers;
pub mod keys;
pub mod profile;

pub use error::{Result, SetupError};
