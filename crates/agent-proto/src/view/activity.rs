//! What the agent did, as clients show it.

use super::CallerView;
use crate::error::ErrorCode;
use serde::{Deserialize, Serialize};

/// Something that the agent did or refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ActivityView {
    /// Number of the entry; later entries have larger ones.
    pub id: u64,
    /// When, in seconds since 1970.
    pub at: i64,
    /// What.
    pub kind: ActivityKind,
    /// The profile concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Who asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller: Option<CallerView>,
    /// Name of the repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// Region of the repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Title of the session concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// How often within the same minute.
    pub times: u32,
    /// Why it was refused or failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ActivityError>,
}

/// What the agent did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActivityKind {
    /// Gave git a password for a repository.
    GitCredential,
    /// Gave out AWS credentials.
    Credentials,
    /// Made a link that opens the console signed in.
    ConsoleLink,
    /// Created a repository.
    RepositoryCreated,
    /// A person signed in.
    SignedIn,
    /// A session was renewed.
    Renewed,
    /// A person signed out.
    SignedOut,
    /// AWS ended a session before its time.
    SignedOutByAws,
    /// A session could not be renewed.
    RefreshFailed,
    /// A request was refused.
    Refused,
    /// A person declined a prompt.
    Declined,
    /// The agent was locked.
    Locked,
    /// The agent was unlocked.
    Unlocked,
    /// An access key was put into the keychain.
    KeyAdded,
    /// An access key was removed from the keychain.
    KeyRemoved,
}

/// Why something was refused or failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ActivityError {
    /// For programs.
    pub code: ErrorCode,
    /// For people; as in [`AgentError`](crate::AgentError).
    pub message: String,
}
