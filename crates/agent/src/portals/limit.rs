//! How long the sessions of a portal last. AWS does not tell; it shows when they end.

/// Two ends this close to each other have the same cause, in seconds.
const SAME_SECONDS: i64 = 15 * 60;

/// An end that nobody noticed within this time, in seconds, tells nothing: this computer may have slept.
const LONGEST_SECONDS: i64 = 3600;

/// What sessions of a portal have shown of the limit that its administrator has set
/// (<https://docs.aws.amazon.com/singlesignon/latest/userguide/configure-user-session.html>).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PortalLimit {
    /// How many seconds a session lasts.
    pub(crate) lasts_seconds: Option<u32>,
    /// A session has ended earlier than that, once: it may have been revoked.
    pub(crate) shorter_seconds: Option<u32>,
}

impl PortalLimit {
    /// A session is known to end, or to have ended, when it is this old.
    pub(crate) fn ends_at(&mut self, age_seconds: i64) {
        self.lasts_seconds = u32::try_from(rounded(age_seconds)).ok();
        self.shorter_seconds = None;
    }

    /// AWS refused to go on with a session: it was good when it was `alive` seconds old, and over at `over` seconds.
    pub(crate) fn ended_between(&mut self, alive: i64, over: i64) {
        if over - alive > LONGEST_SECONDS {
            return;
        }
        let seen = likely(alive, over);
        let is_shorter = |than: u32| seen < i64::from(than) - SAME_SECONDS;
        match (self.lasts_seconds, self.shorter_seconds) {
            (Some(lasts), None) if is_shorter(lasts) => {
                self.shorter_seconds = u32::try_from(seen).ok();
            }
            (Some(lasts), Some(before))
                if is_shorter(lasts) && (seen - i64::from(before)).abs() > SAME_SECONDS =>
            {
                self.shorter_seconds = u32::try_from(seen).ok();
            }
            _ => self.ends_at(seen),
        }
    }

    /// A session is as old as this and goes on.
    pub(crate) fn goes_on_at(&mut self, age_seconds: i64) {
        if self
            .lasts_seconds
            .is_some_and(|lasts| i64::from(lasts) < age_seconds)
        {
            *self = Self::default();
        }
    }
}

/// When in this time a session has most likely ended: administrators choose whole hours.
fn likely(alive: i64, over: i64) -> i64 {
    let hour = over.div_euclid(3600) * 3600;
    if hour >= alive && hour > 0 {
        hour
    } else {
        over
    }
}

/// To the minute.
fn rounded(seconds: i64) -> i64 {
    (seconds + 30).div_euclid(60) * 60
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3600;

    #[test]
    fn an_end_that_is_told_is_known_to_the_minute() {
        let mut limit = PortalLimit::default();
        limit.ends_at(8 * HOUR - 1);
        assert_eq!(limit.lasts_seconds, Some(8 * 3600));
    }

    #[test]
    fn an_end_that_is_noticed_is_the_whole_hour_in_it() {
        for (alive, over, expect) in [
            (7 * HOUR + 1200, 8 * HOUR + 5, 8 * 3600),
            (7 * HOUR + 1200, 7 * HOUR + 3000, 7 * 3600 + 3000),
            (0, 600, 600),
            (HOUR, 5 * HOUR, 0),
        ] {
            let mut limit = PortalLimit::default();
            limit.ended_between(alive, over);
            assert_eq!(
                limit.lasts_seconds.unwrap_or(0),
                expect,
                "{alive} to {over}"
            );
        }
    }

    #[test]
    fn a_session_that_was_revoked_once_changes_nothing() {
        let mut limit = PortalLimit::default();
        limit.ends_at(8 * HOUR);
        limit.ended_between(HOUR + 60, 2 * HOUR - 60);
        assert_eq!(limit.lasts_seconds, Some(8 * 3600));
        limit.ended_between(4 * HOUR - 60, 4 * HOUR + 60);
        assert_eq!(limit.lasts_seconds, Some(8 * 3600));
        limit.ended_between(4 * HOUR - 60, 4 * HOUR + 60);
        assert_eq!(limit.lasts_seconds, Some(4 * 3600), "twice is a limit");
    }

    #[test]
    fn a_session_that_lasts_longer_shows_that_the_limit_is_another() {
        let mut limit = PortalLimit::default();
        limit.ends_at(8 * HOUR);
        limit.goes_on_at(8 * HOUR);
        assert_eq!(limit.lasts_seconds, Some(8 * 3600));
        limit.goes_on_at(8 * HOUR + 1);
        assert_eq!(limit, PortalLimit::default());
    }
}
