//! The command line: every command, option and help text.

use crate::command::clone_command::Style;
use crate::command::env::Shell;
use crate::print::time::parse_duration;
use clap::{Args, Parser, Subcommand};
use holdfast_setup::discovery::NameTemplate;
use holdfast_setup::git::HostFamily;
use std::ffi::OsString;
use std::path::PathBuf;

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
    /// List the CodeCommit repositories of a profile
    Repos(Repos),
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
            | Self::Console(_)
            | Self::Git(Git::Setup(_) | Git::Undo(_) | Git::Install(_) | Git::Uninstall(_))
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

/// `holdfast login`.
#[derive(Args)]
#[command(
    after_help = "Without --code the terminal asks for the code. A code that AWS has answered is never \
                  sent again: after one that was used already, a countdown leads to the next.\n\n\
                  A profile of IAM Identity Center is signed in to in the browser, as the settings for its portal \
                  say; Ctrl-C ends that. The browser has to run on this computer; with --device it can be anywhere."
)]
pub(crate) struct Login {
    /// Profile to sign in
    #[arg(value_name = "PROFILE")]
    pub(crate) profile: String,
    /// The six digits that the MFA device shows now; `-` reads them from standard input
    #[arg(long, value_name = "CODE")]
    pub(crate) code: Option<String>,
    /// Wanted lifetime of the session, for example 12h or 90m (15 minutes to 36 hours)
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    pub(crate) duration: Option<u32>,
    /// How to sign in with the browser.
    #[command(flatten)]
    pub(crate) browser: Browser,
}

/// How to sign in with the browser.
#[derive(Args, Clone, Copy)]
pub(crate) struct Browser {
    /// Print the address of the page instead of opening a browser
    #[arg(long, conflicts_with_all = ["code", "duration"])]
    pub(crate) no_browser: bool,
    /// Sign in with a code on another device; only do so when you began it yourself
    #[arg(long, conflicts_with_all = ["code", "duration"])]
    pub(crate) device: bool,
}

/// `holdfast sso`.
#[derive(Subcommand)]
pub(crate) enum Sso {
    /// List the portals that your AWS config names, and how they are signed in to
    Portals(Json),
    /// Sign in to a portal that need not stand in your AWS config
    Login(SsoLogin),
    /// List the accounts of a portal that you have a role in
    Accounts(SsoAccounts),
    /// List the roles that you have in the accounts of a portal
    Roles(SsoRoles),
    /// Write profiles for roles of a portal into your AWS config
    AddProfiles(SsoAddProfiles),
    /// Remove exactly what `sso add-profiles` wrote
    Undo(Change),
}

impl Sso {
    fn wants_json(&self) -> bool {
        match self {
            Self::Portals(args) => args.json,
            Self::Accounts(args) => args.json.json,
            Self::Roles(args) => args.json.json,
            Self::Login(_) | Self::AddProfiles(_) | Self::Undo(_) => false,
        }
    }
}

/// Which portal.
#[derive(Args)]
pub(crate) struct Portal {
    /// Start URL, or name of an sso-session section; the only portal of your AWS config when absent
    #[arg(value_name = "PORTAL")]
    pub(crate) portal: Option<String>,
    /// Region of the identity center, where your AWS config does not name it
    #[arg(long, value_name = "REGION")]
    pub(crate) sso_region: Option<String>,
}

/// `holdfast sso login`.
#[derive(Args)]
pub(crate) struct SsoLogin {
    /// Which.
    #[command(flatten)]
    pub(crate) portal: Portal,
    /// Print the address of the page instead of opening a browser
    #[arg(long)]
    pub(crate) no_browser: bool,
    /// Sign in with a code on another device; only do so when you began it yourself
    #[arg(long)]
    pub(crate) device: bool,
}

/// `holdfast sso accounts`.
#[derive(Args)]
pub(crate) struct SsoAccounts {
    /// Which.
    #[command(flatten)]
    pub(crate) portal: Portal,
    /// Only accounts whose id, name or e-mail address contains this
    #[arg(long, value_name = "TEXT")]
    pub(crate) search: Option<String>,
    /// Ask AWS again, even when the accounts are known
    #[arg(long)]
    pub(crate) refresh: bool,
    /// Output.
    #[command(flatten)]
    pub(crate) json: Json,
}

