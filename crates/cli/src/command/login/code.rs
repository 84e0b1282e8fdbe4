//! Asking for the MFA code on the terminal.

use super::NAMES_AT_PROMPT;
use crate::agent::Agent;
use crate::outcome::{Failure, Kind, Result};
use crate::print::text::{list, visible};
use crate::print::time;
use crate::terminal::Terminal;
use holdfast_agent_proto::view::SessionView;
use holdfast_agent_proto::{ErrorCode, MfaChallenge};
use secrecy::SecretString;
use std::io::Read;
use std::thread;
use std::time::Duration;
use zeroize::Zeroizing;

/// Refusals after which guessing on would not help.
const MOST_REFUSALS: u32 = 3;

/// Longest countdown, in seconds: a code changes every 30.
const LONGEST_COUNTDOWN: i64 = 90;

/// Asks for the code that opens the session of a challenge.
pub(super) fn ask(
    agent: &mut Agent,
    profile: &str,
    challenge: &MfaChallenge,
    duration: Option<u32>,
    terminal: Terminal,
) -> Result<SessionView> {
    let mut prompt = Prompt {
        terminal,
        sent: Vec::new(),
    };
    prompt.introduce(challenge)?;
    prompt.until_signed_in(agent, profile, duration)
}

/// The code on the command line, where `-` stands for standard input.
pub(super) fn given(code: &str) -> Result<SecretString> {
    if code == "-" {
        return code_from_stdin();
    }
    let code = checked(code).ok_or_else(malformed)?;
    Ok(secret(&code))
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
