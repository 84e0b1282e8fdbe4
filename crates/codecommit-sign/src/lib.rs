//! The CodeCommit git password: a SigV4 signature of the method GIT.
//!
//! Apart from `holdfast-codecommit`, so that programs which only need the host grammar
//! hold no signing code.

mod timestamp;

use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::time::{Duration, UNIX_EPOCH};
use timestamp::Timestamp;

/// How long CodeCommit accepts a password, in seconds from the time it was made for: about a quarter of an hour
/// (<https://docs.aws.amazon.com/codecommit/latest/userguide/troubleshooting-ch.html>).
pub const PASSWORD_LIFETIME_SECONDS: u32 = 15 * 60;

/// User name and password for git. Both are secrets: the user name carries the session token.
/// There is no `Debug` and no `Clone`.
pub struct GitCredential {
    /// Access key id, with the session token behind a `%` where there is one, not percent-encoded.
    pub username: SecretString,
    /// `YYYYMMDDThhmmssZ` and 64 hexadecimal digits.
    pub password: SecretString,
}

/// The credentials that sign; borrowed, so that no copy is made.
#[derive(Clone, Copy)]
pub struct SigningCredentials<'a> {
    /// Access key id.
    pub access_key_id: &'a str,
    /// Secret access key.
    pub secret_access_key: &'a SecretString,
    /// Session token of temporary credentials. CodeCommit takes it from the user name; it is not signed.
    pub session_token: Option<&'a SecretString>,
}

/// What is signed. The server repeats the signature, so every byte counts and nothing is normalised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SigningTarget<'a> {
    /// Host as git's HTTP library sends it: as typed, without a port.
    pub host: &'a str,
    /// Path as git passes it, decoded and without a leading slash; one slash is put in front.
    pub path: &'a str,
    /// Region in the host's name.
    pub region: &'a str,
}

/// Why no password could be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// The clock is before 1970 or after 9999.
    #[error("the clock shows a time that cannot be signed")]
    TimeOutOfRange,
}

/// The password with which git reads and writes one repository, from `unix_seconds` (by AWS's clock, in seconds
/// since 1970) for about [`PASSWORD_LIFETIME_SECONDS`].
///
/// # Errors
/// [`SignError::TimeOutOfRange`] for years that have not four digits.
pub fn git_password(
    credentials: SigningCredentials<'_>,
    target: SigningTarget<'_>,
    unix_seconds: i64,
) -> Result<GitCredential, SignError> {
    let timestamp = Timestamp::new(unix_seconds).ok_or(SignError::TimeOutOfRange)?;
    let string_to_sign = string_to_sign(target, &timestamp);
    let key = generate_signing_key(
        credentials.secret_access_key.expose_secret(),
        UNIX_EPOCH + Duration::from_secs(timestamp.unix_seconds()),
        target.region,
        SERVICE,
    );
    let signature = calculate_signature(key, string_to_sign.as_bytes());
    Ok(GitCredential {
        username: username(credentials),
        password: SecretString::from(format!("{timestamp}Z{signature}")),
    })
}

const SERVICE: &str = "codecommit";

/// As in SigV4, but with an empty query, no hash of a payload, and a timestamp without its `Z`.
fn string_to_sign(target: SigningTarget<'_>, timestamp: &Timestamp) -> String {
    let SigningTarget { host, path, region } = target;
    let canonical_request = format!("GIT\n/{path}\n\nhost:{host}\n\nhost\n");
    let date = timestamp.date();
    let mut text =
        format!("AWS4-HMAC-SHA256\n{timestamp}\n{date}/{region}/{SERVICE}/aws4_request\n");
    for byte in Sha256::digest(canonical_request) {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn username(credentials: SigningCredentials<'_>) -> SecretString {
    let Some(token) = credentials.session_token else {
        return SecretString::from(credentials.access_key_id);
    };
    let token = token.expose_secret();
    // The exact size: a buffer that grows would leave a piece of the token behind.
    let mut username = String::with_capacity(credentials.access_key_id.len() + 1 + token.len());
    username.push_str(credentials.access_key_id);
    username.push('%');
    username.push_str(token);
    SecretString::from(username)
}
