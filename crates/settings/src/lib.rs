//! The user's settings: `config.toml` in the configuration folder, all of it optional.
//!
//! The agent and the app read it; the app and people write it. Edits keep every comment, the order of the lines
//! and how they are written.

mod edit;
mod error;
mod level;
mod model;
mod parse;
mod portal;
mod value;

pub use edit::SettingsFile;
pub use error::SettingsError;
pub use level::{Level, NotificationSettings};
pub use model::{
    AppSettings, Background, CloneStyle, KeychainKind, KeychainSettings, NetworkSettings,
    PromptSettings, SessionSettings, Settings, Theme,
};
pub use portal::{Browser, DeviceCode, PortalSettings, SsoSettings};
pub use value::Value;

/// Name of the file in the configuration folder.
pub const FILE_NAME: &str = "config.toml";
