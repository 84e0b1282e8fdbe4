//! Git's set-up.

use super::{Change, Json};
use clap::{Args, Subcommand};
use holdfast_setup::git::HostFamily;

/// `holdfast git`.
#[derive(Subcommand)]
pub(crate) enum Git {
    /// Make Holdfast the credential helper of CodeCommit, and of nothing else
    Setup(GitSetup),
    /// Show which helper answers for CodeCommit
    Status(GitStatus),
    /// Remove exactly what `git setup` wrote
    Undo(GitUndo),
    /// Say which profile opens this repository, or show what is remembered
    Use(GitUse),
    /// Copy the programs that git starts into your own folder for programs
    Install(GitPrograms),
    /// Remove exactly the programs that `git install` copied
    Uninstall(GitPrograms),
}

/// Which git configuration file.
#[derive(Args)]
#[group(multiple = false)]
pub(crate) struct Scope {
    /// The user's git configuration (default)
    #[arg(long)]
    pub(crate) global: bool,
    /// The configuration of the repository around the working folder
    #[arg(long)]
    pub(crate) local: bool,
}

/// `holdfast git setup`.
#[derive(Args)]
#[command(
    after_help = "Writes one section per family of CodeCommit hosts: a reset of the helpers configured before, \
                  Holdfast's helper by absolute path, useHttpPath, emptyAuth=false and, for git 2.46 and later, proactiveAuth. \
                  Helpers of other hosts are not touched. Run it again after moving Holdfast or updating git."
)]
pub(crate) struct GitSetup {
    /// Which file.
    #[command(flatten)]
    pub(crate) scope: Scope,
    /// Always use this profile, instead of the one that reaches the repository
    #[arg(long, value_name = "PROFILE")]
    pub(crate) profile: Option<String>,
    /// Family of CodeCommit hosts to set up, several times or with commas; `all` for every one [default: aws, and the
    /// partitions of the regions in your AWS config]
    #[arg(long, value_name = "FAMILY", value_delimiter = ',')]
    pub(crate) host_family: Vec<HostFamily>,
    /// Also set `git mfa` up as `holdfast login PROFILE`
    #[arg(long, requires = "profile")]
    pub(crate) alias: bool,
    /// How.
    #[command(flatten)]
    pub(crate) change: Change,
}

/// `holdfast git status`.
#[derive(Args)]
pub(crate) struct GitStatus {
    /// Output.
    #[command(flatten)]
    pub(crate) json: Json,
}

/// `holdfast git undo`.
#[derive(Args)]
pub(crate) struct GitUndo {
    /// Which file.
    #[command(flatten)]
    pub(crate) scope: Scope,
    /// How.
    #[command(flatten)]
    pub(crate) change: Change,
}

/// `holdfast git install` and `holdfast git uninstall`.
#[derive(Args)]
#[command(
    after_help = "The programs are git-credential-holdfast, git-remote-codecommit, holdfast and holdfast-agent, the folder \
                  is ~/.local/bin, and %LOCALAPPDATA%\\Holdfast\\bin on Windows. Files that Holdfast did not \
                  install are never replaced or removed."
)]
pub(crate) struct GitPrograms {
    /// How.
    #[command(flatten)]
    pub(crate) change: Change,
}

/// `holdfast git use`.
#[derive(Args)]
#[command(
    after_help = "The agent remembers the profile for the repository of every remote of CodeCommit here. It counts before \
                  AWS_PROFILE, and behind a profile that git's configuration or the remote's URL names. Without arguments, \
                  what is remembered is shown."
)]
pub(crate) struct GitUse {
    /// Name of the profile
    #[arg(value_name = "PROFILE", conflicts_with = "forget")]
    pub(crate) profile: Option<String>,
    /// Only the repository of this remote
    #[arg(long, value_name = "NAME")]
    pub(crate) remote: Option<String>,
    /// The repository of this URL instead, for example before it is cloned
    #[arg(long, value_name = "URL", conflicts_with = "remote")]
    pub(crate) url: Option<String>,
    /// Forget what is remembered
    #[arg(long)]
    pub(crate) forget: bool,
    /// Do not ask before `git mfa` is set up in the repository
    #[arg(long)]
    pub(crate) yes: bool,
}
