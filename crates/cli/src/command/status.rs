//! `holdfast status`.

use crate::agent::Agent;
use crate::args::Json;
use crate::outcome::Result;
use crate::print::table::{Cell, Table};
use crate::print::text::{list, visible};
use crate::print::{Output, Tone, json, shell, time};
use holdfast_agent_proto::view::{
    CallerView, KeychainState, PromptView, SessionState, SessionView, StatusView,
};

/// A clock that is off by less is nobody's concern, in seconds.
const CLOCK_TOLERANCE: i64 = 30;

/// Profiles named in one row.
const NAMES_IN_ROW: usize = 3;

/// Shows the sessions, when they end, and what needs the person.
pub(crate) fn run(args: &Json, output: &mut Output) -> Result {
    let status = Agent::connect_or_start(None)?.status()?;
    if args.json {
        return output.json(&json::Status::new(&status));
    }
    sessions(&status, output)?;
    for line in remarks(&status) {
        output.line(output.style.paint(Tone::Needed, &visible(&line)))?;
    }
    Ok(())
}

/// The word for a session's state.
pub(crate) fn state_cell(state: SessionState) -> Cell {
    match state {
        SessionState::Absent => Cell::toned("signed out", Tone::Quiet),
        SessionState::Refreshing => Cell::new("renewing"),
        SessionState::Valid => Cell::toned("live", Tone::Live),
        SessionState::Expiring => Cell::toned("ends soon", Tone::Ending),
        SessionState::NeedsMfa => Cell::toned("needs MFA code", Tone::Needed),
        SessionState::NeedsSignIn => Cell::toned("needs sign-in", Tone::Needed),
        SessionState::Failed => Cell::toned("failed", Tone::Needed),
    }
}

fn sessions(status: &StatusView, output: &mut Output) -> Result {
    if status.sessions.is_empty() {
        return output.line("No session yet. To sign in, run: holdfast login PROFILE");
    }
    let now = time::now();
    let zone = time::local_zone();
    let mut table = Table::new(["SESSION", "STATE", "LEFT", "UNTIL", "PROFILES"]);
    for session in &status.sessions {
        let ends = end(session);
        table.row([
            Cell::new(&session.title),
            state_cell(session.state),
            Cell::new(match ends {
                Some(at) => time::left(at, now),
                None if is_live(session) => "renews itself".to_owned(),
                None => String::new(),
            }),
            Cell::new(
                ends.map(|at| time::clock(at, now, &zone))
                    .unwrap_or_default(),
            ),
            Cell::new(list(&session.profiles, NAMES_IN_ROW)),
        ]);
    }
    table.print(output)
}

/// When a session ends: one of a portal with the sign-in, as its token is renewed until then.
fn end(session: &SessionView) -> Option<i64> {
    match &session.portal {
        Some(portal) => portal.ends_at.or(session.needs_person_at),
        None => session.expires_at,
    }
}

/// A session of which nobody knows when it ends: it is renewed for as long as AWS lets it be.
fn is_live(session: &SessionView) -> bool {
    let has_token = matches!(
        session.state,
        SessionState::Valid | SessionState::Expiring | SessionState::Refreshing
    );
    has_token && session.renews_itself
}

/// What the person should know beside the sessions.
fn remarks(status: &StatusView) -> Vec<String> {
    let mut lines = Vec::new();
    if status.locked {
        lines.push("Holdfast is locked. To serve again, run: holdfast unlock".to_owned());
    }
    lines.extend(status.prompts.iter().map(waiting));
    lines.extend(status.sign_ins.iter().map(|sign_in| {
        let title = &sign_in.title;
        format!("Signing in to {title}: the browser has not come back yet.")
    }));
    lines.extend(status.sessions.iter().filter_map(trouble));
    lines.extend(keychain(status));
    if status.online == Some(false) {
        lines.push("AWS cannot be reached. Your sessions are kept.".to_owned());
    }
    if status.clock_offset_seconds.abs() > CLOCK_TOLERANCE {
        let off = time::length(status.clock_offset_seconds.abs());
        let side = if status.clock_offset_seconds > 0 {
            "behind"
        } else {
            "ahead of"
        };
        lines.push(format!(
            "The clock of this machine is {off} {side} AWS's. Holdfast corrects for it; other programs do not."
        ));
    }
    lines.extend(status.warnings.iter().cloned());
    lines
}

fn keychain(status: &StatusView) -> Option<String> {
    let view = &status.keychain;
    match view.state {
        KeychainState::Unknown | KeychainState::Ready => None,
        // Unlocking Holdfast, as said already, unlocks its key file.
        KeychainState::Locked if status.locked && view.kind == "file" => None,
        KeychainState::Locked
        | KeychainState::Absent
        | KeychainState::Hung
        | KeychainState::Failing => Some(match &view.message {
            Some(message) => format!("Keychain ({}): {message}", view.kind),
            None => {
                let state = json::keychain_state(view.state);
                format!("Keychain ({}): {state}", view.kind)
            }
        }),
    }
}

fn waiting(prompt: &PromptView) -> String {
    let who = if prompt.asked_by.is_empty() {
        "A program waits".to_owned()
    } else {
        let askers: Vec<String> = prompt.asked_by.iter().map(CallerView::to_string).collect();
        format!("{} waits", list(&askers, NAMES_IN_ROW))
    };
    let profile = prompt.profiles.first().map_or("PROFILE", String::as_str);
    let login = shell::word(profile);
    match &prompt.portal {
        Some(portal) => {
            format!("{who} for a sign-in to {portal}. To sign in, run: holdfast login {login}")
        }
        None => format!(
            "{who} for the MFA code of {}. To give it, run: holdfast login {login}",
            prompt.serial
        ),
    }
}

fn trouble(session: &SessionView) -> Option<String> {
    let error = session.error.as_ref()?;
    let hint = match error.hints.first() {
        Some(hint) => format!(" ({hint})"),
        None => String::new(),
    };
    Some(format!("{}: {}{hint}", session.title, error.message))
}
