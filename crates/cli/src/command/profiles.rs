//! `holdfast profiles`.

use crate::agent::Agent;
use crate::args::Json;
use crate::outcome::Result;
use crate::print::table::{Cell, Table};
use crate::print::text::visible;
use crate::print::{Output, Tone, json, time};

/// Lists every profile.
pub(crate) fn run(args: &Json, output: &mut Output) -> Result {
    let profiles = Agent::connect_or_start(None)?.profiles()?;
    if args.json {
        return output.json(&json::Profiles::new(&profiles));
    }
    if profiles.is_empty() {
        let files = crate::agent::context()?;
        return output.line(format!(
            "There is no profile in {} or {}.",
            visible(&files.config_file.to_string_lossy()),
            visible(&files.credentials_file.to_string_lossy()),
        ));
    }
    let now = time::now();
    let mut table = Table::new(["PROFILE", "STATE", "LEFT", "CHAIN"]);
    for profile in &profiles {
        let left = profile.expires_at.map(|at| time::left(at, now));
        let state = match profile.state {
            _ if !profile.problems.is_empty() => Cell::toned("problem", Tone::Needed),
            Some(state) => super::status::state_cell(state),
            None => Cell::new(""),
        };
        table.row([
            Cell::new(&profile.name),
            state,
            Cell::new(left.unwrap_or_default()),
            Cell::new(&profile.chain),
        ]);
    }
    table.print(output)?;
    let mut faulty = profiles
        .iter()
        .filter(|profile| !profile.problems.is_empty());
    if let Some(first) = faulty.next() {
        output.line("")?;
        for profile in std::iter::once(first).chain(faulty) {
            for problem in &profile.problems {
                let place = match (&problem.file, problem.line) {
                    (Some(file), Some(line)) => format!(" ({}:{line})", file.display()),
                    (Some(file), None) => format!(" ({})", file.display()),
                    (None, _) => String::new(),
                };
                let text = format!("{}: {}{place}", profile.name, problem.message);
                output.line(visible(&text))?;
            }
        }
    }
    Ok(())
}
