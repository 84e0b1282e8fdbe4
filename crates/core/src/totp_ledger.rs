//! Which one-time codes AWS has already answered, so that none is sent twice.
//!
//! AWS takes every code once. Sending one again would be refused and would count as a failed
//! attempt, so a code that AWS has answered waits for its successor. A code on which AWS gave no
//! answer may be sent again.

use crate::time::Timestamp;
use std::collections::BTreeMap;

/// Seconds for which a device shows one code (RFC 6238).
pub const STEP_SECONDS: i64 = 30;

/// A code is blocked for this many steps: AWS may take it a step early or late, so it is over for
/// good after the third.
const BLOCKED_STEPS: i64 = 3;

/// Refusals in a row after which codes are no longer sent without a person typing them.
pub const MAX_REFUSALS: u32 = 3;

/// Codes remembered for a device; more than fit into [`BLOCKED_STEPS`] cannot all be right.
const MAX_CODES: usize = 8;

/// Stands for a code without being one: whoever may see codes makes it from code and serial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CodeDigest(pub u64);

/// Where a code comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A person typed it.
    Typed,
    /// Made without a person.
    Automatic,
}

/// Whether a code may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Yes.
    Send,
    /// AWS has answered it already.
    CodeUsed {
        /// When the device shows another, by AWS's clock.
        next_code_at: Timestamp,
    },
    /// Too many refusals in a row: check the clock of the device and resynchronise it. Only codes
    /// that a person types are sent.
    Resync,
}

/// How AWS took a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was right.
    Accepted,
    /// It was wrong.
    Refused,
    /// AWS answered, but with an error that says nothing about the code.
    Answered,
    /// No answer came.
    Unanswered,
}

/// A code that AWS has answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnsweredCode {
    /// The code.
    pub digest: CodeDigest,
    /// The step in which it was sent: seconds since 1970 by AWS's clock over [`STEP_SECONDS`].
    pub step: i64,
}

/// Answered codes and refusals, by serial number of the device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TotpLedger {
    devices: BTreeMap<String, Device>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Device {
    answered: Vec<AnsweredCode>,
    refusals: u32,
}

impl TotpLedger {
    /// Whether a code may be sent at `now`, by AWS's clock.
    pub fn check(
        &self,
        serial: &str,
        digest: CodeDigest,
        origin: Origin,
        now: Timestamp,
    ) -> Verdict {
        let Some(device) = self.devices.get(serial) else {
            return Verdict::Send;
        };
        let step = step_of(now);
        let used = |code: &AnsweredCode| code.digest == digest && code.blocks(step);
        if device.answered.iter().any(used) {
            let next_code_at =
                Timestamp::from_unix_seconds(step.saturating_add(1).saturating_mul(STEP_SECONDS));
            return Verdict::CodeUsed { next_code_at };
        }
        if origin == Origin::Automatic && device.refusals >= MAX_REFUSALS {
            return Verdict::Resync;
        }
        Verdict::Send
    }

    /// Notes how AWS took a code that was sent at `sent`, by AWS's clock. Returns how many codes
    /// of this device AWS has refused in a row; at [`MAX_REFUSALS`] the person should be told to
    /// check the clock and resynchronise the device.
    pub fn record(
        &mut self,
        serial: &str,
        digest: CodeDigest,
        sent: Timestamp,
        outcome: Outcome,
    ) -> u32 {
        if outcome == Outcome::Unanswered {
            return self.refusals(serial);
        }
        let device = self.devices.entry(serial.to_owned()).or_default();
        device.note(AnsweredCode {
            digest,
            step: step_of(sent),
        });
        match outcome {
            Outcome::Accepted => device.refusals = 0,
            Outcome::Refused => device.refusals = device.refusals.saturating_add(1),
            Outcome::Answered | Outcome::Unanswered => {}
        }
        device.refusals
    }

    /// Codes of this device that AWS has refused in a row.
    pub fn refusals(&self, serial: &str) -> u32 {
        self.devices.get(serial).map_or(0, |device| device.refusals)
    }

    /// Every answered code that still matters at `now`, for storing.
    pub fn answered(&self, now: Timestamp) -> impl Iterator<Item = (&str, AnsweredCode)> {
        let step = step_of(now);
        self.devices.iter().flat_map(move |(serial, device)| {
            let codes = device.answered.iter().copied();
            codes
                .filter(move |code| code.blocks(step))
                .map(move |code| (serial.as_str(), code))
        })
    }

    /// Puts a stored code back.
    pub fn restore(&mut self, serial: &str, code: AnsweredCode) {
        self.devices
            .entry(serial.to_owned())
            .or_default()
            .note(code);
    }
}

impl Device {
    fn note(&mut self, code: AnsweredCode) {
        self.answered
            .retain(|earlier| earlier.digest != code.digest && earlier.blocks(code.step));
        if self.answered.len() == MAX_CODES {
            self.answered.remove(0);
        }
        self.answered.push(code);
    }
}

impl AnsweredCode {
    /// Also blocks when `step` is earlier: the corrected clock may have gone back since.
    fn blocks(self, step: i64) -> bool {
        step.saturating_sub(self.step) < BLOCKED_STEPS
    }
}

fn step_of(at: Timestamp) -> i64 {
    at.unix_seconds().div_euclid(STEP_SECONDS)
}

#[cfg(test)]
mod tests;
