//! `holdfast clone-command`: the command that clones a repository, to copy and paste.

use crate::agent::Agent;
use crate::args::CloneCommand as Arguments;
use crate::outcome::{Failure, Kind, Result};
use crate::print::Output;
use clap::ValueEnum;
use holdfast_codecommit::{CloneCommand, GitHost, RepositoryName, Shell};
use holdfast_setup::git;
use std::path::Path;

/// The form of a clone command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Style {
    /// `codecommit::REGION://PROFILE@REPO`, for git-remote-codecommit
    Codecommit,
    /// An https URL, with the configuration that the clone needs
    Https,
}

/// Prints the command. It holds no secret.
pub(crate) fn run(args: &Arguments, output: &mut Output) -> Result {
    let repository = repository_name(&args.repository)?;
    let mut agent = Agent::connect_or_start(None)?;
    let region = args.region.clone();
    let command = command(&mut agent, &args.profile, &repository, region, args.style)?;
    output.line(text(&command)?)
}

/// The command that clones a repository at a host that the agent named, as text for a shell.
pub(crate) fn clone_command_for(
    host: &str,
    profile: &str,
    repository: &RepositoryName,
    style: Style,
) -> Result<String> {
    text(&at_host(host, profile, repository, style)?)
}

fn text(command: &CloneCommand) -> Result<String> {
    let shell = if cfg!(windows) {
        Shell::PowerShell
    } else {
        Shell::Posix
    };
    command.text(shell).map_err(unquotable)
}

/// The name of a repository on the command line.
pub(crate) fn repository_name(text: &str) -> Result<RepositoryName> {
    RepositoryName::parse(text).map_err(|error| Failure::new(Kind::Usage, error.to_string()))
}

/// The command that clones a repository.
pub(crate) fn command(
    agent: &mut Agent,
    profile: &str,
    repository: &RepositoryName,
    region: Option<String>,
    style: Style,
) -> Result<CloneCommand> {
    let host = agent.repository_host(profile, repository.as_str(), region)?;
    at_host(&host, profile, repository, style)
}

/// The command that clones a repository at a host that the agent named.
pub(crate) fn at_host(
    host: &str,
    profile: &str,
    repository: &RepositoryName,
    style: Style,
) -> Result<CloneCommand> {
    let host = GitHost::parse(host).map_err(|error| {
        Failure::new(
            Kind::AgentUnreachable,
            "the agent named a host that is not CodeCommit's",
        )
        .source(error)
    })?;
    Ok(match style {
        Style::Codecommit => CloneCommand::codecommit(host.region(), profile, repository),
        Style::Https => {
            let helper = slashes(&git::find_credential_helper()?)?;
            let cli = std::env::current_exe().map_err(|error| {
                Failure::new(Kind::File, "the path of this program is not known").source(error)
            })?;
            CloneCommand::https(&host, profile, repository, &helper, &slashes(&cli)?)
                .map_err(unquotable)?
        }
    })
}

/// A path as git's configuration has to have it.
fn slashes(path: &Path) -> Result<String> {
    git::as_git_writes(path).ok_or_else(|| {
        Failure::new(
            Kind::Misconfigured,
            format!(
                "{} is not Unicode, which git's configuration has to be",
                path.display()
            ),
        )
    })
}

fn unquotable(error: holdfast_codecommit::shell::QuoteError) -> Failure {
    Failure::new(Kind::Usage, "the command cannot be written for this shell").source(error)
}
