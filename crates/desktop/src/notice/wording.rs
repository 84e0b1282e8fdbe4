//! What notices say: what happened, why, and what to do, in that order.

use super::expiry::Ending;
use super::network::News;
use super::{Answer, Button, Kind, Notice};
use crate::menu::Action;
use crate::portal::{ended, limit};
use crate::words::{clock, isolated, rough_length, shortened};
use holdfast_agent_proto::view::{
    PortalSessionView, ProfileChoiceView, PromptView, SessionView, SignInKind,
};
use jiff::tz::TimeZone;

/// Columns of a name; more would push the rest out of a bubble.
const COLUMNS: usize = 48;

/// Lines of a list; more do not fit into a bubble.
const LINES: usize = 4;

/// A program without a terminal waits.
pub(super) fn needs_you(prompt: &PromptView) -> Notice {
    if let Some(choice) = &prompt.choice {
        return needs_profile(prompt, choice);
    }
    let by_browser = prompt.sign_in == SignInKind::Browser;
    let title = match prompt.asked_by.first() {
        Some(asker) if by_browser => format!("{} needs you to sign in", name(&asker.to_string())),
        Some(asker) => format!("{} needs an MFA code", name(&asker.to_string())),
        None if by_browser => "A sign-in is needed".to_owned(),
        None => "An MFA code is needed".to_owned(),
    };
    let unlocks = match &prompt.portal {
        Some(portal) if by_browser => format!("Signing in to {} unlocks", name(portal)),
        _ => "The code unlocks".to_owned(),
    };
    let profile = prompt.profiles.first();
    let mut body = match prompt.waiting {
        0 | 1 => "It waits for you.".to_owned(),
        waiting => format!("{waiting} programs wait for you."),
    };
    match prompt.profiles.as_slice() {
        [] => {}
        [one] => body.push_str(&format!(" {unlocks} {}.", name(one))),
        [first, rest @ ..] => {
            let unlocked = format!(" {unlocks} {} and {} more.", name(first), rest.len());
            body.push_str(&unlocked);
        }
    }
    let label = match by_browser {
        true => "Sign in…",
        false => "Enter code…",
    };
    let buttons = profile.map(|profile| sign_in(label, profile));
    notice(Kind::NeedsYou, title, body, buttons.into_iter().collect())
}

/// A program without a terminal waits for the choice of a profile.
fn needs_profile(prompt: &PromptView, choice: &ProfileChoiceView) -> Notice {
    let title = match prompt.asked_by.first() {
        Some(asker) => format!("{} needs a profile", name(&asker.to_string())),
        None => "A profile is needed".to_owned(),
    };
    let body = format!(
        "{} profiles fit repository {} in {}.",
        choice.candidates.len(),
        name(&choice.repository),
        choice.region
    );
    let button = Button {
        answer: Answer::Act(Action::ShowPrompt),
        label: "Choose…",
    };
    notice(Kind::NeedsYou, title, body, vec![button])
}

/// Sessions end soon; soonest first.
pub(super) fn expiry(ending: &[Ending], now: i64, zone: &TimeZone) -> Option<Notice> {
    let first = ending.first()?;
    let (title, body) = if ending.len() == 1 {
        let left = rough_length(first.until - now);
        let at = clock(first.until, now, zone);
        let title = format!("{} ends in {left}", name(&first.title));
        let body = if first.by_browser {
            let why = first.portal.as_ref().and_then(limit);
            let why = why.map(|why| why + " ").unwrap_or_default();
            format!(
                "{why}Renewing opens your browser. Without that, programs that use it stop at {at}."
            )
        } else {
            format!("A new code renews it. Without one, programs that use it stop at {at}.")
        };
        (title, body)
    } else {
        let line = |ending: &Ending| {
            format!(
                "{}: {}",
                name(&ending.title),
                clock(ending.until, now, zone)
            )
        };
        let title = format!("{} sessions end soon", ending.len());
        (title, list(ending.iter().map(line)))
    };
    let mut buttons = Vec::new();
    match (&first.portal, first.profiles.first()) {
        (Some(portal), _) => buttons.push(sign_in_to("Renew", portal)),
        (None, Some(profile)) => buttons.push(sign_in("Renew…", profile)),
        (None, None) => {}
    }
    buttons.push(Button {
        answer: Answer::Snooze,
        label: "Snooze",
    });
    Some(notice(Kind::Expiry, title, body, buttons))
}

