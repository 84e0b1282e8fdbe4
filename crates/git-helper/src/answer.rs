//! What the helper says to git: the only place where it exposes a secret.

use crate::ask::GitCredential;
use crate::failure::Failure;
use secrecy::ExposeSecret;
use std::io::{self, Write};
use zeroize::Zeroizing;

/// The capabilities, for `git-credential-holdfast capability`.
pub const CAPABILITIES: &[u8] = b"version 0\ncapability authtype\n";

/// Ends the search for a credential: git asks neither another helper nor the person.
pub const QUIT: &[u8] = b"quit=1\n";

/// User name and password with their end, for git.
///
/// `ephemeral` says that the password is not to be stored. git takes it only behind the capability, which a
/// helper may announce only when git has; git before 2.46 ignores both.
///
/// # Errors
/// When a value cannot be written as one line; none is quoted.
pub fn credential(
    credential: &GitCredential,
    announce_authtype: bool,
) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let username = credential.username.expose_secret();
    let password = credential.password.expose_secret();
    if !(is_value(username) && is_value(password)) {
        return Err(Failure::new(
            "the agent sent a password that git cannot take",
            "holdfast agent status",
        ));
    }
    // As much as is needed, so that the buffer never grows and leaves a copy behind.
    let mut text = Zeroizing::new(Vec::with_capacity(
        username.len() + password.len() + FIXED_SIZE,
    ));
    if announce_authtype {
        text.extend_from_slice(b"capability[]=authtype\n");
    }
    text.extend_from_slice(b"username=");
    text.extend_from_slice(username.as_bytes());
    text.extend_from_slice(b"\npassword=");
    text.extend_from_slice(password.as_bytes());
    // Writing to a vector cannot fail.
    let _ = write!(text, "\npassword_expiry_utc={}\n", credential.expires_at);
    text.extend_from_slice(b"ephemeral=1\n");
    Ok(text)
}

/// Writes to git in one piece.
///
/// The text ends in a line feed, so the standard library hands it on without keeping a copy.
///
/// # Errors
/// The stream's own.
pub fn print(text: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text)?;
    out.flush()
}

/// More than keys, line feeds and a number take together.
const FIXED_SIZE: usize = 160;

fn is_value(text: &str) -> bool {
    !text.is_empty() && !text.bytes().any(|byte| byte.is_ascii_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(username: &str, password: &str, expires_at: i64, announce: bool) -> Option<String> {
        let given = GitCredential {
            username: username.into(),
            password: password.into(),
            expires_at,
        };
        let text = credential(&given, announce).ok()?;
        assert!(
            text.capacity() >= text.len()
                && text.len() <= username.len() + password.len() + FIXED_SIZE
        );
        Some(String::from_utf8(text.to_vec()).unwrap())
    }

    #[test]
    fn answers_are_written() {
        assert_eq!(
            answer("AKIDEXAMPLE%t=o/k+e%n", "p", 1_800_000_000, false).as_deref(),
            Some(
                "username=AKIDEXAMPLE%t=o/k+e%n\npassword=p\npassword_expiry_utc=1800000000\nephemeral=1\n"
            )
        );
        assert_eq!(
            answer("u", "p", i64::MIN, true).as_deref(),
            Some(
                "capability[]=authtype\nusername=u\npassword=p\npassword_expiry_utc=-9223372036854775808\nephemeral=1\n"
            )
        );
    }

    #[test]
    fn values_cannot_bring_lines_of_their_own() {
        for bad in ["", "a\nhost=evil", "a\rb", "a\0b", "\u{7f}"] {
            assert_eq!(answer(bad, "p", 0, false), None, "{bad:?}");
            assert_eq!(answer("u", bad, 0, false), None, "{bad:?}");
        }
    }
}
