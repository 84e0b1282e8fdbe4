//! The simulated AWS's clock: the machine's time, moved, stopped or set at will.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// The clock every part of the simulated AWS reads: expiry, MFA codes, signatures and `Date` headers.
///
/// Clones share one clock. It starts equal to the machine's time.
#[derive(Clone, Debug, Default)]
pub struct Clock(Arc<Mutex<Setting>>);

#[derive(Debug, Default)]
struct Setting {
    offset: SignedDuration,
    frozen: Option<Timestamp>,
}

impl Clock {
    /// The simulated time.
    pub fn now(&self) -> Timestamp {
        self.with(|setting| setting.now())
    }

    /// How far the simulated time is ahead of the machine's (negative when behind).
    pub fn offset(&self) -> SignedDuration {
        self.with(|setting| match setting.frozen {
            Some(frozen) => frozen.duration_since(Timestamp::now()),
            None => setting.offset,
        })
    }

    /// Moves the clock forward, frozen or not.
    pub fn advance(&self, by: Duration) {
        let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
        self.with(|setting| setting.shift(by));
    }

    /// Moves the clock back, frozen or not.
    pub fn rewind(&self, by: Duration) {
        let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
        self.with(|setting| setting.shift(-by));
    }

    /// Lets the clock show `time`; it goes on from there unless it is frozen.
    pub fn set(&self, time: Timestamp) {
        self.with(|setting| {
            if let Some(frozen) = &mut setting.frozen {
                *frozen = time;
            } else {
                setting.offset = time.duration_since(Timestamp::now());
            }
        });
    }

    /// Lets the clock run this far ahead of the machine's time (behind when negative).
    pub fn set_offset(&self, offset: SignedDuration) {
        self.with(|setting| {
            setting.offset = offset;
            if setting.frozen.is_some() {
                setting.frozen = Some(setting.running());
            }
        });
    }

    /// Stops the clock at the time it shows.
    pub fn freeze(&self) {
        self.with(|setting| setting.frozen = Some(setting.now()));
    }

    /// Lets a frozen clock run on from the time it shows.
    pub fn resume(&self) {
        self.with(|setting| {
            if let Some(frozen) = setting.frozen.take() {
                setting.offset = frozen.duration_since(Timestamp::now());
            }
        });
    }

    /// Whether the clock stands still.
    pub fn is_frozen(&self) -> bool {
        self.with(|setting| setting.frozen.is_some())
    }

    /// Back to the machine's time, running.
    pub fn reset(&self) {
        self.with(|setting| *setting = Setting::default());
    }

    fn with<T>(&self, act: impl FnOnce(&mut Setting) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Setting {
    fn now(&self) -> Timestamp {
        self.frozen.unwrap_or_else(|| self.running())
    }

    fn running(&self) -> Timestamp {
        shifted(Timestamp::now(), self.offset)
    }

    fn shift(&mut self, by: SignedDuration) {
        match &mut self.frozen {
            Some(frozen) => *frozen = shifted(*frozen, by),
            None => self.offset = self.offset.saturating_add(by),
        }
    }
}

/// `time` moved by `by`, held at the ends of what a timestamp can say.
pub(crate) fn shifted(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.checked_add(by).unwrap_or(if by.is_negative() {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    #[test]
    fn moves_by_what_it_is_told() {
        let clock = Clock::default();
        clock.advance(HOUR);
        assert_eq!(clock.offset(), SignedDuration::from_hours(1));
        clock.rewind(2 * HOUR);
        assert_eq!(clock.offset(), SignedDuration::from_hours(-1));
        clock.set_offset(SignedDuration::from_mins(20));
        assert_eq!(clock.offset(), SignedDuration::from_mins(20));
        assert!(clock.now().duration_since(Timestamp::now()) > SignedDuration::from_mins(19));
        clock.reset();
        assert_eq!(clock.offset(), SignedDuration::ZERO);
    }

    #[test]
    fn stands_still_when_frozen_and_goes_on_from_there() {
        let clock = Clock::default();
        let start: Timestamp = "2015-08-30T12:36:00Z".parse().unwrap();
        clock.freeze();
        clock.set(start);
        assert_eq!(clock.now(), start);
        clock.advance(HOUR);
        assert_eq!(clock.now().to_string(), "2015-08-30T13:36:00Z");
        clock.resume();
        assert!(clock.now().duration_since(start) >= SignedDuration::from_hours(1));
        assert!(!clock.is_frozen());
    }

    #[test]
    fn holds_at_the_ends_of_time() {
        let clock = Clock::default();
        clock.advance(Duration::MAX);
        assert_eq!(clock.now(), Timestamp::MAX);
    }
}
