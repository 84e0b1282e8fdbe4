//! How many calls a second are answered.

use std::time::Instant;

/// Counts calls in real time: clients wait in real time too, whatever the simulated clock shows.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    last: Option<Instant>,
    /// Calls that may still be answered at `last`.
    left: f64,
}

impl Throttle {
    /// Whether one more call is answered at `now`, when `rate` are in a second. A second's worth may come at once.
    pub(crate) fn admits(&mut self, rate: Option<u32>, now: Instant) -> bool {
        let Some(rate) = rate.map(f64::from) else {
            return true;
        };
        let refilled = self.last.map_or(rate, |last| {
            self.left + now.duration_since(last).as_secs_f64() * rate
        });
        self.left = refilled.min(rate);
        self.last = Some(now);
        if self.left < 1.0 {
            return false;
        }
        self.left -= 1.0;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::Throttle;
    use std::time::{Duration, Instant};

    #[test]
    fn a_seconds_worth_at_once_and_then_by_the_clock() {
        let start = Instant::now();
        let mut throttle = Throttle::default();
        let answered = |throttle: &mut Throttle, millis: u64| {
            let now = start + Duration::from_millis(millis);
            (0..20).filter(|_| throttle.admits(Some(10), now)).count()
        };
        assert_eq!(answered(&mut throttle, 0), 10);
        assert_eq!(answered(&mut throttle, 50), 0);
        assert_eq!(answered(&mut throttle, 250), 2);
        assert_eq!(answered(&mut throttle, 5000), 10);
        assert!((0..50).all(|_| throttle.admits(None, start)));
    }
}
