//! Questions to the person as clients show them.

use super::{CallerView, SignInKind, SignInView};
use crate::error::AgentError;
use serde::{Deserialize, Serialize};

/// A prompt for an MFA code or a sign-in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct PromptView {
    /// Number of the prompt.
    pub id: u64,
    /// What the person does: types the code of a device, or signs in with the browser.
    #[serde(default)]
    pub sign_in: SignInKind,
    /// Serial number or ARN of the device; empty where no code is asked for.
    pub serial: String,
    /// With [`SignInKind::Browser`]: what is signed in to, in words, for example `corp.awsapps.com`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub portal: Option<String>,
    /// The sign-in that is under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub under_way: Option<SignInView>,
    /// Profiles that the code unlocks, sorted.
    pub profiles: Vec<String>,
    /// Lifetime in seconds that the session will be asked for.
    pub duration_seconds: u32,
    /// Who asks; at most five.
    pub asked_by: Vec<CallerView>,
    /// How many callers wait, whoever they are.
    #[serde(default)]
    pub waiting: u32,
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
    /// A code is at AWS and not yet answered.
    #[serde(default)]
    pub checking: bool,
    /// Shortest lifetime in seconds that AWS grants.
    #[serde(default)]
    pub min_duration_seconds: u32,
    /// Longest lifetime in seconds that AWS grants.
    #[serde(default)]
    pub max_duration_seconds: u32,
    /// When the session ends that is renewed while it is still good, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_expires_at: Option<i64>,
}
