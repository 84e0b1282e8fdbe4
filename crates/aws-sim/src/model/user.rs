//! IAM users with their access keys and MFA devices.

use std::collections::BTreeSet;

use jiff::Timestamp;
use subtle::ConstantTimeEq;

use crate::hidden::Hidden;
use crate::policy::Document;
use crate::{random, totp};

/// An IAM user.
#[derive(Debug)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) arn: String,
    /// `AIDA…`.
    pub(crate) id: String,
    pub(crate) created: Timestamp,
    pub(crate) access_keys: Vec<AccessKey>,
    pub(crate) mfa_devices: Vec<MfaDevice>,
    pub(crate) policies: Vec<Document>,
}

/// A long-lived access key.
#[derive(Debug)]
pub(crate) struct AccessKey {
    /// `AKIA…`.
    pub(crate) id: String,
    pub(crate) secret: Hidden,
    pub(crate) active: bool,
    pub(crate) created: Timestamp,
    pub(crate) last_use: Option<LastUse>,
}

/// Where and when a key was last used.
#[derive(Clone, Debug)]
pub(crate) struct LastUse {
    pub(crate) time: Timestamp,
    pub(crate) region: String,
    pub(crate) service: &'static str,
}

impl AccessKey {
    pub(crate) fn new(created: Timestamp) -> Self {
        Self {
            id: random::identifier("AKIA"),
            secret: random::secret_access_key(),
            active: true,
            created,
            last_use: None,
        }
    }
}

/// A virtual MFA device.
#[derive(Debug)]
pub(crate) struct MfaDevice {
    pub(crate) serial: String,
    pub(crate) enabled: Timestamp,
    seed: [u8; 20],
    /// The steps whose code was accepted: no code is good twice.
    used: BTreeSet<i64>,
}

/// Why a code is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CodeRefused {
    /// The code of no step near now.
    Wrong,
    /// The right code, accepted once before.
    Used,
}

impl MfaDevice {
    pub(crate) fn new(serial: String, enabled: Timestamp) -> Self {
        Self {
            serial,
            enabled,
            seed: random::bytes(),
            used: BTreeSet::new(),
        }
    }

    /// The six digits the device shows at `time`.
    pub(crate) fn code_at(&self, time: Timestamp) -> String {
        totp::code(&self.seed, totp::step(time))
    }

    /// The seed as authenticator apps take it.
    pub(crate) fn seed(&self) -> Hidden {
        Hidden::new(data_encoding::BASE32_NOPAD.encode(&self.seed))
    }

    /// Six digits that the device shows in no step near `time`.
    pub(crate) fn wrong_code_at(&self, time: Timestamp) -> String {
        let step = totp::step(time);
        let near: Vec<String> = (-3..=3)
            .map(|by| totp::code(&self.seed, step + by))
            .collect();
        (0..=near.len())
            .map(|digit| format!("{digit:06}"))
            .find(|code| !near.contains(code))
            .unwrap_or_default()
    }

    /// Accepts the code of the current step or of either neighbour, each once.
    pub(crate) fn accept(&mut self, code: &str, now: Timestamp) -> Result<(), CodeRefused> {
        let current = totp::step(now);
        self.used.retain(|step| (current - step).abs() <= 10);
        let step = [current, current - 1, current + 1]
            .into_iter()
            .find(|&step| {
                bool::from(
                    totp::code(&self.seed, step)
                        .as_bytes()
                        .ct_eq(code.as_bytes()),
                )
            })
            .ok_or(CodeRefused::Wrong)?;
        if self.used.insert(step) {
            Ok(())
        } else {
            Err(CodeRefused::Used)
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_code_is_good_for_three_steps_and_once() {
        let now = at(1_800_000_000);
        for (drift, expect) in [
            (-60, false),
            (-30, true),
            (0, true),
            (30, true),
            (60, false),
        ] {
            let mut device = MfaDevice::new("serial".to_owned(), now);
            let code = device.code_at(now + SignedDuration::from_secs(drift));
            assert_eq!(device.accept(&code, now).is_ok(), expect, "drift {drift}");
        }
        let mut device = MfaDevice::new("serial".to_owned(), now);
        let code = device.code_at(now);
        assert_eq!(device.accept(&code, now), Ok(()));
        assert_eq!(device.accept(&code, now), Err(CodeRefused::Used));
        assert_eq!(
            device.accept(&device.wrong_code_at(now), now),
            Err(CodeRefused::Wrong)
        );
        let later = now + SignedDuration::from_secs(30);
        assert_eq!(device.accept(&device.code_at(later), later), Ok(()));
    }
}
