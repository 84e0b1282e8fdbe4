//! `holdfast login`: with a code on the terminal or with the browser, whichever the profile needs.

mod browser;
mod code;

pub(crate) use browser::sign_in;

use crate::agent::{Agent, Credentials};
use crate::args::{Browser, Login};
use crate::outcome::{Failure, Result};
use crate::print::text::{list, visible};
use crate::print::{Output, shell, time};
use crate::terminal::Terminal;
use holdfast_agent_proto::view::{SessionKind, SessionView};
use holdfast_agent_proto::{ErrorCode, Interaction, MfaChallenge, SignInTarget};

/// Profiles named at a prompt.
const NAMES_AT_PROMPT: usize = 6;

/// Signs in.
pub(crate) fn run(args: &Login, output: &mut Output) -> Result {
    let mut agent = Agent::connect_or_start(Some(Interaction::Never))?;
    let session = match args.code.as_deref() {
        Some(code) => agent.login(&args.profile, Some(code::given(code)?), args.duration)?,
        None => log_in(&mut agent, &args.profile, args.duration, args.browser)?,
    };
    output.line(describe(&session))
}

/// Credentials for a person at a terminal: they sign in right there when that is needed.
/// Without a terminal, the agent asks wherever it can.
pub(crate) fn credentials_for_terminal(profile: &str) -> Result<Credentials> {
    if Terminal::open().is_none() {
        return Agent::connect_or_start(None)?.credentials(profile, super::prompt_timeout());
    }
    signed_in(profile, |agent| agent.credentials(profile, 0))
}

/// Asks the agent for something that needs a session; a person at a terminal signs in where that is needed.
pub(crate) fn signed_in<T>(
    profile: &str,
    mut ask: impl FnMut(&mut Agent) -> Result<T>,
) -> Result<T> {
    let mut agent = Agent::connect_or_start(Some(Interaction::Never))?;
    match ask(&mut agent) {
        // No browser opens for a script.
        Err(failure)
            if matches!(needed(&failure), Some(Needed::Browser)) && Terminal::open().is_none() =>
        {
            Err(failure)
        }
        Err(failure) if needed(&failure).is_some() => {
            let browser = Browser {
                no_browser: false,
                device: false,
            };
            log_in(&mut agent, profile, None, browser)?;
            ask(&mut agent)
        }
        answered => answered,
    }
}

fn log_in(
    agent: &mut Agent,
    profile: &str,
    duration: Option<u32>,
    browser: Browser,
) -> Result<SessionView> {
    let failure = match agent.login(profile, None, duration) {
        Ok(session) => return Ok(session),
        Err(failure) => failure,
    };
    match needed(&failure) {
        Some(Needed::Browser) => {
            let target = SignInTarget::Profile(profile.to_owned());
            sign_in(agent, &target, browser)
        }
        Some(Needed::Code(challenge)) => {
            let challenge = challenge.clone();
            let Some(terminal) = Terminal::open() else {
                let word = shell::word(profile);
                return Err(failure.hint(format!("holdfast login {word} --code CODE")));
            };
            code::ask(agent, profile, &challenge, duration, terminal)
        }
        None => Err(failure),
    }
}

/// What a person has to do.
enum Needed<'a> {
    Code(&'a MfaChallenge),
    Browser,
}

fn needed(failure: &Failure) -> Option<Needed<'_>> {
    let error = failure.agent()?;
    match (error.code, &error.mfa) {
        (ErrorCode::MfaRequired, Some(challenge)) => Some(Needed::Code(challenge)),
        (ErrorCode::SignInRequired, _) => Some(Needed::Browser),
        _ => None,
    }
}

/// What is unlocked until when.
pub(crate) fn describe(session: &SessionView) -> String {
    let mut line = format!("Signed in: {}", visible(&session.title));
    let ends = match (session.kind, &session.portal) {
        // The access token is renewed by itself; when the sign-in behind it ends is what matters, once it is known.
        (SessionKind::Portal, Some(portal)) => portal.ends_at,
        _ => session.expires_at,
    };
    if let Some(ends) = ends {
        let now = time::now();
        line.push_str(&format!(
            ", until {} ({})",
            time::clock(ends, now, &time::local_zone()),
            time::left(ends, now)
        ));
    }
    line.push('.');
    if !session.profiles.is_empty() {
        line.push_str(&format!(
            "\nUnlocked: {}.",
            list(&session.profiles, NAMES_AT_PROMPT)
        ));
    }
    line
}
