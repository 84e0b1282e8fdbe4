//! Profiles of the user's AWS files as clients show them.

use super::SessionState;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// One profile.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Where its chain starts; absent for profiles with errors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceView>,
    /// Each step of its chain in words, for example `MFA session`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<String>,
    /// Ids of the sessions along its chain, first to last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sessions: Vec<String>,
    /// What a person does to sign in.
    #[serde(default)]
    pub sign_in: SignInKind,
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

/// Where a chain starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct SourceView {
    /// `access-key`, or the profile's own words for what this version does not serve, for example `sso-session`.
    pub kind: String,
    /// Profile that the source belongs to.
    pub title: String,
    /// Account of the source, when the files tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_id: Option<String>,
}

/// What a person does to sign in to a profile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignInKind {
    /// Nothing: its sessions open by themselves.
    #[default]
    None,
    /// Types the code of an MFA device.
    Mfa,
    /// Signs in with the browser.
    Browser,
}
