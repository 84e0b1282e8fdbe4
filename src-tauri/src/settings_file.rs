//! Where the settings are.

use holdfast_agent_proto::folders::{Folders, NoHome};
use std::path::{Path, PathBuf};

/// The file with the settings.
#[derive(Clone, Debug)]
pub(crate) struct SettingsPath(PathBuf);

impl SettingsPath {
    /// As the environment has it; the agent reads the same.
    pub(crate) fn from_env() -> Result<Self, NoHome> {
        let config = Folders::from_env()?.config;
        Ok(Self(config.join(holdfast_settings::FILE_NAME)))
    }

    /// The file.
    pub(crate) fn file(&self) -> &Path {
        &self.0
    }
}
