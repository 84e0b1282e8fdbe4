//! What subscribers are told.

use crate::view::{ActivityView, PromptView, SessionView, StatusView};
use serde::{Deserialize, Serialize};

/// Something happened in the agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum Event {
    /// The state of the agent changed; this is the whole of it.
    Status(StatusView),
    /// A person is needed.
    PromptOpened(PromptView),
    /// A prompt changed: another caller joined, or a code was refused.
    PromptChanged(PromptView),
    /// A prompt was answered, declined, or nobody waits for it any more.
    PromptClosed {
        /// Number of the prompt.
        prompt: u64,
    },
    /// A session that needs a human to renew ends soon.
    ExpiringSoon {
        /// The session.
        session: SessionView,
        /// Seconds left.
        seconds_left: u32,
    },
    /// AWS ended a session before its time.
    SignedOut {
        /// The session.
        session: SessionView,
    },
    /// The agent did something; only sent to subscribers that asked for it.
    Activity(ActivityView),
    /// The settings changed.
    SettingsChanged,
    /// The user's AWS files or the keys in the keychain changed.
    ProfilesChanged,
    /// A list of repositories that somebody had asked for is different now.
    RepositoriesChanged {
        /// Name of the profile that listed them.
        profile: String,
        /// Their Region.
        region: String,
    },
}
