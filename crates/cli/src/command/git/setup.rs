//! `holdfast git setup`.

use super::{families_in_use, show_change};
use crate::args::GitSetup;
use crate::command::confirm;
use crate::git::binary::Git;
use crate::git::family;
use crate::git::file::ConfigFile;
use crate::git::helper;
use crate::git::section::{self, Wanted};
use crate::outcome::{Failure, Result};
use crate::print::{Output, text};

/// Makes Holdfast the credential helper of CodeCommit.
pub(crate) fn run(args: &GitSetup, output: &mut Output) -> Result {
    let git = Git::find()?;
    let file = ConfigFile::open(&git, &args.scope)?;
    let entries = git.entries(&file.path)?;
    let families = if args.host_family.is_empty() {
        families_in_use()?
    } else {
        args.host_family.clone()
    };
    let mut wanted = Wanted {
        patterns: family::patterns(&families),
        helper: helper::command(&helper::find()?, args.profile.as_deref())?,
        proactive_auth: git.version.knows_proactive_auth(),
        alias: wanted_alias(args)?,
    };
    if let (Some(_), Some(alias)) = (&wanted.alias, section::foreign_alias(&entries)) {
        let alias = text::visible(alias);
        output.line(format!(
            "git mfa is already an alias for {alias}; it is left as it is."
        ))?;
        wanted.alias = None;
    }
    if section::is_in_place(&entries, &wanted) {
        return output.line(format!(
            "{} is set up already; nothing was changed.",
            file.path.display()
        ));
    }
    let kept = section::patterns_in(&entries);
    let asked = std::mem::take(&mut wanted.patterns);
    let in_order = family::every_pattern().into_iter();
    wanted.patterns = in_order
        .filter(|pattern| asked.contains(pattern) || kept.contains(pattern))
        .collect();
    if wanted.alias.is_none() {
        wanted.alias = section::own_alias(&entries).map(str::to_owned);
    }

    let scratch = file.scratch()?;
    section::remove(&git, &scratch.path)?;
    section::add(&git, &scratch.path, &wanted)?;
    let after = scratch.bytes()?;
    show_change(&file, &after, output)?;
    if args.change.dry_run {
        return output.line("Nothing was changed (--dry-run).");
    }
    confirm(
        &format!("Write this to {}?", file.path.display()),
        args.change.yes,
        output,
    )?;
    let backup = file
        .replace(&after)
        .map_err(|failure| blame(failure, args))?;
    output.line(format!(
        "git asks Holdfast, and nobody else, about CodeCommit. To undo it, run: holdfast git undo{}",
        if args.scope.local { " --local" } else { "" }
    ))?;
    match backup {
        Some(backup) => output.line(format!(
            "What the file held before is in {}.",
            backup.display()
        )),
        None => Ok(()),
    }
}

fn wanted_alias(args: &GitSetup) -> Result<Option<String>> {
    match &args.profile {
        Some(profile) if args.alias => section::alias_for(profile).map(Some),
        Some(_) | None => Ok(None),
    }
}

fn blame(failure: Failure, args: &GitSetup) -> Failure {
    if args.scope.local || !failure.hints().is_empty() {
        return failure;
    }
    failure
        .hint("make the file writable, or set one repository up with: holdfast git setup --local")
}
