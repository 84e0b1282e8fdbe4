//! Sign-ins that are under way, and the portals of IAM Identity Center, as clients show them.

use super::SessionState;
use serde::{Deserialize, Serialize};

/// A sign-in with the browser that is under way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct SignInView {
    /// Number of the sign-in; never used twice.
    pub id: u64,
    /// Id of the session that it opens.
    pub session: String,
    /// What is signed in to, in words, for example `corp.awsapps.com`.
    pub title: String,
    /// With this browser or on another device.
    pub method: SignInMethod,
    /// The page to open: where the person signs in, or where they type the code.
    pub url: String,
    /// What the person types there, for [`SignInMethod::Device`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_code: Option<String>,
    /// When it ends by itself, in seconds since 1970.
    pub expires_at: i64,
    /// How the page is opened, as the settings for this portal say.
    #[serde(default)]
    pub browser: BrowserChoice,
    /// Profiles that it unlocks, sorted.
    pub profiles: Vec<String>,
    /// The browser has come back; the token is being fetched.
    #[serde(default)]
    pub answered: bool,
}

/// How a person signs in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignInMethod {
    /// With a browser on this computer, which comes back to a port of 127.0.0.1 (RFC 8252).
    #[default]
    Browser,
    /// With a code that is typed on any device (RFC 8628).
    Device,
}

/// How the page of a sign-in is opened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BrowserChoice {
    /// In the default browser.
    #[default]
    Default,
    /// Not at all: the link is copied or shown.
    CopyLink,
    /// By this program with these arguments, and the link as the last one.
    Command(Vec<String>),
}

/// A portal of IAM Identity Center that the user's files name, or that was signed in to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct PortalView {
    /// The start URL.
    pub start_url: String,
    /// Region of the identity center.
    pub region: String,
    /// Names of the `sso-session` sections that name it, sorted.
    pub sso_sessions: Vec<String>,
    /// Profiles that are signed in to through it, sorted.
    pub profiles: Vec<String>,
    /// How its session is.
    pub state: SessionState,
}

/// An account of a portal, with the roles that the person has there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct SsoAccountView {
    /// Twelve digits.
    pub account_id: String,
    /// Name of the account.
    pub name: String,
    /// E-mail address of the account's root user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Names of the roles, sorted; absent while they are not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
}
