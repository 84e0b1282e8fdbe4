//! Sessions as clients show them.

use super::CallerView;
use crate::error::AgentError;
use serde::{Deserialize, Serialize};

/// One session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// When the credentials that it has were given, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_at: Option<i64>,
    /// Who asked for it when it was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_by: Option<CallerView>,
    /// It is renewed without a person, for as long as the session before it lives.
    #[serde(default)]
    pub renews_itself: bool,
    /// When a person is needed next, in seconds since 1970: at its own end, or at that of the session it depends on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs_person_at: Option<i64>,
    /// For a portal session: what is signed in to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub portal: Option<Box<PortalSessionView>>,
}

/// A sign-in to a portal of IAM Identity Center, behind the access token that is renewed by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct PortalSessionView {
    /// The start URL.
    pub start_url: String,
    /// Region of the identity center.
    pub region: String,
    /// When the portal session ends, in seconds since 1970, as far as that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<i64>,
    /// How many seconds the administrator lets a portal session last, as far as earlier ones have shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lasts_seconds: Option<u32>,
}

/// What kind of session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SessionKind {
    /// `GetSessionToken` with an MFA code.
    #[default]
    Mfa,
    /// `AssumeRole`.
    Role,
    /// A sign-in to a portal of IAM Identity Center.
    Portal,
    /// A role of a portal (`GetRoleCredentials`).
    PortalRole,
    /// A console sign-in (`aws login`).
    ConsoleLogin,
    /// `AssumeRoleWithWebIdentity`.
    WebIdentity,
    /// Credentials that a program printed or the machine has.
    Fetched,
}

/// How a session is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SessionState {
    /// Nobody has asked for it yet, or it was signed out.
    #[default]
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