/// `holdfast sso roles`.
#[derive(Args)]
pub(crate) struct SsoRoles {
    /// Which.
    #[command(flatten)]
    pub(crate) portal: Portal,
    /// Only accounts whose id, name or e-mail address, or roles whose name, contains this
    #[arg(long, value_name = "TEXT")]
    pub(crate) search: Option<String>,
    /// Ask AWS again, even when the roles are known
    #[arg(long)]
    pub(crate) refresh: bool,
    /// Output.
    #[command(flatten)]
    pub(crate) json: Json,
}

/// `holdfast sso add-profiles`.
#[derive(Args)]
#[command(
    after_help = "Everything is written into one block of the AWS config file that is marked as Holdfast's; the change is \
                  shown first, and `holdfast sso undo` takes the block out again. Names follow the template, in which \
                  {account_name}, {account_id}, {role_name} and {email} stand for those of the role; nothing is written \
                  while two profiles would have the same name.\n\n\
                  For example, every role named Developer:\n\n  \
                  holdfast sso add-profiles --role Developer"
)]
pub(crate) struct SsoAddProfiles {
    /// Which.
    #[command(flatten)]
    pub(crate) portal: Portal,
    /// Only this account, by id or name; several times for several
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) account: Vec<String>,
    /// Only roles of this name; several times for several
    #[arg(long, value_name = "ROLE")]
    pub(crate) role: Vec<String>,
    /// Every role of every account
    #[arg(long, conflicts_with_all = ["account", "role"])]
    pub(crate) all: bool,
    /// How profiles are named
    #[arg(long, value_name = "TEMPLATE", default_value = NameTemplate::DEFAULT)]
    pub(crate) name: NameTemplate,
    /// Region of the new profiles
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Option<String>,
    /// How.
    #[command(flatten)]
    pub(crate) change: Change,
}

/// `holdfast logout`.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Logout {
    /// Profile to sign out
    #[arg(value_name = "PROFILE")]
    pub(crate) profile: Option<String>,
    /// Sign out of every session
    #[arg(long)]
    pub(crate) all: bool,
}

/// `holdfast unlock`.
#[derive(Args)]
pub(crate) struct Unlock {
    /// Read the passphrase from standard input instead of the terminal
    #[arg(long)]
    pub(crate) passphrase_stdin: bool,
}

/// `holdfast keys`.
#[derive(Subcommand)]
pub(crate) enum Keys {
    /// Put an access key into the keychain
    Add(AddKey),
    /// Move plaintext access keys from a file into the keychain
    Import(ImportKeys),
    /// List the access keys in the keychain, without their secrets
    List(Json),
    /// Remove a profile's access key from the keychain
    Remove(RemoveKey),
}

/// `holdfast keys add`.
#[derive(Args)]
#[command(
    after_help = "On a terminal both parts are asked for, the secret without echo. Otherwise they are read from \
                  standard input: the key id on one line and the secret on the next, or what \
                  `aws iam create-access-key --output json` prints:\n\n  \
                  aws iam create-access-key --output json | holdfast keys add PROFILE"
)]
pub(crate) struct AddKey {
    /// Profile that the key belongs to
    #[arg(value_name = "PROFILE")]
    pub(crate) profile: String,
    /// Replace a different key that is already there
    #[arg(long)]
    pub(crate) replace: bool,
}

/// `holdfast keys import`.
#[derive(Args)]
#[command(
    after_help = "Without --from, the AWS credentials and config files are read. --from takes a file of either \
                  kind, or the accessKeys.csv of the AWS console (then name the one PROFILE it is for). \
                  Nothing is removed without --remove-plaintext, and then only keys that the keychain has \
                  been seen to hold. The backup that is made has the secrets masked."
)]
pub(crate) struct ImportKeys {
    /// Only these profiles; every profile with a plaintext key when absent
    #[arg(value_name = "PROFILE")]
    pub(crate) profiles: Vec<String>,
    /// File to read: an AWS credentials or config file, or accessKeys.csv
    #[arg(long, value_name = "FILE")]
    pub(crate) from: Option<PathBuf>,
    /// Afterwards remove the plaintext keys from the file; shows the change and asks first
    #[arg(long)]
    pub(crate) remove_plaintext: bool,
    /// With --remove-plaintext: keep the secrets in the backup too, in plaintext, until you delete it
    #[arg(long, requires = "remove_plaintext")]
    pub(crate) backup_secrets: bool,
    /// With --remove-plaintext: keep no backup
    #[arg(long, requires = "remove_plaintext", conflicts_with = "backup_secrets")]
    pub(crate) no_backup: bool,
    /// Replace different keys that are already in the keychain
    #[arg(long)]
    pub(crate) replace: bool,
    /// Do not ask before changing files
    #[arg(long)]
    pub(crate) yes: bool,
}

