//! One-time codes: their form, and a stand-in that the ledger may keep.

use holdfast_core::port::MfaCode;
use holdfast_core::totp_ledger::CodeDigest;
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};

/// Digits of a code; AWS takes no other length.
const DIGITS: usize = 6;

/// Stands for a code in the ledger, so that the ledger never holds one.
pub fn digest(mfa: &MfaCode) -> CodeDigest {
    let mut hash = Sha256::new();
    hash.update(mfa.serial.as_bytes());
    hash.update([0]);
    hash.update(mfa.code.expose_secret().as_bytes());
    let mut first = [0; 8];
    for (to, from) in first.iter_mut().zip(hash.finalize()) {
        *to = from;
    }
    CodeDigest(u64::from_be_bytes(first))
}

/// Whether this can be a code at all.
pub(crate) fn is_well_formed(mfa: &MfaCode) -> bool {
    let code = mfa.code.expose_secret();
    code.len() == DIGITS && code.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mfa(serial: &str, code: &str) -> MfaCode {
        MfaCode {
            serial: serial.to_owned(),
            code: code.to_owned().into(),
        }
    }

    #[test]
    fn codes_are_six_ascii_digits() {
        for good in ["000000", "123456"] {
            assert!(is_well_formed(&mfa("s", good)), "{good}");
        }
        for bad in [
            "",
            "12345",
            "1234567",
            "12345a",
            " 12345",
            "１２３４５６",
            "12３",
        ] {
            assert!(!is_well_formed(&mfa("s", bad)), "{bad}");
        }
    }

    #[test]
    fn digests_tell_codes_and_devices_apart() {
        assert_eq!(digest(&mfa("a", "123456")), digest(&mfa("a", "123456")));
        assert_ne!(digest(&mfa("a", "123456")), digest(&mfa("a", "123457")));
        assert_ne!(digest(&mfa("a", "123456")), digest(&mfa("b", "123456")));
    }
}
