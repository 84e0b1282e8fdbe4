//! Questions to the person as clients show them.

use super::{CallerView, SignInKind, SignInView};
use crate::error::AgentError;
use serde::{Deserialize, Serialize};

/// A prompt for an MFA code or a sign-in, or for the profile that opens a repository.
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
    /// The person chooses a profile; nothing is signed in to then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<Box<ProfileChoiceView>>,
}

/// Several profiles fit a repository, and one has to be chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ProfileChoiceView {
    /// Host of the repository.
    pub host: String,
    /// Region of the repository.
    pub region: String,
    /// Name of the repository.
    pub repository: String,
    /// Profiles to choose from, sorted by name; at most a few hundred.
    pub candidates: Vec<CandidateView>,
    /// A profile that was remembered for the repository and is gone from the files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forgotten: Option<String>,
}

/// A profile to choose.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct CandidateView {
    /// Name of the profile.
    pub profile: String,
    /// Where its credentials come from and what they become, in words.
    pub chain: String,
    /// Account that its credentials belong to, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_id: Option<String>,
}
