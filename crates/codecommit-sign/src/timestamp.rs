//! UTC timestamps in the basic format of ISO 8601.

use std::fmt;

/// A second in the years 1970 to 9999, printed as `YYYYMMDDThhmmss`.
pub(crate) struct Timestamp {
    unix_seconds: u64,
    year: u64,
    month: u64,
    day: u64,
}

impl Timestamp {
    /// The timestamp of a number of seconds since 1970.
    pub(crate) fn new(unix_seconds: i64) -> Option<Self> {
        let unix_seconds = u64::try_from(unix_seconds).ok()?;
        if unix_seconds > LAST_SECOND {
            return None;
        }
        let (year, month, day) = civil_date(unix_seconds / SECONDS_PER_DAY);
        Some(Self {
            unix_seconds,
            year,
            month,
            day,
        })
    }

    /// Seconds since 1970.
    pub(crate) const fn unix_seconds(&self) -> u64 {
        self.unix_seconds
    }

    /// `YYYYMMDD`.
    pub(crate) fn date(&self) -> String {
        format!("{:04}{:02}{:02}", self.year, self.month, self.day)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let second = self.unix_seconds % SECONDS_PER_DAY;
        write!(
            f,
            "{}T{:02}{:02}{:02}",
            self.date(),
            second / 3600,
            second / 60 % 60,
            second % 60
        )
    }
}

const SECONDS_PER_DAY: u64 = 24 * 60 * 60;

/// 9999-12-31T23:59:59Z.
const LAST_SECOND: u64 = 253_402_300_799;

/// Days in 400 years, after which the Gregorian calendar repeats.
const DAYS_PER_ERA: u64 = 146_097;

/// Days from 0000-03-01 to 1970-01-01.
const DAYS_BEFORE_1970: u64 = 719_468;

/// Year, month and day of a number of days since 1970.
///
/// Years are counted from the first of March, so that the leap day is the last of its year and months follow
/// one linear rule: five months have 153 days.
fn civil_date(days: u64) -> (u64, u64, u64) {
    let days = days + DAYS_BEFORE_1970;
    let (era, day_of_era) = (days / DAYS_PER_ERA, days % DAYS_PER_ERA);
    let leap_days = day_of_era / 1_460 + day_of_era / (DAYS_PER_ERA - 1) - day_of_era / 36_524;
    let year_of_era = (day_of_era - leap_days) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let (month, next_year) = if month_from_march < 10 {
        (month_from_march + 3, 0)
    } else {
        (month_from_march - 9, 1)
    };
    (era * 400 + year_of_era + next_year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_seconds_are_printed() {
        let cases = [
            (0, "19700101T000000"),
            (951_782_399, "20000228T235959"),
            (951_782_400, "20000229T000000"),
            (951_868_800, "20000301T000000"),
            (1_286_496_000, "20101008T000000"),
            (1_356_502_230, "20121226T061030"),
            (1_514_116_400, "20171224T115320"),
            (4_107_542_399, "21000228T235959"),
            (4_107_542_400, "21000301T000000"),
            (253_402_300_799, "99991231T235959"),
        ];
        for (seconds, expect) in cases {
            let timestamp = Timestamp::new(seconds).unwrap();
            assert_eq!(timestamp.to_string(), expect, "{seconds}");
        }
    }

    #[test]
    fn other_seconds_are_refused() {
        for seconds in [-1, i64::MIN, 253_402_300_800, i64::MAX] {
            assert!(Timestamp::new(seconds).is_none(), "{seconds}");
        }
    }

    /// Walks through every day with the calendar's rules instead of the formula.
    #[test]
    fn every_day_follows_the_one_before() {
        let (mut year, mut month, mut day) = (1970, 1, 1);
        for days in 0..=LAST_SECOND / SECONDS_PER_DAY {
            assert_eq!(civil_date(days), (year, month, day));
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let length = match month {
                2 if leap => 29,
                2 => 28,
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            day += 1;
            if day > length {
                (month, day) = (month + 1, 1);
            }
            if month > 12 {
                (year, month) = (year + 1, 1);
            }
        }
        assert_eq!((year, month, day), (10_000, 1, 1));
    }
}
