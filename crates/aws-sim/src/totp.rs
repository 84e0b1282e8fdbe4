//! One-time codes of virtual MFA devices: RFC 6238 with SHA-1, 30 seconds and six digits.

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha1::Sha1;

/// Seconds for which one code is shown.
pub(crate) const STEP_SECONDS: i64 = 30;

/// The number of the 30-second step that `time` falls into.
pub(crate) fn step(time: Timestamp) -> i64 {
    time.as_second().div_euclid(STEP_SECONDS)
}

/// The six digits a device with this seed shows during `step`.
pub(crate) fn code(seed: &[u8], step: i64) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(seed).expect("HMAC takes a key of any length");
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest[19] & 0x0f);
    let word = u32::from_be_bytes([
        digest[offset] & 0x7f,
        digest[offset + 1],
        digest[offset + 2],
        digest[offset + 3],
    ]);
    format!("{:06}", word % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The SHA-1 rows of RFC 6238, appendix B, cut to the last six digits.
    #[test]
    fn gives_the_codes_of_the_rfc() {
        for (second, expect) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let time = Timestamp::from_second(second).unwrap();
            assert_eq!(
                code(b"12345678901234567890", step(time)),
                expect,
                "at {second}"
            );
        }
    }
}
