//! What the person has to know about the last code, or about the agent.

use holdfast_agent_proto::view::{PromptView, SignInKind};
use holdfast_agent_proto::{AgentError, ClientError, ErrorCode};
use serde::Serialize;

/// One thing to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct PromptNotice {
    /// What it is about.
    pub kind: PromptNoticeKind,
    /// What happened and what to do.
    pub message: String,
    /// More about the cause, for those who want it.
    pub detail: Option<String>,
    /// When another try can succeed, in seconds since 1970.
    pub until: Option<i64>,
}

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum PromptNoticeKind {
    /// AWS refused the code: another has to be typed.
    WrongCode,
    /// AWS has answered the code before, so it was not sent.
    CodeUsed,
    /// AWS gave no answer that settles it: the same code may be sent again.
    Retry,
    /// The agent is gone.
    Lost,
    /// Nobody waits any more.
    Over,
}

impl PromptNotice {
    pub(super) fn new(kind: PromptNoticeKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            detail: None,
            until: None,
        }
    }

    /// What the agent knows about the last code or the last sign-in.
    pub(super) fn of(prompt: &PromptView) -> Option<Self> {
        if prompt.sign_in == SignInKind::Browser {
            let error = prompt.error.as_ref()?;
            return Self::of_sign_in(error, false);
        }
        match (&prompt.error, prompt.next_code_at) {
            (_, Some(next_code_at)) => Some(Self::code_used(Some(next_code_at))),
            (Some(error), None) => Self::of_error(error),
            (None, None) => None,
        }
    }

    /// Why a code did not do; `None` when no other code will do either.
    pub(super) fn of_error(error: &AgentError) -> Option<Self> {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "what cannot be mended by a code ends the question, whatever it is"
        )]
        let notice = match error.code {
            ErrorCode::WrongCode => Self::new(PromptNoticeKind::WrongCode, wrong_code(error)),
            ErrorCode::CodeUsed => Self::code_used(error.retry_at),
            ErrorCode::Offline if error.hints.is_empty() => Self {
                detail: Some(sentence(&error.message)),
                ..Self::new(
                    PromptNoticeKind::Retry,
                    "AWS cannot be reached. Your sessions are kept.",
                )
            },
            // Only what answers in AWS's place comes with advice.
            ErrorCode::Offline => Self {
                detail: Some(sentence(&error.message)),
                ..Self::new(
                    PromptNoticeKind::Retry,
                    "This network answers in AWS's place (sign-in page or proxy). Your sessions are kept.",
                )
            },
            ErrorCode::Throttled if error.retry_at.is_some() => Self {
                until: error.retry_at,
                ..Self::new(PromptNoticeKind::Retry, "AWS asks to slow down.")
            },
            ErrorCode::Throttled => Self::new(
                PromptNoticeKind::Retry,
                "AWS asks to slow down. Try again in a moment.",
            ),
            ErrorCode::Unavailable => Self::new(
                PromptNoticeKind::Retry,
                "Holdfast's agent is busy. Try again in a moment.",
            ),
            ErrorCode::AwsError => Self {
                detail: Some(sentence(&error.message)),
                ..Self::new(
                    PromptNoticeKind::Retry,
                    "AWS has a fault of its own. Your sessions are kept.",
                )
            },
            ErrorCode::ClockSkew => Self {
                detail: Some(sentence(&error.message)),
                ..Self::new(
                    PromptNoticeKind::Retry,
                    "AWS refused because of this computer's clock. Set the clock and try again.",
                )
            },
            _ => return None,
        };
        Some(notice)
    }

    /// Why a sign-in with the browser did not come to its end. Each can be begun again. `None` when the person
    /// ended it here.
    pub(crate) fn of_sign_in(error: &AgentError, cancelled: bool) -> Option<Self> {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "the agent's own sentence says what happened with all others"
        )]
        let message = match error.code {
            ErrorCode::SignInCancelled if cancelled => return None,
            ErrorCode::SignInCancelled => {
                "The sign-in was refused in the browser. If that was not you, choose “Not now”."
            }
            ErrorCode::PromptTimeout => {
                "Nobody signed in while AWS was waiting. Open the browser again when you are ready."
            }
            _ => {
                let shared = Self::of_error(error).filter(|it| it.kind == PromptNoticeKind::Retry);
                return Some(shared.unwrap_or_else(|| Self {
                    detail: advice(error),
                    ..Self::new(PromptNoticeKind::Retry, sentence(&error.message))
                }));
            }
        };
        Some(Self {
            detail: advice(error),
            ..Self::new(PromptNoticeKind::Retry, message)
        })
    }

    /// The agent is there and says nothing.
    pub(crate) fn of_no_answer(error: &ClientError) -> Self {
        Self {
            detail: Some(sentence(&error.to_string())),
            ..Self::new(
                PromptNoticeKind::Retry,
                "Holdfast's agent gave no answer. Try again.",
            )
        }
    }

    /// The page to sign in on was not opened.
    pub(super) fn not_opened(why: &str) -> Self {
        let message = format!("{} Copy the link and open it yourself.", sentence(why));
        Self::new(PromptNoticeKind::Retry, message)
    }

    fn code_used(next_code_at: Option<i64>) -> Self {
        Self {
            until: next_code_at,
            ..Self::new(
                PromptNoticeKind::CodeUsed,
                "AWS has seen that code already.",
            )
        }
    }
}

