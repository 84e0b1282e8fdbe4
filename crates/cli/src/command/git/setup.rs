//! `holdfast git setup`.

use super::CONTEXT;
use crate::args::GitSetup;
use crate::command::confirm;
use crate::outcome::{Failure, Result};
use crate::print::{Output, diff, text};
use holdfast_setup::git::{SetupPlan, SetupRequest};
use holdfast_setup::helpers::{self, Places};

/// Makes Holdfast the credential helper of CodeCommit.
pub(crate) fn run(args: &GitSetup, output: &mut Output) -> Result {
    let request = SetupRequest {
        scope: (&args.scope).into(),
        profile: args.profile.clone(),
        families: args.host_family.clone(),
        alias: args.alias,
        helper: helpers::installed_credential_helper(&Places::of_this_process()?)?,
    };
    let plan = SetupPlan::make(&request, &crate::agent::context()?)?;
    if let Some(alias) = plan.foreign_alias() {
        let alias = text::visible(alias);
        output.line(format!(
            "git mfa is already an alias for {alias}; it is left as it is."
        ))?;
    }
    let path = plan.path().display();
    if !plan.is_needed() {
        return output.line(format!("{path} is set up already; nothing was changed."));
    }
    diff::print(&plan.diff(CONTEXT), output)?;
    if args.change.dry_run {
        return output.line("Nothing was changed (--dry-run).");
    }
    confirm(&format!("Write this to {path}?"), args.change.yes, output)?;
    let backup = plan.apply().map_err(|error| blame(error.into(), args))?;
    output.line(format!(
        "git asks Holdfast, and nobody else, about CodeCommit. To undo it, run: holdfast git undo{}",
        if args.scope.local { " --local" } else { "" }
    ))?;
    if !args.alias {
        output.line(
            "To sign in with `git mfa`, add --profile PROFILE --alias, or run in a repository: holdfast git use PROFILE",
        )?;
    }
    match backup {
        Some(backup) => output.line(format!(
            "What the file held before is in {}.",
            backup.display()
        )),
        None => Ok(()),
    }
}

fn blame(failure: Failure, args: &GitSetup) -> Failure {
    if args.scope.local || !failure.hints().is_empty() {
        return failure;
    }
    failure
        .hint("make the file writable, or set one repository up with: holdfast git setup --local")
}