/// `holdfast keys remove`.
#[derive(Args)]
pub(crate) struct RemoveKey {
    /// Profile whose key is removed
    #[arg(value_name = "PROFILE")]
    pub(crate) profile: String,
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
}

/// `holdfast credential-process`.
#[derive(Args)]
#[command(
    after_help = "In ~/.aws/config:\n\n  [profile app]\n  credential_process = holdfast credential-process --profile PROFILE\n\n\
                  Prints the JSON document (Version 1) of the AWS SDKs. From a terminal it waits at most 50 s for \
                  an MFA prompt to be answered, elsewhere not at all."
)]
pub(crate) struct CredentialProcess {
    /// Profile whose credentials are printed
    #[arg(long, value_name = "PROFILE")]
    pub(crate) profile: String,
}

/// `holdfast exec`.
#[derive(Args)]
#[command(
    after_help = "Sets AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_CREDENTIAL_EXPIRATION, \
                  AWS_REGION and AWS_DEFAULT_REGION, and removes AWS_PROFILE. The exit status is the command's own; \
                  126 when it cannot be run, 127 when there is no such command."
)]
pub(crate) struct Exec {
    /// Profile whose credentials the command gets
    #[arg(value_name = "PROFILE")]
    pub(crate) profile: String,
    /// The command and its arguments
    #[arg(value_name = "CMD", required = true, last = true)]
    pub(crate) command: Vec<OsString>,
}

/// `holdfast env`.
#[derive(Args)]
#[command(
    after_help = "For example:\n\n  eval \"$(holdfast env PROFILE)\"\n  holdfast env PROFILE --shell fish | source"
)]
pub(crate) struct Env {
    /// Profile whose credentials are printed
    #[arg(value_name = "PROFILE")]
    pub(crate) profile: String,
    /// Shell to print for; told from the environment when absent
    #[arg(long, value_name = "SHELL")]
    pub(crate) shell: Option<Shell>,
}

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

/// `holdfast console`.
#[derive(Args)]
#[command(
    after_help = "Needs a profile that ends with a role. The browser is told an address on this computer that leads \
                  to the console once, so that the sign-in link stands on no command line. BROWSER names the browser."
)]
pub(crate) struct Console {
    /// Profile to sign in with
    #[arg(value_name = "PROFILE")]
    pub(crate) profile: String,
    /// Page to open: `codecommit`, `codecommit::REGION://REPOSITORY`, or the address of a console page
    #[arg(long, value_name = "PAGE")]
    pub(crate) destination: Option<String>,
    /// Lifetime of the console session, for example 8h (15 minutes to 12 hours); not for chained roles
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    pub(crate) duration: Option<u32>,
    /// Print the link instead of opening it; whoever has it within 15 minutes is signed in
    #[arg(long)]
    pub(crate) print: bool,
}

/// `holdfast git`.
#[derive(Subcommand)]
pub(crate) enum Git {
    /// Make Holdfast the credential helper of CodeCommit, and of nothing else
    Setup(GitSetup),
    /// Show which helper answers for CodeCommit
    Status(GitStatus),
    /// Remove exactly what `git setup` wrote
    Undo(GitUndo),
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

/// `holdfast git setup`.
#[derive(Args)]
#[command(
    after_help = "Writes one section per family of CodeCommit hosts: a reset of the helpers configured before, \
                  Holdfast's helper by absolute path, useHttpPath and, for git 2.46 and later, proactiveAuth. \
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
