//! `holdfast activity`.

use crate::agent::Agent;
use crate::args::Activity;
use crate::outcome::Result;
use crate::print::table::{Cell, Table};
use crate::print::{Output, Tone, json, time};
use holdfast_agent_proto::view::{ActivityKind, ActivityView, CallerView};

/// Shows what the agent did, the newest first.
pub(crate) fn run(args: &Activity, output: &mut Output) -> Result {
    let (entries, more) = Agent::connect_or_start(None)?.activity(args.limit)?;
    if args.json.json {
        return output.json(&json::Activity::new(&entries, more));
    }
    if entries.is_empty() {
        return output.line("Nothing has happened yet.");
    }
    let (now, zone) = (time::now(), time::local_zone());
    let mut table = Table::new(["WHEN", "WHAT", "PROFILE", "REPOSITORY", "BY", "NOTE"]);
    for entry in &entries {
        table.row([
            Cell::new(time::clock(entry.at, now, &zone)),
            what(entry),
            Cell::new(entry.profile.as_deref().unwrap_or_default()),
            Cell::new(entry.repository.as_deref().unwrap_or_default()),
            Cell::new(by(entry.caller.as_ref())),
            Cell::new(note(entry)),
        ]);
    }
    table.print(output)?;
    if more {
        output.line("There are older entries; see more with --limit")?;
    }
    Ok(())
}

fn what(entry: &ActivityView) -> Cell {
    let (words, tone) = match entry.kind {
        ActivityKind::GitCredential => ("git password", Tone::Plain),
        ActivityKind::Credentials => ("credentials", Tone::Plain),
        ActivityKind::ConsoleLink => ("console link", Tone::Plain),
        ActivityKind::RepositoryCreated => ("repository created", Tone::Plain),
        ActivityKind::SignedIn => ("signed in", Tone::Live),
        ActivityKind::Renewed => ("renewed", Tone::Quiet),
        ActivityKind::SignedOut => ("signed out", Tone::Plain),
        ActivityKind::SignedOutByAws => ("ended by AWS", Tone::Needed),
        ActivityKind::RefreshFailed => ("not renewed", Tone::Needed),
        ActivityKind::Refused => ("refused", Tone::Needed),
        ActivityKind::Declined => ("declined", Tone::Ending),
        ActivityKind::Locked => ("locked", Tone::Plain),
        ActivityKind::Unlocked => ("unlocked", Tone::Plain),
        ActivityKind::KeyAdded => ("key added", Tone::Plain),
        ActivityKind::KeyRemoved => ("key removed", Tone::Plain),
    };
    match entry.times {
        0 | 1 => Cell::toned(words, tone),
        times => Cell::toned(format!("{words} ×{times}"), tone),
    }
}

fn by(caller: Option<&CallerView>) -> String {
    caller.map(CallerView::to_string).unwrap_or_default()
}

/// Why not; else which session.
fn note(entry: &ActivityView) -> &str {
    let error = entry.error.as_ref().map(|error| error.message.as_str());
    error.or(entry.session.as_deref()).unwrap_or_default()
}
