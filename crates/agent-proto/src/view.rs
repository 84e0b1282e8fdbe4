//! What clients show: plain data without secrets, separate from the agent's own types.

mod activity;
mod caller;
mod profile;
mod prompt;
mod repository;
mod session;
mod sign_in;

pub use activity::{ActivityError, ActivityKind, ActivityView};
pub use caller::CallerView;
pub use profile::{ProblemView, ProfileView, SignInKind, SourceView};
pub use prompt::{CandidateView, ProfileChoiceView, PromptView};
pub use repository::RepositoryView;
pub use session::{PortalSessionView, SessionKind, SessionState, SessionView};
pub use sign_in::{BrowserChoice, PortalView, SignInMethod, SignInView, SsoAccountView};

use serde::{Deserialize, Serialize};

/// The agent as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Sign-ins with the browser that are under way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sign_ins: Vec<SignInView>,
    /// Things that need attention but stop nothing, for example a full disk.
    pub warnings: Vec<String>,
    /// What was used lately, newest first.
    #[serde(default)]
    pub recent: RecentView,
}

/// Which keychain is used, and how it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeychainState {
    /// Not asked yet.
    #[default]
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

/// What was used lately; of each at most 20.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct RecentView {
    /// Profiles that were signed in to or whose credentials were given out.
    pub profiles: Vec<RecentProfile>,
    /// Repositories that git got a password for.
    pub repositories: Vec<RecentRepository>,
}

/// A profile that was used lately.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct RecentProfile {
    /// Name of the profile.
    pub profile: String,
    /// When it was last used, in seconds since 1970.
    pub used_at: i64,
}

/// A repository that was used lately.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct RecentRepository {
    /// Profile whose credentials git was given.
    pub profile: String,
    /// Region of the repository.
    pub region: String,
    /// Host name that git used, without a port.
    pub host: String,
    /// Name of the repository.
    pub name: String,
    /// When it was last used, in seconds since 1970.
    pub used_at: i64,
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
