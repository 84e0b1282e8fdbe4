//! `holdfast profiles`.

use crate::agent::Agent;
use crate::args::Json;
use crate::outcome::Result;
use crate::print::table::{Cell, Table};
use crate::print::text::visible;
use crate::print::{Output, Tone, json, time};
use holdfast_agent_proto::view::ProblemView;

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
        .flat_map(|profile| {
            profile
                .problems
                .iter()
                .map(move |problem| (profile, problem))
        })
        .peekable();
    if faulty.peek().is_some() {
        output.line("")?;
    }
    for (profile, problem) in faulty {
        output.line(visible(&sentence(&profile.name, problem)))?;
    }
    Ok(())
}

/// A problem with its profile and place, where its message does not name them already.
fn sentence(profile: &str, problem: &ProblemView) -> String {
    let mut text = problem.message.clone();
    if !text.contains(profile) {
        text = format!("profile {profile}: {text}");
    }
    if let Some(file) = &problem.file {
        let file = file.display().to_string();
        if !text.contains(&file) {
            let line = problem.line.map(|line| format!(" line {line}"));
            text.push_str(&format!(" ({file}{})", line.unwrap_or_default()));
        }
    }
    text
}
