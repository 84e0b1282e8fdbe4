//! CodeCommit repositories.

use std::path::PathBuf;

use jiff::Timestamp;

/// A repository: its metadata, and the bare git repository that holds its content.
#[derive(Clone, Debug)]
pub(crate) struct Repository {
    pub(crate) name: String,
    pub(crate) region: String,
    pub(crate) arn: String,
    /// A UUID.
    pub(crate) id: String,
    pub(crate) description: Option<String>,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
    /// Made when git first needs it, so that a scenario may have thousands.
    pub(crate) folder: PathBuf,
}
