//! `holdfast git install`.

use crate::args::GitPrograms;
use crate::command::{agreed, confirm};
use crate::outcome::Result;
use crate::print::Output;
use holdfast_setup::helpers::{InstallPlan, PathAdvice, Places, Survey};

/// Copies the programs that git starts into the user's own folder.
pub(crate) fn run(args: &GitPrograms, output: &mut Output) -> Result {
    let places = Places::of_this_process()?;
    let mut plan = InstallPlan::make(&places)?;
    for path in plan.foreign() {
        output.line(format!(
            "{} was not installed by Holdfast and is left as it is.",
            path.display()
        ))?;
    }
    if plan.is_needed() {
        for path in plan.programs() {
            output.line(format!("+ {}", path.display()))?;
        }
        let replaced: Vec<String> = plan
            .replaced()
            .map(|(new, other)| {
                let (new, other) = (new.display(), other.display());
                format!("{other} runs now; {new} would run in its place.")
            })
            .collect();
        for line in &replaced {
            output.line(line)?;
        }
        if args.change.dry_run {
            return output.line("Nothing was installed (--dry-run).");
        }
        confirm("Install these programs?", args.change.yes, output)?;
        let question = "Let Holdfast's programs run in place of the others?";
        if !replaced.is_empty() && !agreed(question, args.change.yes, output)? {
            plan.replace_nothing();
            output.line("The others go on running; what would run in their place is left out.")?;
        }
        plan.apply()?;
        output.line("To make git ask Holdfast, run: holdfast git setup")?;
        output.line("To remove the programs again, run: holdfast git uninstall")?;
    } else {
        output.line(format!(
            "The programs in {} are up to date; nothing was changed.",
            places.bin.display()
        ))?;
    }
    say_what_is_in_the_way(&places, output)
}

fn say_what_is_in_the_way(places: &Places, output: &mut Output) -> Result {
    let survey = Survey::read(places)?;
    for program in &survey.programs {
        if let Some(other) = &program.shadowed_by {
            output.line(format!(
                "{} is found before {}; remove it, or put {} first on the PATH.",
                other.display(),
                program.path.display(),
                survey.bin.display()
            ))?;
        }
    }
    match survey.path_advice {
        Some(PathAdvice { file, line }) => {
            let place = file.map_or(String::new(), |file| format!(" to {}", file.display()));
            output.line(format!(
                "{} is not on the PATH. Add this line{place}:\n  {line}",
                survey.bin.display()
            ))
        }
        None => Ok(()),
    }
}