/// AWS ended sessions before their time.
pub(super) fn signed_out(sessions: &[SessionView], now: i64, zone: &TimeZone) -> Option<Notice> {
    let first = sessions.first()?;
    let (title, body) = if let ([_], Some(why)) = (sessions, ended(first, now, zone)) {
        let title = format!("Signed out of {}", name(&first.title));
        (title, format!("{why} Sign in again to go on."))
    } else if sessions.len() == 1 {
        let why = match &first.error {
            Some(error) => sentence(&error.message),
            None => String::new(),
        };
        let body = format!("{why}Sign in again to go on.");
        (format!("AWS ended {}", name(&first.title)), body)
    } else {
        let titles = sessions.iter().map(|session| name(&session.title));
        (
            format!("AWS ended {} sessions", sessions.len()),
            list(titles),
        )
    };
    let button = match &first.portal {
        Some(portal) => Some(sign_in_to("Sign in", portal)),
        None => {
            let profile = first.profiles.first();
            profile.map(|profile| sign_in("Sign in…", profile))
        }
    };
    let buttons = button.into_iter().collect();
    Some(notice(Kind::SignedOut, title, body, buttons))
}

/// Sessions were renewed.
pub(super) fn renewed(sessions: &[&SessionView], now: i64, zone: &TimeZone) -> Option<Notice> {
    let first = sessions.first()?;
    let (title, body) = if sessions.len() == 1 {
        let portal = first.portal.as_ref().and_then(|portal| portal.ends_at);
        let until = portal
            .or(first.expires_at)
            .map(|until| clock(until, now, zone));
        let body = until.map(|until| format!("It lives until {until}."));
        let title = format!("{} was renewed", name(&first.title));
        (title, body.unwrap_or_default())
    } else {
        let titles = sessions.iter().map(|session| name(&session.title));
        (
            format!("{} sessions were renewed", sessions.len()),
            list(titles),
        )
    };
    Some(notice(Kind::Renewed, title, body, Vec::new()))
}

/// AWS is out of reach, or back.
pub(super) fn network(news: News) -> Notice {
    let (title, body) = match news {
        News::Out => (
            "AWS cannot be reached",
            "Your sessions are kept, and renewed as soon as it can be.",
        ),
        News::Back => ("AWS can be reached again", "Your sessions go on."),
    };
    notice(Kind::Network, title.to_owned(), body.to_owned(), Vec::new())
}

fn notice(kind: Kind, title: String, body: String, buttons: Vec<Button>) -> Notice {
    Notice {
        kind,
        title,
        body,
        quiet: false,
        buttons,
    }
}

fn sign_in(label: &'static str, profile: &str) -> Button {
    let action = Action::SignIn {
        profile: profile.to_owned(),
    };
    Button {
        answer: Answer::Act(action),
        label,
    }
}

/// The click opens the browser: nothing more is asked.
fn sign_in_to(label: &'static str, portal: &PortalSessionView) -> Button {
    let action = Action::SignInToPortal {
        start_url: portal.start_url.clone(),
        region: portal.region.clone(),
    };
    Button {
        answer: Answer::Act(action),
        label,
    }
}

/// What others wrote, made fit to stand in a line.
fn name(text: &str) -> String {
    isolated(&shortened(text, COLUMNS))
}

/// The agent's words as a sentence with a space behind it.
fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    match letters.next() {
        Some(first) => format!("{}{}. ", first.to_uppercase(), letters.as_str()),
        None => String::new(),
    }
}

fn list(lines: impl ExactSizeIterator<Item = String>) -> String {
    let more = lines.len().saturating_sub(LINES);
    let mut shown: Vec<String> = lines.take(LINES).collect();
    if more > 0 {
        shown.push(format!("and {more} more"));
    }
    shown.join("\n")
}
