//! What AWS says about a CodeCommit repository.

use crate::time::Timestamp;

/// A repository of the account and Region that was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repository {
    /// Its name.
    pub name: String,
    /// What its owner says about it.
    pub description: Option<String>,
    /// The branch that is checked out after a clone; an empty repository has none.
    pub default_branch: Option<String>,
    /// When it was last changed.
    pub last_modified: Option<Timestamp>,
    /// The account it belongs to, where AWS told.
    pub account_id: Option<String>,
}
