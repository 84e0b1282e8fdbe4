//! Checks on parameter values, with the messages STS gives.

use super::super::ApiError;
use super::super::query::{Parameters, member};

/// Collects what is wrong with the parameters of one request.
#[derive(Debug, Default)]
pub(super) struct Constraints(Vec<String>);

impl Constraints {
    /// A text parameter with length limits and a pattern: its characters besides word characters, as AWS prints it.
    pub(super) fn text(
        &mut self,
        parameters: &Parameters,
        name: &str,
        length: (usize, usize),
        (pattern, allowed): (&str, fn(char) -> bool),
    ) {
        let Some(value) = parameters.get(name) else {
            return;
        };
        let count = value.chars().count();
        if count < length.0 {
            self.add(
                value,
                name,
                &format!(
                    "Member must have length greater than or equal to {}",
                    length.0
                ),
            );
        }
        if count > length.1 {
            self.add(
                value,
                name,
                &format!("Member must have length less than or equal to {}", length.1),
            );
        }
        if !value.chars().all(allowed) {
            self.add(
                value,
                name,
                &format!("Member must satisfy regular expression pattern: {pattern}"),
            );
        }
    }

    /// A parameter that must be there.
    pub(super) fn required(&mut self, parameters: &Parameters, name: &str) {
        if parameters.get(name).is_none() {
            self.0.push(format!(
                "Value null at '{}' failed to satisfy constraint: Member must not be null",
                member(name)
            ));
        }
    }

    /// A number of seconds within limits; `default` when it is not given.
    pub(super) fn seconds(
        &mut self,
        parameters: &Parameters,
        limits: (i64, i64),
        default: i64,
    ) -> i64 {
        const NAME: &str = "DurationSeconds";
        let Some(text) = parameters.get(NAME) else {
            return default;
        };
        let Ok(seconds) = text.parse::<i64>() else {
            self.add(text, NAME, "Member must be a number");
            return default;
        };
        if seconds < limits.0 {
            self.add(
                text,
                NAME,
                &format!(
                    "Member must have value greater than or equal to {}",
                    limits.0
                ),
            );
        }
        if seconds > limits.1 {
            self.add(
                text,
                NAME,
                &format!("Member must have value less than or equal to {}", limits.1),
            );
        }
        seconds
    }

    /// The error that names everything found.
    pub(super) fn check(self) -> Result<(), ApiError> {
        let count = self.0.len();
        if count == 0 {
            return Ok(());
        }
        let noun = if count == 1 { "error" } else { "errors" };
        Err(validation(format!(
            "{count} validation {noun} detected: {}",
            self.0.join("; ")
        )))
    }

    fn add(&mut self, value: &str, name: &str, constraint: &str) {
        self.0.push(format!(
            "Value '{value}' at '{}' failed to satisfy constraint: {constraint}",
            member(name)
        ));
    }
}

/// A parameter with an impossible value.
pub(super) fn validation(message: impl Into<String>) -> ApiError {
    ApiError::new(400, "ValidationError", message)
}

/// `[\w+=,.@-]*`: session names and source identities.
pub(super) const NAME: (&str, fn(char) -> bool) = (r"[\w+=,.@-]*", |character| {
    is_word(character) || "+=,.@-".contains(character)
});

/// `[\w+=,.@:\/-]*`: external ids.
pub(super) const EXTERNAL_ID: (&str, fn(char) -> bool) = (r"[\w+=,.@:\/-]*", |character| {
    is_word(character) || "+=,.@:/-".contains(character)
});

/// `[\w+=/:,.@-]*`: serial numbers of MFA devices.
pub(super) const SERIAL: (&str, fn(char) -> bool) = (r"[\w+=/:,.@-]*", |character| {
    is_word(character) || "+=/:,.@-".contains(character)
});

/// `[\d]*`: one-time codes.
pub(super) const DIGITS: (&str, fn(char) -> bool) =
    (r"[\d]*", |character| character.is_ascii_digit());

/// Anything.
pub(super) const ANY: (&str, fn(char) -> bool) = (".*", |_| true);

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}
