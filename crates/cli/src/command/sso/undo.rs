//! `holdfast sso undo`.

use crate::agent;
use crate::args::Change;
use crate::command::confirm;
use crate::outcome::Result;
use crate::print::text::list;
use crate::print::{Output, diff};
use holdfast_setup::discovery::UndoPlan;

/// Sections in one line.
const NAMES_IN_LINE: usize = 6;

/// Removes exactly what `sso add-profiles` wrote.
pub(crate) fn run(args: &Change, output: &mut Output) -> Result {
    let plan = UndoPlan::make(&agent::context()?)?;
    if plan.is_empty() {
        return output
            .line("Your AWS config holds no profiles that Holdfast wrote; nothing was changed.");
    }
    diff::print(&plan.diff(), output)?;
    if !plan.kept().is_empty() {
        output.line(format!(
            "These stay, because you changed them or other profiles need them: {}.",
            list(plan.kept(), NAMES_IN_LINE)
        ))?;
    }
    if args.dry_run {
        return output.line("Nothing was changed (--dry-run).");
    }
    confirm("Write this?", args.yes, output)?;
    let removed = plan.profiles().to_vec();
    let written = plan.apply()?;
    output.line(format!("Removed: {}.", list(&removed, NAMES_IN_LINE)))?;
    match written.backup {
        Some(backup) => output.line(format!(
            "What the file held before is in {}.",
            backup.display()
        )),
        None => Ok(()),
    }
}