/// After several refusals the agent has one piece of advice, which says more than "wait for the next".
fn wrong_code(error: &AgentError) -> &'static str {
    match error.hints.len() {
        1 => {
            "AWS refused several codes in a row. Check the clock of your device, or resync it in the IAM console."
        }
        _ => "That code was not right. Wait for the next one or check the clock of your device.",
    }
}

/// The agent's words, which begin small and have no full stop, as a sentence.
pub(super) fn sentence(words: &str) -> String {
    let end = if words.ends_with(['.', ':', '!', '?']) {
        ""
    } else {
        "."
    };
    // A host's name stays as it is.
    let host = words
        .split(' ')
        .next()
        .is_some_and(|word| word.trim_end_matches('.').contains('.'));
    let mut letters = words.chars();
    match letters.next() {
        Some(first) if !host => format!("{}{}{end}", first.to_uppercase(), letters.as_str()),
        _ => format!("{words}{end}"),
    }
}

/// What to do: sentences and commands, one on each line.
pub(super) fn hints(error: &AgentError) -> Option<String> {
    let lines: Vec<String> = error
        .hints
        .iter()
        .map(|hint| match hint.starts_with("holdfast ") {
            true => hint.clone(),
            false => sentence(hint),
        })
        .collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// What to do beside signing in again, which the buttons are for.
fn advice(error: &AgentError) -> Option<String> {
    let mut others = error.clone();
    others.hints.retain(|hint| !hint.starts_with("holdfast "));
    hints(&others)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Code and hints of an error, then kind, words and time of the notice.
    type Case = (
        ErrorCode,
        &'static [&'static str],
        PromptNoticeKind,
        &'static str,
        Option<i64>,
    );

    fn error(code: ErrorCode, hints: &[&str]) -> AgentError {
        let mut error = AgentError::new(code, "sts.amazonaws.com refused the connection");
        error.hints = hints.iter().map(|&hint| hint.to_owned()).collect();
        error.retry_at = Some(1000);
        error
    }

    #[test]
    fn each_failure_says_what_to_do() {
        let wrong =
            "That code was not right. Wait for the next one or check the clock of your device.";
        let resync = "AWS refused several codes in a row. Check the clock of your device, or resync it in the IAM console.";
        let portal =
            "This network answers in AWS's place (sign-in page or proxy). Your sessions are kept.";
        let table: &[Case] = &[
            (
                ErrorCode::WrongCode,
                &["a", "b"],
                PromptNoticeKind::WrongCode,
                wrong,
                None,
            ),
            (
                ErrorCode::WrongCode,
                &["AWS refused 3 codes of x in a row: check the clock of the device"],
                PromptNoticeKind::WrongCode,
                resync,
                None,
            ),
            (
                ErrorCode::CodeUsed,
                &[],
                PromptNoticeKind::CodeUsed,
                "AWS has seen that code already.",
                Some(1000),
            ),
            (
                ErrorCode::Offline,
                &[],
                PromptNoticeKind::Retry,
                "AWS cannot be reached. Your sessions are kept.",
                None,
            ),
            (
                ErrorCode::Offline,
                &["sign in to the network"],
                PromptNoticeKind::Retry,
                portal,
                None,
            ),
            (
                ErrorCode::Throttled,
                &[],
                PromptNoticeKind::Retry,
                "AWS asks to slow down.",
                Some(1000),
            ),
            (
                ErrorCode::AwsError,
                &[],
                PromptNoticeKind::Retry,
                "AWS has a fault of its own. Your sessions are kept.",
                None,
            ),
            (
                ErrorCode::ClockSkew,
                &[],
                PromptNoticeKind::Retry,
                "AWS refused because of this computer's clock. Set the clock and try again.",
                None,
            ),
        ];
        for (code, hints, kind, message, until) in table {
            let notice = PromptNotice::of_error(&error(*code, hints)).unwrap();
            assert_eq!((notice.kind, notice.message.as_str()), (*kind, *message));
            assert_eq!(notice.until, *until);
        }
        assert_eq!(
            PromptNotice::of_error(&error(ErrorCode::KeyInactive, &[])),
            None
        );
    }

    #[test]
    fn the_agents_words_become_sentences() {
        for (words, expect) in [
            ("there is no network", "There is no network."),
            ("done.", "Done."),
            ("élan", "Élan."),
            ("do this:", "Do this:"),
            (
                "sts.amazonaws.com is silent",
                "sts.amazonaws.com is silent.",
            ),
            ("", "."),
        ] {
            assert_eq!(sentence(words), expect);
        }
    }
}
