//! CodeCommit repositories as clients show them.

use serde::{Deserialize, Serialize};

/// A CodeCommit repository.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct RepositoryView {
    /// Its name.
    pub name: String,
    /// What its owner says about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The branch that is checked out after a clone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_branch: Option<String>,
    /// When it was last changed, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<i64>,
    /// Its Region.
    pub region: String,
    /// The account it belongs to.
    pub account_id: String,
    /// Host name for git, without a port.
    pub host: String,
}
