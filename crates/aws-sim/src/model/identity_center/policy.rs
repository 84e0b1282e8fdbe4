//! What an administrator decides for a portal, and how the simulated service behaves where AWS does not say.

use serde::{Deserialize, Serialize};

/// The rules of one portal. They can change while the simulated AWS runs, and apply to what is given out from then on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PortalPolicy {
    /// How long a portal session lasts, in seconds; 8 hours unless told.
    pub session_seconds: i64,
    /// How long an access token lasts, in seconds; an hour unless told.
    pub token_seconds: i64,
    /// Whether no access token says that it outlives its session. Otherwise a token may end before the time that it says.
    pub tokens_end_with_session: bool,
    /// What becomes of a refresh token that was used.
    pub refresh_tokens: RefreshTokens,
    /// How long a device's code waits for a person, in seconds.
    pub device_seconds: i64,
    /// How many seconds a device shall wait between two questions.
    pub poll_seconds: u32,
    /// Where people type the code of a device.
    pub device_page: DevicePage,
    /// How many calls to the portal are answered in a second of real time; all of them without a number.
    pub calls_per_second: Option<u32>,
}

impl Default for PortalPolicy {
    fn default() -> Self {
        Self {
            session_seconds: 8 * 3600,
            token_seconds: 3600,
            tokens_end_with_session: true,
            refresh_tokens: RefreshTokens::Rotate,
            device_seconds: 600,
            poll_seconds: 1,
            device_page: DevicePage::StartUrl,
            calls_per_second: None,
        }
    }
}

/// What becomes of a refresh token that was used. AWS does not say which of these it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefreshTokens {
    /// A new one takes its place at once, and the old one is refused.
    Rotate,
    /// A new one is given, and the old one stays good until the new one was used.
    RotateWithGrace,
    /// It stays.
    Keep,
}

/// Where people type the code of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DevicePage {
    /// `https://NAME.awsapps.com/start/#/device`.
    StartUrl,
    /// `https://device.sso.REGION.amazonaws.com/`.
    Regional,
}
