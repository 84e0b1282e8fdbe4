//! The CodeCommit git password: a signature over the repository's path and host that is valid for about 15 minutes.

use jiff::{SignedDuration, Timestamp};
use subtle::ConstantTimeEq;

use super::{ALGORITHM, hash_hex, key, verify};

/// How long a password is good for, and how far ahead a client's clock may be.
const LIFETIME: SignedDuration = SignedDuration::from_mins(15);

/// Why a password is refused.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Not `YYYYMMDDThhmmssZ` and 64 hexadecimal digits.
    Malformed,
    /// Made too long ago or too far ahead; the text says both times, as AWS does.
    Expired(String),
    /// Not the signature of this path and host by this key.
    Wrong,
}

/// What a password is for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'a> {
    pub(crate) host: &'a str,
    pub(crate) region: &'a str,
    /// With its leading slash.
    pub(crate) path: &'a str,
}

/// Checks `password` against the secret it should have been made with.
pub(crate) fn check(
    password: &str,
    secret: &str,
    target: Target<'_>,
    now: Timestamp,
) -> Result<(), Refused> {
    let Some((stamp, signature)) = password.split_at_checked(16) else {
        return Err(Refused::Malformed);
    };
    let Some(time) = verify::parse(stamp) else {
        return Err(Refused::Malformed);
    };
    if signature.len() != 64 {
        return Err(Refused::Malformed);
    }
    let expected = make(secret, target, &stamp[..15]);
    if !bool::from(expected.as_bytes().ct_eq(signature.as_bytes())) {
        return Err(Refused::Wrong);
    }
    if now.duration_since(time) > LIFETIME || time.duration_since(now) > LIFETIME {
        return Err(Refused::Expired(format!(
            "Signature expired: {stamp} is more than {} min. from {}",
            LIFETIME.as_mins(),
            verify::basic(now)
        )));
    }
    Ok(())
}

/// The 64 hexadecimal digits for `stamp` (`YYYYMMDDThhmmss`, no `Z`).
fn make(secret: &str, target: Target<'_>, stamp: &str) -> String {
    // Neither a query string nor a payload hash: that is what tells this form from a request's.
    let canonical = format!("GIT\n{}\n\nhost:{}\n\nhost\n", target.path, target.host);
    let date = &stamp[..8];
    let string_to_sign = format!(
        "{ALGORITHM}\n{stamp}\n{date}/{}/codecommit/aws4_request\n{}",
        target.region,
        hash_hex(canonical.as_bytes())
    );
    key::signature(secret, date, target.region, "codecommit", &string_to_sign)
}
