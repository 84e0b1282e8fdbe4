//! How far the local clock is behind AWS's, learned from the dates of AWS's answers.
//!
//! The local clock cannot be trusted and cannot be set from here. Every answer of AWS says what
//! time it is there, so the difference can be learned and added to whatever the local clock says.

use crate::time::Timestamp;

/// Differences up to this many seconds are left alone: answers are dated in whole seconds and
/// travel for a while, and nothing that AWS checks is that strict.
pub const TOLERANCE_SECONDS: i64 = 30;

/// An answer that took longer says too little about the time at which AWS dated it.
const MAX_ROUND_TRIP_SECONDS: i64 = 60;

/// The clocks of this machine.
pub trait LocalClock: Send + Sync + 'static {
    /// What the wall clock says.
    fn wall(&self) -> Timestamp;

    /// Seconds since an arbitrary point in the past. Never goes back and never runs fast, but may
    /// stand still while the machine is suspended.
    fn steady_seconds(&self) -> i64;
}

/// When a call was made by the local wall clock, and how AWS dated its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DatedAnswer {
    /// The local clock when the request was sent.
    pub sent: Timestamp,
    /// The local clock when the answer came.
    pub received: Timestamp,
    /// The answer's `Date`.
    pub date: Timestamp,
}

impl DatedAnswer {
    /// How far the local clock was behind, and how far off that may be, in seconds.
    fn estimate(self) -> Option<(i64, i64)> {
        let round_trip = self.received.seconds_since(self.sent);
        if !(0..=MAX_ROUND_TRIP_SECONDS).contains(&round_trip) {
            return None;
        }
        let midpoint = self.sent.plus_seconds(round_trip / 2);
        Some((self.date.seconds_since(midpoint), round_trip / 2 + 1))
    }
}

/// The learned difference between the local wall clock and AWS's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClockOffset {
    seconds: i64,
    confirmed: bool,
    pending: Option<i64>,
    wall_minus_steady: Option<i64>,
}

impl ClockOffset {
    /// Takes a difference from an earlier run, unless AWS has answered in this one.
    pub fn presume(&mut self, seconds: i64) {
        if !self.confirmed {
            self.seconds = seconds;
        }
    }

    /// Seconds by which the local clock is behind AWS's; negative when it is ahead.
    pub fn seconds(&self) -> i64 {
        self.seconds
    }

    /// AWS's time at a point of the local wall clock.
    #[must_use]
    pub fn correct(&self, local: Timestamp) -> Timestamp {
        local.plus_seconds(self.seconds)
    }

    /// The point of the local wall clock at a time of AWS's.
    #[must_use]
    pub fn localize(&self, aws: Timestamp) -> Timestamp {
        aws.plus_seconds(self.seconds.saturating_neg())
    }

    /// Learns from any answer. A new difference counts once two answers in a row agree on it, so
    /// that one bad date changes nothing. Says whether the difference changed.
    pub fn observe(&mut self, answer: DatedAnswer) -> bool {
        let Some((estimate, slack)) = answer.estimate() else {
            return false;
        };
        if self.explains(estimate, slack) {
            self.confirmed = true;
            self.pending = None;
            return false;
        }
        match self.pending {
            Some(earlier) if differ_by(earlier, estimate) <= TOLERANCE_SECONDS + slack => {
                self.set(estimate);
                true
            }
            Some(_) | None => {
                self.pending = Some(estimate);
                false
            }
        }
    }

    /// Learns from an answer that refused the signature because of its date, at once: the refusal
    /// is the second witness. Says whether the difference changed, and so whether the same call
    /// has a chance when it is signed again.
    pub fn adopt(&mut self, refusal: DatedAnswer) -> bool {
        let Some((estimate, slack)) = refusal.estimate() else {
            return false;
        };
        if self.explains(estimate, slack) {
            return false;
        }
        self.set(estimate);
        true
    }

    /// Notices steps of the local wall clock. To be told both clocks, in seconds, before the
    /// difference is used.
    ///
    /// The steady clock is a lower bound for the time that went by, since it may have stood still.
    /// So when the wall clock stepped back, the difference grows by as much and the corrected time
    /// goes on. When it stepped forward, the machine may just have been asleep; only a step that
    /// undoes the learned difference is taken for what it is, a clock that was put right.
    pub fn read(&mut self, wall: Timestamp, steady_seconds: i64) {
        let now = wall.unix_seconds().saturating_sub(steady_seconds);
        let Some(before) = self.wall_minus_steady.replace(now) else {
            return;
        };
        let step = now.saturating_sub(before);
        if !self.confirmed || differ_by(now, before) <= TOLERANCE_SECONDS {
            return;
        }
        let after = self.seconds.saturating_sub(step);
        if step < 0 || differ_by(after, 0) <= TOLERANCE_SECONDS {
            self.seconds = after;
            self.pending = None;
        }
    }

    fn explains(&self, estimate: i64, slack: i64) -> bool {
        differ_by(self.seconds, estimate) <= TOLERANCE_SECONDS + slack
    }

    fn set(&mut self, seconds: i64) {
        self.seconds = seconds;
        self.confirmed = true;
        self.pending = None;
    }
}

fn differ_by(a: i64, b: i64) -> i64 {
    a.saturating_sub(b).saturating_abs()
}

#[cfg(test)]
mod tests;
