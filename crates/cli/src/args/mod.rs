//! The command line: every command, option and help text.

mod credentials;
mod git;
mod keys;
mod repositories;
mod sign_in;
mod sso;

pub(crate) use credentials::{Console, CredentialProcess, Env, Exec};
pub(crate) use git::{Git, GitPrograms, GitSetup, GitStatus, GitUndo, GitUse, Scope};
pub(crate) use keys::{AddKey, ImportKeys, Keys, RemoveKey};
pub(crate) use repositories::{Clone, CloneCommand, CreateRepo, Repos};
pub(crate) use sign_in::{Browser, Login, Logout, Unlock};
pub(crate) use sso::{Portal, Sso, SsoAccounts, SsoAddProfiles, SsoListing, SsoLogin, SsoRoles};

use clap::{Args, Parser, Subcommand};

/// Keeps AWS sessions alive, so that git, the AWS CLI and the SDKs just work.
#[derive(Parser)]
#[command(
    name = "holdfast",
    version,
    propagate_version = false,
    disable_help_subcommand = true,
    after_help = "Exit status: 0 done, 1 failed, 2 wrong usage or configuration, \
                  3 a person is needed (MFA code, confirmation), 4 the agent cannot be reached.\n\
                  Every profile is one of ~/.aws/config; AWS_CONFIG_FILE and \
                  AWS_SHARED_CREDENTIALS_FILE are honoured."
)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Show the sessions, when they end, and what needs you
    Status(Json),
    /// List every profile, its chain in words, and what is wrong with it
    Profiles(Json),
    /// Show who received which credentials when, what was refused, and what became of sessions and keys
    Activity(Activity),
    /// Sign in: asks for the MFA code, or leads to the browser, whichever the profile needs
    Login(Login),
    /// Sign out of one profile, or of all
    Logout(Logout),
    /// Forget every secret in memory until unlocked
    Lock,
    /// Serve again after a lock; asks for the passphrase where the keychain is a file
    Unlock(Unlock),
    /// IAM Identity Center: portals, accounts and roles, and profiles for them
    #[command(subcommand)]
    Sso(Sso),
    /// Long-lived access keys in the keychain
    #[command(subcommand)]
    Keys(Keys),
    /// Print credentials for an AWS SDK or the AWS CLI (`credential_process`)
    CredentialProcess(CredentialProcess),
    /// Run a command with a profile's credentials in its environment
    Exec(Exec),
    /// Print a profile's credentials as shell exports
    Env(Env),
    /// Print the command that clones a repository, to copy and paste
    CloneCommand(CloneCommand),
    /// Clone a repository, with its progress
    Clone(Clone),
    /// List the CodeCommit repositories of profiles
    Repos(Repos),
    /// Make a new CodeCommit repository
    CreateRepo(CreateRepo),
    /// Open the AWS console in the browser, signed in with a profile
    Console(Console),
    /// Set git up for CodeCommit, show the set-up, or undo it
    #[command(subcommand)]
    Git(Git),
    /// Say what is wrong with git, AWS and Holdfast here, and mend what can be mended safely
    Doctor(Doctor),
    /// The agent that keeps the sessions
    #[command(subcommand)]
    Agent(Agent),
    /// Print a completion script for a shell
    Completions(Completions),
}

impl Command {
    /// Whether a program reads the answer, so that errors are JSON as well.
    pub(crate) fn wants_json(&self) -> bool {
        match self {
            Self::Status(args) | Self::Profiles(args) => args.json,
            Self::Activity(args) => args.json.json,
            Self::Keys(Keys::List(args)) => args.json,
            Self::Git(Git::Status(args)) => args.json.json,
            Self::Agent(Agent::Status(args)) => args.json,
            Self::Repos(args) => args.json.json,
            Self::Sso(sso) => sso.wants_json(),
            Self::Doctor(args) => args.json.json,
            Self::Login(_)
            | Self::Logout(_)
            | Self::Lock
            | Self::Unlock(_)
            | Self::Keys(Keys::Add(_) | Keys::Import(_) | Keys::Remove(_))
            | Self::CredentialProcess(_)
            | Self::Exec(_)
            | Self::Env(_)
            | Self::CloneCommand(_)
            | Self::Clone(_)
            | Self::CreateRepo(_)
            | Self::Console(_)
            | Self::Git(
                Git::Setup(_) | Git::Undo(_) | Git::Use(_) | Git::Install(_) | Git::Uninstall(_),
            )
            | Self::Agent(Agent::Start | Agent::Stop)
            | Self::Completions(_) => false,
        }
    }
}

/// Output for programs.
#[derive(Args)]
pub(crate) struct Json {
    /// Print one JSON document, also for errors
    #[arg(long)]
    pub(crate) json: bool,
}

/// `holdfast activity`.
#[derive(Args)]
pub(crate) struct Activity {
    #[command(flatten)]
    pub(crate) json: Json,
    /// How many entries, the newest first
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) limit: u32,
}

/// How a file is changed.
#[derive(Args)]
pub(crate) struct Change {
    /// Only show the change
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not ask before writing
    #[arg(long)]
    pub(crate) yes: bool,
}

/// `holdfast doctor`.
#[derive(Args)]
#[command(
    after_help = "Looks at git and its configuration, the repository around the working folder, the AWS files, the agent, the \
                  keychain, the clock and the network, and changes nothing. Nobody is asked for a code. With --fix, each \
                  change is shown and asked for. The exit status is 1 while there is a problem."
)]
pub(crate) struct Doctor {
    /// Output.
    #[command(flatten)]
    pub(crate) json: Json,
    /// Mend what can be mended safely; shows each change and asks first
    #[arg(long, conflicts_with = "json")]
    pub(crate) fix: bool,
    /// With --fix: do not ask
    #[arg(long, requires = "fix")]
    pub(crate) yes: bool,
    /// Also say what is as it should be
    #[arg(long)]
    pub(crate) all: bool,
}

/// `holdfast agent`.
#[derive(Subcommand)]
pub(crate) enum Agent {
    /// Show whether the agent runs; exit status 4 when it does not
    Status(Json),
    /// Start the agent; every other command does so by itself
    Start,
    /// End the agent; sessions are kept, sealed, for its next start
    Stop,
}

/// `holdfast completions`.
#[derive(Args)]
pub(crate) struct Completions {
    /// Shell to print for
    #[arg(value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}
