//! `holdfast git uninstall`.

use crate::args::GitPrograms;
use crate::command::confirm;
use crate::outcome::Result;
use crate::print::Output;
use holdfast_setup::helpers::{Places, UninstallPlan};

/// Removes exactly the programs that `git install` copied.
pub(crate) fn run(args: &GitPrograms, output: &mut Output) -> Result {
    let places = Places::of_this_process()?;
    let plan = UninstallPlan::make(&places)?;
    if !plan.is_needed() {
        return output.line(format!(
            "{} holds nothing that Holdfast installed; nothing was changed.",
            places.bin.display()
        ));
    }
    for path in plan.changed() {
        output.line(format!(
            "{} was changed since it was installed and is left as it is.",
            path.display()
        ))?;
    }
    for path in plan.programs() {
        output.line(format!("- {}", path.display()))?;
    }
    if args.change.dry_run {
        return output.line("Nothing was removed (--dry-run).");
    }
    confirm("Remove these programs?", args.change.yes, output)?;
    plan.apply()?;
    output.line("The programs are removed. To take Holdfast out of git's configuration too, run: holdfast git undo")
}
