//! `holdfast git undo`.

use super::CONTEXT;
use crate::args::GitUndo;
use crate::command::confirm;
use crate::outcome::Result;
use crate::print::{Output, diff};
use holdfast_setup::git::UndoPlan;

/// Removes exactly what `git setup` wrote.
pub(crate) fn run(args: &GitUndo, output: &mut Output) -> Result {
    let plan = UndoPlan::make((&args.scope).into())?;
    let path = plan.path().display();
    if !plan.is_needed() {
        return output.line(format!(
            "{path} holds nothing of Holdfast; nothing was changed."
        ));
    }
    diff::print(&plan.diff(CONTEXT), output)?;
    if args.change.dry_run {
        return output.line("Nothing was changed (--dry-run).");
    }
    confirm(&format!("Write this to {path}?"), args.change.yes, output)?;
    plan.apply()?;
    output.line(format!("{path} holds nothing of Holdfast any more."))
}
