//! *Settings*: what the user decided, and whether the file that says so can be used.

mod command;
mod portal;
mod proxy;
#[cfg(test)]
mod tests;

pub use portal::{PortalValues, set_portal};

use super::{Theme, Trouble};
use crate::editor::Editor;
use crate::favourite::Favourite;
use holdfast_agent_proto::view::PortalView;
use holdfast_settings::{
    Background, CloneStyle, DeviceCode, KeychainKind, Level, Settings, SettingsError, SettingsFile,
    Value,
};
use serde::{Deserialize, Serialize};
use std::error::Error;
use std::path::Path;

/// The page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SettingsPage {
    /// The file.
    pub file: String,
    /// What the file says, with defaults for what it does not; the defaults when it cannot be used.
    pub values: SettingsValues,
    /// Why the file cannot be used. Nothing can be changed then.
    pub broken: Option<Trouble>,
    /// The keychain that is in use, where that is not the one of the file.
    pub keychain_in_use: Option<String>,
}

/// The value of every setting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SettingsValues {
    /// `sessions.mfa-duration-seconds`
    pub mfa_duration_seconds: u32,
    /// `sessions.notice-minutes`
    pub notice_minutes: Vec<u32>,
    /// `prompts.background`
    pub background: String,
    /// `prompts.decline-minutes`
    pub decline_minutes: u32,
    /// `notifications.*`
    pub notifications: Vec<NotificationLevel>,
    /// `keychain.kind`
    pub keychain: String,
    /// `network.https-proxy`, without its password.
    pub https_proxy: String,
    /// `network.no-proxy`
    pub no_proxy: String,
    /// `network.ca-bundle`
    pub ca_bundle: String,
    /// `app.theme`
    pub theme: Theme,
    /// `app.clone-style`
    pub clone_style: String,
    /// `app.editor`, the program and its arguments; quotes hold what has spaces in it.
    pub editor: String,
    /// The editor that is used where the settings name none.
    pub found_editor: Option<String>,
    /// `sso.device-code`
    pub device_code: String,
    /// `portals.*`
    pub portals: Vec<PortalValues>,
}

/// How much is made of one kind of news.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct NotificationLevel {
    /// The setting, for example `notifications.expiry`.
    pub key: String,
    /// The news.
    pub label: String,
    /// `normal`, `quiet` or `off`.
    pub level: String,
}

/// A value that a person set.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(untagged)]
pub enum SettingValue {
    /// A number.
    Number(u32),
    /// A text, or one of a few words. An empty one is none.
    Text(String),
    /// Several numbers.
    Numbers(Vec<u32>),
    /// Yes or no.
    Flag(bool),
}

impl SettingsPage {
    /// The page of this file; `in_use` is the agent's word for the keychain that it has, `portals` are those that the
    /// AWS files name.
    pub fn load(file: &Path, in_use: Option<&str>, portals: &[PortalView]) -> Self {
        let (settings, broken) = match Settings::load(file) {
            Ok(settings) => (settings, None),
            Err(error) => (Settings::default(), Some(trouble(&error))),
        };
        let values = SettingsValues::new(&settings, portals);
        Self {
            file: file.display().to_string(),
            keychain_in_use: in_use
                .filter(|kind| *kind != values.keychain)
                .map(str::to_owned),
            values,
            broken,
        }
    }
}

impl SettingsValues {
    fn new(settings: &Settings, portals: &[PortalView]) -> Self {
        let network = &settings.network;
        Self {
            mfa_duration_seconds: settings.sessions.mfa_duration_seconds,
            notice_minutes: settings.sessions.notice_minutes.clone(),
            background: match settings.prompts.background {
                Background::Notify => "notify",
                Background::Popup => "popup",
                Background::Never => "never",
            }
            .to_owned(),
            decline_minutes: settings.prompts.decline_minutes,
            notifications: notifications(settings),
            keychain: settings
                .keychain
                .kind
                .map_or("os", KeychainKind::as_str)
                .to_owned(),
            https_proxy: proxy::shown(network.https_proxy.as_deref().unwrap_or_default()),
            no_proxy: network.no_proxy.clone().unwrap_or_default(),
            ca_bundle: network
                .ca_bundle
                .as_ref()
                .map(|path| path.display().to_string())
                .unwrap_or_default(),
            theme: settings.app.theme.into(),
            clone_style: match settings.app.clone_style {
                CloneStyle::Codecommit => "codecommit",
                CloneStyle::Https => "https",
            }
            .to_owned(),
            editor: command::joined(&settings.app.editor),
            found_editor: Editor::find(&[]).map(|it| it.name),
            device_code: match settings.sso.device_code {
                DeviceCode::Allow => "allow",
                DeviceCode::Never => "never",
            }
            .to_owned(),
            portals: portal::values(settings, portals),
        }
    }
}

