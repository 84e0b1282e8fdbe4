//! What the agent needs to know of a caller, because it outlives the shell that started it.

use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The caller's surroundings, sent once per connection.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct CallerContext {
    /// Absolute path of the AWS config file (`AWS_CONFIG_FILE`, else `~/.aws/config`).
    pub config_file: PathBuf,
    /// Absolute path of the AWS credentials file (`AWS_SHARED_CREDENTIALS_FILE`, else `~/.aws/credentials`).
    pub credentials_file: PathBuf,
    /// `AWS_PROFILE`, when set and not empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// `AWS_REGION`, else `AWS_DEFAULT_REGION`, when set and not empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// How a human can be reached on behalf of this caller.
    #[serde(default)]
    pub interaction: Interaction,
    /// The caller's working folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub working_dir: Option<PathBuf>,
}

/// How a human can be reached on behalf of a caller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Interaction {
    /// A person is at the caller's terminal: a popup may open at once.
    Terminal,
    /// Nobody may be looking: a notification whose click opens the popup.
    #[default]
    Background,
    /// Never ask a human for this caller.
    Never,
}
