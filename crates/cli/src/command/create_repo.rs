//! `holdfast create-repo`: a new CodeCommit repository.

use crate::args::CreateRepo;
use crate::command::clone_command::{clone_command_for, repository_name};
use crate::command::login::signed_in;
use crate::outcome::{Failure, Kind, Result};
use crate::print::Output;
use crate::print::text::visible;
use holdfast_codecommit::RepositoryName;

/// Makes the repository, and says how to clone it.
pub(crate) fn run(args: &CreateRepo, output: &mut Output) -> Result {
    RepositoryName::chosen(&args.repository)
        .map_err(|fault| Failure::new(Kind::Usage, fault.to_string()))?;
    let description = args.description.as_deref();
    let region = args.region.as_deref();
    let made = signed_in(&args.profile, |agent| {
        agent.create_repository(&args.profile, region, &args.repository, description)
    });
    let made = made.map_err(|failure| failure.about(&args.profile, region))?;
    let name = repository_name(&made.name)?;
    let command = clone_command_for(&made.host, &args.profile, &name, args.style)?;
    output.line(format!(
        "Created {} in {} of account {}. Clone it with:",
        visible(&made.name),
        visible(&made.region),
        visible(&made.account_id)
    ))?;
    output.line(command)
}
