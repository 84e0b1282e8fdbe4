//! `holdfast login`, and asking for the MFA code on the terminal.

use crate::agent::{Agent, Credentials};
use crate::args::Login;
use crate::outcome::{Failure, Kind, Result};
use crate::print::text::{list, visible};
use crate::print::{Output, shell, time};
use crate::terminal::Terminal;
use holdfast_agent_proto::view::SessionView;
use holdfast_agent_proto::{ErrorCode, Interaction, MfaChallenge};
use secrecy::SecretString;
use std::io::Read;
use std::thread;
use std::time::Duration;
use zeroize::Zeroizing;

/// Refusals after which guessing on would not help.
const MOST_REFUSALS: u32 = 3;

/// Longest countdown, in seconds: a code changes every 30.
const LONGEST_COUNTDOWN: i64 = 90;

/// Profiles named at the prompt.
const NAMES_AT_PROMPT: usize = 6;

/// Signs in.
pub(crate) fn run(args: &Login, output: &mut Output) -> Result {
    let mut agent = Agent::connect_or_start(Some(Interaction::Never))?;
    let session = match args.code.as_deref() {
        Some("-") => agent.login(&args.profile, Some(code_from_stdin()?), args.duration)?,
        Some(code) => {
            let code = checked(code).ok_or_else(malformed)?;
            agent.login(&args.profile, Some(secret(&code)), args.duration)?
        }
        None => login_on_terminal(&mut agent, &args.profile, args.duration)?,
    };
    output.line(describe(&session))
}

/// Credentials for a person at a terminal: the code is asked for right there when one is needed.
/// Without a terminal, the agent asks wherever it can.
pub(crate) fn credentials_for_terminal(profile: &str) -> Result<Credentials> {
    if Terminal::open().is_none() {
        return Agent::connect_or_start(None)?.credentials(profile, super::prompt_timeout());
    }
    signed_in(profile, |agent| agent.credentials(profile, 0))
}

/// Asks the agent for something that needs a session; on a terminal the person is asked for the code
/// where one is needed.
pub(crate) fn signed_in<T>(
    profile: &str,
    mut ask: impl FnMut(&mut Agent) -> Result<T>,
) -> Result<T> {
    let mut agent = Agent::connect_or_start(Some(Interaction::Never))?;
    match ask(&mut agent) {
        Err(failure) if challenge(&failure).is_some() => {
            login_on_terminal(&mut agent, profile, None)?;
            ask(&mut agent)
        }
        answered => answered,
    }
}

fn login_on_terminal(
    agent: &mut Agent,
    profile: &str,
    duration: Option<u32>,
) -> Result<SessionView> {
    let failure = match agent.login(profile, None, duration) {
        Ok(session) => return Ok(session),
        Err(failure) => failure,
    };
    let Some(challenge) = challenge(&failure).cloned() else {
        return Err(failure);
    };
    let Some(terminal) = Terminal::open() else {
        let word = shell::word(profile);
        return Err(failure.hint(format!("holdfast login {word} --code CODE")));
    };
    let mut prompt = Prompt {
        terminal,
        sent: Vec::new(),
    };
    prompt.introduce(&challenge)?;
    prompt.until_signed_in(agent, profile, duration)
}

/// Asking for codes, none of which is sent twice.
struct Prompt {
    terminal: Terminal,
    sent: Vec<Zeroizing<String>>,
}

impl Prompt {
    fn introduce(&mut self, challenge: &MfaChallenge) -> Result {
        let length = time::length(i64::from(challenge.duration_seconds));
        self.terminal.show(&format!(
            "MFA device {}\nUnlocks {} for {length}.\n",
            visible(&challenge.serial),
            list(&challenge.profiles, NAMES_AT_PROMPT),
        ))
    }

