//! CodeCommit repositories.

use super::Json;
use crate::command::clone_command::Style;
use clap::Args;
use std::path::PathBuf;

/// `holdfast clone-command`.
#[derive(Args)]
#[command(
    after_help = "The command holds no secret. The https form works whatever git's configuration is; the \
                  codecommit form needs git-remote-codecommit."
)]
pub(crate) struct CloneCommand {
    /// Profile that reaches the repository
    #[arg(value_name = "PROFILE")]
    pub(crate) profile: String,
    /// Name of the repository
    #[arg(value_name = "REPO")]
    pub(crate) repository: String,
    /// Region of the repository; the environment's or the profile's when absent
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Option<String>,
    /// Form of the command
    #[arg(long, value_name = "STYLE", default_value = "codecommit")]
    pub(crate) style: Style,
}

/// `holdfast clone`.
#[derive(Args)]
#[command(
    after_help = "Runs `git clone` as `holdfast clone-command` prints it, and asks for an MFA code or a sign-in first where \
                  that is needed. Ctrl-C ends it; nothing is left behind then. What is in DIR already is never touched."
)]
pub(crate) struct Clone {
    /// Profile that reaches the repository
    #[arg(value_name = "PROFILE")]
    pub(crate) profile: String,
    /// Name of the repository
    #[arg(value_name = "REPO")]
    pub(crate) repository: String,
    /// Folder for the clone; one named after the repository when absent
    #[arg(value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
    /// Region of the repository; the environment's or the profile's when absent
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Option<String>,
    /// Form of the URL
    #[arg(long, value_name = "STYLE", default_value = "codecommit")]
    pub(crate) style: Style,
}

/// `holdfast repos`.
#[derive(Args)]
pub(crate) struct Repos {
    /// Profile that lists them; that of AWS_PROFILE, else `default`, when absent
    #[arg(value_name = "PROFILE")]
    pub(crate) profile: Option<String>,
    /// Region to look in; the profile's, else the environment's, when absent
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Option<String>,
    /// Output.
    #[command(flatten)]
    pub(crate) json: Json,
}
