//! One module per command.

pub(crate) mod activity;
pub(crate) mod agent;
pub(crate) mod clone;
pub(crate) mod clone_command;
pub(crate) mod completions;
pub(crate) mod console;
pub(crate) mod create_repo;
pub(crate) mod credential_process;
pub(crate) mod doctor;
pub(crate) mod env;
pub(crate) mod exec;
pub(crate) mod git;
pub(crate) mod keys;
pub(crate) mod lock;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod profiles;
pub(crate) mod repos;
pub(crate) mod sso;
pub(crate) mod status;

use crate::args::{self, Command};
use crate::outcome::{Exit, Failure, Kind, Result};
use crate::print::Output;
use crate::terminal::Terminal;

/// Runs a command.
pub(crate) fn run(command: Command, output: &mut Output) -> Result<Exit> {
    match command {
        Command::Status(args) => status::run(&args, output)?,
        Command::Activity(args) => activity::run(&args, output)?,
        Command::Profiles(args) => profiles::run(&args, output)?,
        Command::Login(args) => login::run(&args, output)?,
        Command::Logout(args) => logout::run(&args, output)?,
        Command::Lock => lock::lock(output)?,
        Command::Unlock(args) => lock::unlock(&args, output)?,
        Command::Sso(args::Sso::Portals(args)) => sso::portals::run(&args, output)?,
        Command::Sso(args::Sso::Login(args)) => sso::login::run(&args, output)?,
        Command::Sso(args::Sso::Accounts(args)) => sso::accounts::run(&args, output)?,
        Command::Sso(args::Sso::Roles(args)) => sso::roles::run(&args, output)?,
        Command::Sso(args::Sso::AddProfiles(args)) => sso::add_profiles::run(&args, output)?,
        Command::Sso(args::Sso::Undo(args)) => sso::undo::run(&args, output)?,
        Command::Keys(args::Keys::Add(args)) => keys::add::run(&args, output)?,
        Command::Keys(args::Keys::Import(args)) => keys::import::run(&args, output)?,
        Command::Keys(args::Keys::List(args)) => keys::list::run(&args, output)?,
        Command::Keys(args::Keys::Remove(args)) => keys::remove::run(&args, output)?,
        Command::CredentialProcess(args) => credential_process::run(&args, output)?,
        Command::Exec(args) => exec::run(&args)?,
        Command::Env(args) => env::run(&args, output)?,
        Command::CloneCommand(args) => clone_command::run(&args, output)?,
        Command::Clone(args) => clone::run(&args, output)?,
        Command::Repos(args) => repos::run(&args, output)?,
        Command::CreateRepo(args) => create_repo::run(&args, output)?,
        Command::Console(args) => console::run(&args, output)?,
        Command::Git(args::Git::Setup(args)) => git::setup::run(&args, output)?,
        Command::Git(args::Git::Status(args)) => git::status::run(&args, output)?,
        Command::Git(args::Git::Undo(args)) => git::undo::run(&args, output)?,
        Command::Git(args::Git::Use(args)) => git::use_profile::run(&args, output)?,
        Command::Git(args::Git::Install(args)) => git::install::run(&args, output)?,
        Command::Git(args::Git::Uninstall(args)) => git::uninstall::run(&args, output)?,
        Command::Doctor(args) => return doctor::run(&args, output),
        Command::Agent(args::Agent::Status(args)) => return agent::status(&args, output),
        Command::Agent(args::Agent::Start) => agent::start(output)?,
        Command::Agent(args::Agent::Stop) => agent::stop(output)?,
        Command::Completions(args) => completions::run(&args, output)?,
    }
    Ok(Exit::Done)
}

/// How long a person is waited for, in seconds, when a prompt is open elsewhere: `HOLDFAST_PROMPT_TIMEOUT`, else 120.
pub(crate) fn prompt_timeout() -> u32 {
    let set = std::env::var("HOLDFAST_PROMPT_TIMEOUT").ok();
    set.and_then(|seconds| seconds.parse().ok())
        .map_or(120, |seconds: u32| seconds.min(3600))
}

/// Asks before something is changed. `--yes` answers for the person; without a terminal nobody can.
pub(crate) fn confirm(question: &str, yes: bool, output: &mut Output) -> Result {
    if agreed(question, yes, output)? {
        Ok(())
    } else {
        Err(Failure::new(Kind::NotConfirmed, "nothing was changed"))
    }
}

/// Asks a question, to which `--yes` says yes for the person; without a terminal nobody can answer.
pub(crate) fn agreed(question: &str, yes: bool, output: &mut Output) -> Result<bool> {
    if yes {
        return Ok(true);
    }
    output.flush()?;
    let hint = "look at the change, then run the same command with --yes";
    Terminal::required("a confirmation is needed", hint)?.confirm(question)
}
