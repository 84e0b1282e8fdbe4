//! What clients show: plain data without secrets, separate from the agent's own types.

use crate::error::AgentError;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The agent as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct StatusView {
    /// Version of the agent.
    pub version: String,
    /// Process id of the agent.
    pub pid: u32,
    /// Nothing is served until it is unlocked.
    pub locked: bool,
    /// The keychain.
    pub keychain: KeychainView,
    /// Whether AWS could be reached at the last try; `None` before the first.
    pub online: Option<bool>,
    /// How far this machine's clock is behind AWS's, in seconds; negative when it is ahead.
    pub clock_offset_seconds: i64,
    /// Every session that is known, sorted by title.
    pub sessions: Vec<SessionView>,
    /// Prompts that are open.
    pub prompts: Vec<PromptView>,
    /// Things that need attention but stop nothing, for example a full disk.
    pub warnings: Vec<String>,
}

/// Which keychain is used, and how it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct KeychainView {
    /// `os`, `file` or `memory`.
    pub kind: String,
    /// How it is.
    pub state: KeychainState,
    /// More about a state that is not `Ready`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// How a keychain is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeychainState {
    /// Not asked yet.
    Unknown,
    /// Answers.
    Ready,
    /// Has to be unlocked by the person.
    Locked,
    /// There is none.
    Absent,
    /// Does not answer in time.
    Hung,
    /// Answers with an error.
    Failing,
}

/// One session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct SessionView {
    /// Stable name of the session, without meaning.
    pub id: String,
    /// In words, for example `MyRepositoryUser with MFA`.
    pub title: String,
    /// What kind of session.
    pub kind: SessionKind,
    /// How it is.
    pub state: SessionState,
    /// When its credentials end, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
    /// Profiles whose chain passes through it, sorted.
    pub profiles: Vec<String>,
    /// Why the last refresh failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<AgentError>,
}

/// What kind of session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SessionKind {
    /// `GetSessionToken` with an MFA code.
    Mfa,
    /// `AssumeRole`.
    Role,
}

/// How a session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SessionState {
    /// Nobody has asked for it yet, or it was signed out.
    Absent,
    /// AWS is being asked.
    Refreshing,
    /// Has credentials.
    Valid,
    /// Has credentials that end soon.
    Expiring,
    /// Needs an MFA code.
    NeedsMfa,
    /// Needs a sign-in in the browser.
    NeedsSignIn,
    /// The last refresh failed; it is tried again.
    Failed,
}

/// One profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ProfileView {
    /// Name of the profile.
    pub name: String,
    /// The chain in words, for example
    /// `access key of MyRepositoryUser (keychain) → MFA session → MyRepositoryContributorRole in 222233334444`.
    pub chain: String,
    /// Region of the profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Account that the profile's credentials belong to, when the files tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_id: Option<String>,
    /// State of the session at the end of the chain; absent for plain keys and for profiles with errors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<SessionState>,
    /// When its credentials end, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
    /// What is wrong with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<ProblemView>,
}

/// Something wrong in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ProblemView {
    /// The file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<PathBuf>,
    /// The line, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// What is wrong, and what to do.
    pub message: String,
}

/// An access key in the keychain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct KeyView {
    /// Profile that the key belongs to.
    pub profile: String,
    /// Access key id.
    pub access_key_id: String,
}

/// A prompt for an MFA code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct PromptView {
    /// Number of the prompt.
    pub id: u64,
    /// Serial number or ARN of the device.
    pub serial: String,
    /// Profiles that the code unlocks, sorted.
    pub profiles: Vec<String>,
    /// Lifetime in seconds that the session will be asked for.
    pub duration_seconds: u32,
    /// Who asks, in words, for example `git push in ProjectAlpha`.
    pub asked_by: Vec<String>,
    /// A person is at a terminal: open the popup at once. Otherwise notify.
    pub interactive: bool,
    /// When the prompt was opened, in seconds since 1970.
    pub opened_at: i64,
    /// A refusal of the last code that was typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<AgentError>,
    /// When a new code can be sent, in seconds since 1970, after one that is already used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_code_at: Option<i64>,
}
