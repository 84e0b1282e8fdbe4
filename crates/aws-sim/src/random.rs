//! Unique random identifiers and secrets in the shapes AWS gives them.

use data_encoding::{BASE32_NOPAD, BASE64, HEXLOWER};

use crate::hidden::Hidden;

/// `N` bytes from the operating system's random source.
///
/// # Panics
/// When the operating system has no random source.
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rustls::crypto::ring::default_provider()
        .secure_random
        .fill(&mut bytes)
        .expect("the operating system has a random source");
    bytes
}

/// A 20-character identifier such as `AKIA…` (long-lived key), `ASIA…` (temporary key), `AIDA…` (user) or `AROA…` (role).
pub(crate) fn identifier(prefix: &str) -> String {
    format!("{prefix}{}", BASE32_NOPAD.encode(&bytes::<10>()))
}

/// A secret access key: 40 characters of base64's alphabet.
pub(crate) fn secret_access_key() -> Hidden {
    Hidden::new(BASE64.encode(&bytes::<30>()))
}

/// A session token: long, and with the `/`, `+` and `=` that careless quoting breaks.
pub(crate) fn session_token() -> Hidden {
    Hidden::new(format!("IQoJ/+{}", BASE64.encode(&bytes::<400>())))
}

/// A lower-case UUID, version 4.
pub(crate) fn uuid() -> String {
    let mut bytes = bytes::<16>();
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex = HEXLOWER.encode(&bytes);
    format!(
        "{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_those_of_aws() {
        assert_eq!(identifier("AKIA").len(), 20);
        assert_eq!(secret_access_key().reveal().len(), 40);
        assert!(session_token().reveal().ends_with('='));
        let uuid = uuid();
        assert_eq!(uuid.len(), 36);
        assert_eq!(&uuid[14..15], "4");
        assert_ne!(identifier("ASIA"), identifier("ASIA"));
    }
}
