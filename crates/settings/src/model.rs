//! What can be set, and what counts when it is not.

use crate::level::NotificationSettings;
use crate::portal::{PortalSettings, SsoSettings};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What the user decided. Every key has a default; unknown keys are refused, so that a typing error
/// does not silently do nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// How long sessions live and when they are announced.
    pub sessions: SessionSettings,
    /// Where long-lived keys are kept.
    pub keychain: KeychainSettings,
    /// How AWS is reached.
    pub network: NetworkSettings,
    /// When a person is asked.
    pub prompts: PromptSettings,
    /// How people sign in to IAM Identity Center.
    pub sso: SsoSettings,
    /// What holds for one access portal, by its start URL as it is written; look up with
    /// [`Settings::portal`].
    pub portals: BTreeMap<String, PortalSettings>,
    /// How much is made of which news.
    pub notifications: NotificationSettings,
    /// How the app looks and works.
    pub app: AppSettings,
}

/// `[sessions]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct SessionSettings {
    /// Lifetime in seconds that a session with MFA is asked for where the profile does not say: 900 to 129600.
    pub mfa_duration_seconds: u32,
    /// How many minutes before its end a session that only a person can renew is announced: at most 8 of 1 to 720.
    pub notice_minutes: Vec<u32>,
}

impl Default for SessionSettings {
    fn default() -> Self {
        Self {
            mfa_duration_seconds: 12 * 3600,
            notice_minutes: vec![15, 5],
        }
    }
}

/// `[keychain]`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct KeychainSettings {
    /// Which keychain; `HOLDFAST_KEYCHAIN` wins.
    pub kind: Option<KeychainKind>,
}

/// Where long-lived keys are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeychainKind {
    /// The operating system's keychain.
    Os,
    /// A file sealed with a passphrase.
    File,
    /// The agent's memory, until it ends.
    Memory,
}

impl KeychainKind {
    /// As it is written in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Os => "os",
            Self::File => "file",
            Self::Memory => "memory",
        }
    }
}

/// `[network]`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct NetworkSettings {
    /// URL of the proxy for https; `HTTPS_PROXY` of the agent's environment when absent.
    pub https_proxy: Option<String>,
    /// Hosts that are reached without the proxy, separated by commas; `NO_PROXY` when absent.
    pub no_proxy: Option<String>,
    /// File with certificate authorities in PEM form; `AWS_CA_BUNDLE` when absent.
    pub ca_bundle: Option<PathBuf>,
}

/// `[prompts]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct PromptSettings {
    /// What a program without a terminal gets when it needs a code.
    pub background: Background,
    /// For how many minutes a declined prompt is not opened again: 1 to 1440.
    pub decline_minutes: u32,
}

impl Default for PromptSettings {
    fn default() -> Self {
        Self {
            background: Background::Notify,
            decline_minutes: 5,
        }
    }
}

/// What a program without a terminal gets when it needs a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Background {
    /// A notification, from which the person can go on.
    Notify,
    /// The window for the code at once, as programs in a terminal get it.
    Popup,
    /// A refusal at once.
    Never,
}

/// `[app]`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct AppSettings {
    /// Light or dark.
    pub theme: Theme,
    /// Which clone commands are copied.
    pub clone_style: CloneStyle,
    /// The folder that was cloned into last.
    pub clone_folder: Option<PathBuf>,
    /// What opens a clone to edit it: a program and its arguments. `%s` in an argument stands for the folder, which
    /// otherwise comes last. Empty: one that is found.
    pub editor: Vec<String>,
    /// Profiles that stand first in the menu.
    pub pinned: Vec<String>,
    /// Repositories that stand first in lists and in the menu: `codecommit::REGION://PROFILE@REPOSITORY`.
    pub favourites: Vec<String>,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// As the desktop is.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// Which clone commands are copied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CloneStyle {
    /// `git clone codecommit::REGION://PROFILE@REPOSITORY`
    #[default]
    Codecommit,
    /// `git clone https://…`
    Https,
}
