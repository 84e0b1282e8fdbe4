//! How often a service of AWS is asked: ten times a second at most, and less when AWS says that it is too often.

use std::time::Duration;
use tokio::time::Instant;

/// Time between two calls. AWS does not publish its limits; with ten calls a second people have not met them.
const INTERVAL: Duration = Duration::from_millis(100);

/// First pause after AWS asked to slow down; it doubles each time, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Gives every call its time.
#[derive(Default)]
pub(super) struct Throttle {
    next: Option<Instant>,
    pause: Option<Duration>,
}

impl Throttle {
    /// How long the next call has to wait.
    pub(super) fn reserve(&mut self, now: Instant) -> Duration {
        let at = self.next.map_or(now, |next| next.max(now));
        self.next = Some(at + INTERVAL);
        at - now
    }

    /// AWS asked to slow down, and perhaps for how long.
    pub(super) fn slow_down(&mut self, asked: Option<Duration>, now: Instant) {
        let doubled = self.pause.map_or(FIRST_PAUSE, |pause| pause * 2);
        let pause = doubled.min(LONGEST_PAUSE);
        self.pause = Some(pause);
        let at = now + asked.unwrap_or_default().clamp(pause, LONGEST_PAUSE);
        self.next = Some(self.next.map_or(at, |next| next.max(at)));
    }

    /// AWS answered.
    pub(super) fn answered(&mut self) {
        self.pause = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_calls_a_second_without_saving_up() {
        let mut throttle = Throttle::default();
        let begin = Instant::now();
        let delays: Vec<u128> = (0..4)
            .map(|_| throttle.reserve(begin).as_millis())
            .collect();
        assert_eq!(delays, [0, 100, 200, 300]);
        let later = begin + Duration::from_secs(60);
        assert_eq!(throttle.reserve(later), Duration::ZERO);
        assert_eq!(throttle.reserve(later), INTERVAL);
    }

    #[test]
    fn pauses_double_until_aws_answers() {
        let begin = Instant::now();
        let mut throttle = Throttle::default();
        for seconds in [1, 2, 4, 8, 16, 30, 30] {
            let mut once = Throttle {
                next: None,
                pause: throttle.pause,
            };
            once.slow_down(None, begin);
            assert_eq!(once.reserve(begin), Duration::from_secs(seconds));
            throttle.pause = once.pause;
        }
        throttle.answered();
        throttle.slow_down(Some(Duration::from_secs(7)), begin);
        assert_eq!(throttle.reserve(begin), Duration::from_secs(7));
    }

    #[test]
    fn calls_that_are_refused_at_once_make_one_pause() {
        let begin = Instant::now();
        let mut throttle = Throttle::default();
        throttle.slow_down(None, begin);
        assert_eq!(throttle.reserve(begin), FIRST_PAUSE);
        assert_eq!(throttle.reserve(begin), FIRST_PAUSE + INTERVAL);
    }
}