    fn until_signed_in(
        &mut self,
        agent: &mut Agent,
        profile: &str,
        duration: Option<u32>,
    ) -> Result<SessionView> {
        let mut refusals = 0;
        loop {
            let code = self.next_code()?;
            let answer = agent.login(profile, Some(secret(&code)), duration);
            self.sent.push(code);
            let failure = match answer {
                Ok(session) => return Ok(session),
                Err(failure) => failure,
            };
            match failure.agent().map(|error| (error.code, error.retry_at)) {
                Some((ErrorCode::WrongCode, retry_at)) => {
                    refusals += 1;
                    if refusals == MOST_REFUSALS {
                        return Err(out_of_step());
                    }
                    self.terminal.show(
                        "That code was not right. Wait for the next one or check the clock of your device.\n",
                    )?;
                    self.count_down("Next one", retry_at)?;
                }
                Some((ErrorCode::CodeUsed, retry_at)) => {
                    self.count_down("AWS has seen that code already. Next one", retry_at)?;
                }
                Some(_) | None => return Err(failure),
            }
        }
    }

    fn next_code(&mut self) -> Result<Zeroizing<String>> {
        loop {
            let typed = self.terminal.ask("MFA code: ")?;
            match checked(&typed) {
                None => self.terminal.show("A code has six digits.\n")?,
                Some(code) if self.sent.contains(&code) => self
                    .terminal
                    .show("That code has been sent already. Wait for the next one.\n")?,
                Some(code) => return Ok(code),
            }
        }
    }

    fn count_down(&mut self, what: &str, until: Option<i64>) -> Result {
        let Some(until) = until.filter(|until| *until > time::now()) else {
            return Ok(());
        };
        let until = until.min(time::now() + LONGEST_COUNTDOWN);
        loop {
            let left = until - time::now();
            if left <= 0 {
                return self.terminal.show("\n");
            }
            self.terminal.show(&format!("\r{what} in {left} s. "))?;
            thread::sleep(Duration::from_secs(1));
        }
    }
}

fn challenge(failure: &Failure) -> Option<&MfaChallenge> {
    let error = failure.agent()?;
    error
        .mfa
        .as_ref()
        .filter(|_| error.code == ErrorCode::MfaRequired)
}

/// Six digits, as every virtual and hardware device of AWS shows them; blanks between them are left out.
fn checked(typed: &str) -> Option<Zeroizing<String>> {
    let code: Zeroizing<String> =
        Zeroizing::new(typed.chars().filter(|c| !c.is_whitespace()).collect());
    (code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit())).then_some(code)
}

fn secret(code: &str) -> SecretString {
    SecretString::from(code.to_owned())
}

fn code_from_stdin() -> Result<SecretString> {
    let mut text = Zeroizing::new(String::with_capacity(64));
    std::io::stdin()
        .take(64)
        .read_to_string(&mut text)
        .map_err(|error| {
            Failure::new(Kind::Usage, "standard input cannot be read").source(error)
        })?;
    let code = checked(&text).ok_or_else(malformed)?;
    Ok(secret(&code))
}

fn malformed() -> Failure {
    Failure::new(Kind::Usage, "a code has six digits; nothing was sent")
}

fn out_of_step() -> Failure {
    Failure::new(
        Kind::CodesRefused,
        format!("AWS refused {MOST_REFUSALS} codes, so the device is out of step or another one is meant"),
    )
    .hint("check the clock of the device that shows the codes")
    .hint("resync the device in the IAM console: Security credentials, Multi-factor authentication, Resync")
    .hint("holdfast profiles shows which mfa_serial the profile names")
}

/// What is unlocked until when.
fn describe(session: &SessionView) -> String {
    let mut line = format!("Signed in: {}", visible(&session.title));
    if let Some(ends) = session.expires_at {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_six_digits_are_a_code() {
        for (typed, expect) in [
            ("123456", Some("123456")),
            (" 123 456 ", Some("123456")),
            ("12345", None),
            ("1234567", None),
            ("12345a", None),
            ("１２３４５６", None),
            ("", None),
        ] {
            let code = checked(typed);
            assert_eq!(code.as_deref().map(String::as_str), expect, "{typed}");
        }
    }
}
