//! What stands below a profile's name: its chain in words, or what happened to it.

use super::State;
use crate::words::{clock, group_accounts};
use holdfast_agent_proto::view::{ProfileView, SessionKind, SessionView};
use holdfast_agent_proto::{AgentError, ErrorCode};

/// The agent's words for `GetSessionToken` with a code.
const MFA_SESSION: &str = "MFA session";

/// The agent's words for steps that say nothing beside where the chain starts.
const PLAIN_STEPS: [&str; 2] = ["sign-in", "its credentials"];

pub(super) fn words(
    state: &State<'_>,
    profile: &ProfileView,
    sessions: &[&SessionView],
    failed: Option<&SessionView>,
) -> String {
    if let Some(error) = failed.and_then(|session| session.error.as_ref()) {
        return sentence(&error.message);
    }
    let chain = chain(profile);
    match opened(state, profile, sessions) {
        Some(opened) => format!("{chain}, {opened}"),
        None => chain,
    }
}

/// What to do about a failure.
pub(super) fn hints(failed: Option<&SessionView>) -> Vec<String> {
    let error = failed.and_then(|session| session.error.as_ref());
    // The button beside it does what these hints say.
    let by_button = |error: &&AgentError| {
        matches!(
            error.code,
            ErrorCode::MfaRequired | ErrorCode::SessionRevoked | ErrorCode::SignInRequired
        )
    };
    error
        .filter(|error| !by_button(error))
        .map_or_else(Vec::new, told)
}

fn told(error: &AgentError) -> Vec<String> {
    error.hints.iter().map(|hint| sentence(hint)).collect()
}

/// `MFA session, then role MyRepositoryContributorRole in 2222-2222-2222`.
fn chain(profile: &ProfileView) -> String {
    let steps = profile.steps.iter();
    let steps = steps.filter(|step| !PLAIN_STEPS.contains(&step.as_str()));
    let words: Vec<String> = start(profile)
        .into_iter()
        .chain(steps.map(|step| step_words(step)))
        .collect();
    if words.is_empty() {
        return sentence(&group_accounts(&profile.chain));
    }
    sentence(&group_accounts(&words.join(", then ")))
}

/// Where a chain starts, unless the group above says so.
fn start(profile: &ProfileView) -> Option<String> {
    let source = profile.source.as_ref()?;
    let (first, _) = profile.chain.split_once(" → ")?;
    match source.kind.as_str() {
        "access-key" | "portal" => None,
        "console-login" => Some(format!("console sign-in of {first}")),
        _ => Some(first.to_owned()),
    }
}

/// The agent names a role by its name alone.
fn step_words(step: &str) -> String {
    match step {
        MFA_SESSION => step.to_owned(),
        role => format!("role {role}"),
    }
}

/// When and by whom a session was asked for that is an MFA session and nothing else: a role's own beginning
/// is of no interest, it is renewed every hour.
fn opened(state: &State<'_>, profile: &ProfileView, sessions: &[&SessionView]) -> Option<String> {
    let [session] = sessions else { return None };
    if profile.sessions.len() != 1 || session.kind != SessionKind::Mfa {
        return None;
    }
    session.expires_at?;
    let at = clock(session.opened_at?, state.now, state.zone);
    Some(match &session.opened_by {
        Some(caller) => format!("asked for at {at} by {caller}"),
        None => format!("since {at}"),
    })
}

/// The agent's words begin with a small letter, as errors do.
pub(super) fn sentence(words: &str) -> String {
    let mut characters = words.chars();
    let Some(first) = characters.next() else {
        return String::new();
    };
    // What begins with a name of another kind, such as a file's, stays as it is.
    let word: String = words.chars().take_while(|c| c.is_alphanumeric()).collect();
    if word.chars().any(char::is_uppercase) || words[word.len()..].starts_with(['-', '_', '/', '.'])
    {
        return words.to_owned();
    }
    first.to_uppercase().collect::<String>() + characters.as_str()
}
