//! Failures as the person, or the program, gets to read them.

use crate::outcome::Failure;
use crate::print::text::visible;
use crate::print::time::rfc3339;
use crate::print::{Output, Style, Tone};
use serde::Serialize;
use std::io::{self, Write};

/// One line of error and the hints below it, on standard error.
pub(crate) fn for_people(failure: &Failure) {
    if matches!(failure, Failure::OutputClosed) {
        return;
    }
    let stderr = io::stderr();
    let style = Style::of(&stderr);
    let name = style.paint(Tone::Needed, "holdfast:");
    let mut text = format!("{name} {}\n", visible(&failure.to_string()));
    for hint in failure.hints() {
        let label = style.paint(Tone::Heading, "hint:");
        text.push_str(&format!("{label} {}\n", visible(hint)));
    }
    // There is nowhere left to report that standard error is closed.
    let _ = stderr.lock().write_all(text.as_bytes());
}

/// A text for the person who watches, on standard error, where it is in no program's way.
pub(crate) fn note(text: &str) {
    // As above: whoever closed it does not watch.
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// One JSON document on standard output.
pub(crate) fn for_programs(failure: &Failure, output: &mut Output) {
    let document = Document {
        error: Error::of(failure),
    };
    // As above: without a reader nobody can be told.
    let _ = output.json(&document).and_then(|()| output.flush());
}

#[derive(Serialize)]
struct Document<'a> {
    error: Error<'a>,
}

/// A failure in JSON.
#[derive(Serialize)]
pub(crate) struct Error<'a> {
    code: String,
    message: String,
    hints: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mfa_serial: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    portal: Option<&'a str>,
}

impl<'a> Error<'a> {
    /// Of a failure.
    pub(crate) fn of(failure: &'a Failure) -> Self {
        let agent = failure.agent();
        Self {
            code: failure.code(),
            message: failure.to_string(),
            hints: failure.hints(),
            profile: agent.and_then(|error| error.profile.as_deref()),
            retry_at: agent.and_then(|error| error.retry_at).map(rfc3339),
            mfa_serial: agent
                .and_then(|error| error.mfa.as_ref())
                .map(|mfa| mfa.serial.as_str()),
            portal: agent.and_then(|error| error.portal.as_deref()),
        }
    }
}
