//! `[notifications]`: how much is made of which news.

use serde::Deserialize;

/// How much is made of a piece of news.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// As the desktop does with notifications.
    Normal,
    /// Shown without a sound, and not for long.
    Quiet,
    /// Not shown.
    Off,
}

/// `[notifications]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct NotificationSettings {
    /// A program without a terminal waits for a code.
    pub needs_you: Level,
    /// A session that only a person can renew ends soon.
    pub expiry: Level,
    /// A session was renewed.
    pub renewed: Level,
    /// AWS ended a session before its time.
    pub signed_out: Level,
    /// AWS cannot be reached, or can be again.
    pub network: Level,
}

impl Default for NotificationSettings {
    fn default() -> Self {
        Self {
            needs_you: Level::Normal,
            expiry: Level::Normal,
            renewed: Level::Off,
            signed_out: Level::Normal,
            network: Level::Quiet,
        }
    }
}
