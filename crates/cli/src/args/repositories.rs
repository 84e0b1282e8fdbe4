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
#[command(
    after_help = "Several profiles and regions are asked at the same time, and what one of them does not give is told on \
                  standard error beside the rest. A single profile asks for an MFA code or a sign-in where that is needed; \
                  of several, those that need you are named and left out."
)]
pub(crate) struct Repos {
    /// Profiles that list them; that of AWS_PROFILE, else `default`, when absent
    #[arg(value_name = "PROFILE")]
    pub(crate) profiles: Vec<String>,
    /// Every profile of your AWS files
    #[arg(long, conflicts_with = "profiles")]
    pub(crate) all: bool,
    /// Region to look in, once or several times; the profile's, else the environment's, when absent
    #[arg(long = "region", value_name = "REGION")]
    pub(crate) regions: Vec<String>,
    /// Only those with these words in their name or description
    #[arg(long, value_name = "TEXT")]
    pub(crate) search: Option<String>,
    /// Output.
    #[command(flatten)]
    pub(crate) json: Json,
}

/// `holdfast create-repo`.
#[derive(Args)]
#[command(
    after_help = "The repository is empty, and the command that clones it is printed. A name has 1 to 100 letters, digits, \
                  dots, dashes and underscores, and does not end in .git."
)]
pub(crate) struct CreateRepo {
    /// Profile that makes it, in its account
    #[arg(value_name = "PROFILE")]
    pub(crate) profile: String,
    /// Name of the new repository
    #[arg(value_name = "NAME")]
    pub(crate) repository: String,
    /// What it is for
    #[arg(long, value_name = "TEXT")]
    pub(crate) description: Option<String>,
    /// Region to make it in; the profile's, else the environment's, when absent
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Option<String>,
    /// Form of the clone command
    #[arg(long, value_name = "STYLE", default_value = "codecommit")]
    pub(crate) style: Style,
}
