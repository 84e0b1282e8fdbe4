//! Long-lived access keys: read in every form in which people have them, handed to the agent, and then taken out
//! of the files that held them in plaintext.

mod csv;
mod error;
mod plaintext;
mod removal;
mod survey;
mod text;
mod transfer;

pub use csv::{is_console_csv, read_console_csv};
pub use error::KeyError;
pub use plaintext::{Found, Plaintext, Source};
pub use removal::RemovalPlan;
pub use survey::{Dependent, PlaintextKey, Survey};
pub use text::{from_reader, from_text};
pub use transfer::{KeyHolder, Stored, check_lasts, transfer};

use secrecy::SecretString;

/// A long-lived access key. Holds a secret, so it has no `Debug`.
pub struct AccessKey {
    /// Access key id. Not a secret.
    pub id: String,
    /// Secret access key.
    pub secret: SecretString,
}

impl AccessKey {
    /// A key from its two parts, checked for what cannot be one.
    ///
    /// # Errors
    /// A [`KeyError`], which never repeats the input.
    pub fn new(id: &str, secret: &str) -> Result<Self, KeyError> {
        let (id, secret) = (id.trim(), secret.trim());
        check_id(id)?;
        check_secret(secret)?;
        Ok(Self {
            id: id.to_owned(),
            secret: SecretString::from(secret.to_owned()),
        })
    }
}

/// An access key id as it is shown where the whole is not needed: `AKIA…XYZ1`.
pub fn short_id(id: &str) -> String {
    match (
        id.get(..4),
        id.len().checked_sub(4).and_then(|at| id.get(at..)),
    ) {
        (Some(start), Some(end)) if id.len() > 8 => format!("{start}…{end}"),
        (_, _) => id.to_owned(),
    }
}

/// Form of an id: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKey.html>.
fn check_id(id: &str) -> Result<(), KeyError> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if !(16..=128).contains(&id.len()) || !id.bytes().all(is_word) {
        return Err(KeyError::IdForm);
    }
    if id.starts_with("ASIA") {
        return Err(KeyError::Temporary);
    }
    Ok(())
}

fn check_secret(secret: &str) -> Result<(), KeyError> {
    if secret.is_empty() {
        return Err(KeyError::SecretEmpty);
    }
    if secret.len() > 256 || !secret.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(KeyError::SecretForm);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_shortened_to_their_ends() {
        for (id, expect) in [
            ("AKIAIOSFODNN7EXAMPLE", "AKIA…MPLE"),
            ("AKIA", "AKIA"),
            ("ééééééééé", "éé…éé"),
            ("", ""),
        ] {
            assert_eq!(short_id(id), expect);
        }
    }
}