/// Changes one setting in the file, and nothing else in it.
///
/// # Errors
/// When the file cannot be used or written, or the value does not do. The file is as it was then.
pub fn set(file: &Path, key: &str, value: SettingValue) -> Result<(), Trouble> {
    let failed = |error: SettingsError| trouble(&error);
    let mut settings = SettingsFile::load(file).map_err(failed)?;
    let value = match value {
        SettingValue::Text(text) if text.trim().is_empty() => None,
        SettingValue::Text(text) if key == "app.editor" => Some(command::split(&text)?.into()),
        SettingValue::Text(text) => Some(Value::from(proxy::typed(key, text.trim())?)),
        SettingValue::Number(number) => Some(number.into()),
        SettingValue::Numbers(numbers) => Some(numbers.into()),
        SettingValue::Flag(flag) => Some(flag.into()),
    };
    match value {
        Some(value) => settings.set(key, value),
        None => settings.unset(key),
    }
    .and_then(|()| settings.save())
    .map_err(failed)
}

/// Pins a profile in the tray's menu, or no longer.
///
/// # Errors
/// As for [`set`].
pub fn pin(file: &Path, profile: &str, pinned: bool) -> Result<(), Trouble> {
    let failed = |error: SettingsError| trouble(&error);
    let mut settings = SettingsFile::load(file).map_err(failed)?;
    let mut names = settings.settings().app.pinned.clone();
    names.retain(|name| name != profile);
    if pinned {
        names.push(profile.to_owned());
    }
    settings
        .set("app.pinned", names)
        .and_then(|()| settings.save())
        .map_err(failed)
}

/// Makes a repository a favourite, or no longer.
///
/// # Errors
/// As for [`set`].
pub fn favour(file: &Path, favourite: &Favourite, is_one: bool) -> Result<(), Trouble> {
    let failed = |error: SettingsError| trouble(&error);
    let mut settings = SettingsFile::load(file).map_err(failed)?;
    let mut urls = settings.settings().app.favourites.clone();
    let url = favourite.to_string();
    urls.retain(|known| *known != url);
    if is_one {
        urls.push(url);
    }
    settings
        .set("app.favourites", urls)
        .and_then(|()| settings.save())
        .map_err(failed)
}

/// Notes the folder that was cloned into, to offer it again.
///
/// # Errors
/// As for [`set`].
pub fn remember_clone_folder(file: &Path, folder: Option<&Path>) -> Result<(), Trouble> {
    let failed = |error: SettingsError| trouble(&error);
    let Some(folder) = folder.and_then(Path::to_str) else {
        return Ok(());
    };
    let mut settings = SettingsFile::load(file).map_err(failed)?;
    settings
        .set("app.clone-folder", folder)
        .and_then(|()| settings.save())
        .map_err(failed)
}

/// What is wrong with the settings, as a page tells it.
pub fn trouble(error: &SettingsError) -> Trouble {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        message.push_str(": ");
        message.push_str(&inner.to_string());
        cause = inner.source();
    }
    let trouble = Trouble::new(message);
    match error {
        SettingsError::Invalid { .. } => trouble.hint(
            "Mend the line with a text editor. Until then the settings from before count, and nothing is written.",
        ),
        SettingsError::Changed { .. } => trouble.hint("Look at the values and try again."),
        SettingsError::Read { .. } | SettingsError::Write { .. } | SettingsError::NotSet { .. } => {
            trouble
        }
    }
}

impl From<holdfast_settings::Theme> for Theme {
    fn from(theme: holdfast_settings::Theme) -> Self {
        match theme {
            holdfast_settings::Theme::System => Self::System,
            holdfast_settings::Theme::Light => Self::Light,
            holdfast_settings::Theme::Dark => Self::Dark,
        }
    }
}

fn notifications(settings: &Settings) -> Vec<NotificationLevel> {
    let levels = &settings.notifications;
    let level = |key: &str, label: &str, level: Level| NotificationLevel {
        key: format!("notifications.{key}"),
        label: label.to_owned(),
        level: match level {
            Level::Normal => "normal",
            Level::Quiet => "quiet",
            Level::Off => "off",
        }
        .to_owned(),
    };
    vec![
        level(
            "needs-you",
            "A program waits for a code or a sign-in",
            levels.needs_you,
        ),
        level("expiry", "A session ends soon", levels.expiry),
        level("renewed", "A session was renewed", levels.renewed),
        level("signed-out", "AWS ended a session", levels.signed_out),
        level(
            "network",
            "AWS cannot be reached, or can be again",
            levels.network,
        ),
    ]
}
