//! Lengths of time and moments as a person says them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// From here on every minute is told, in seconds.
const FINE_BELOW: i64 = 15 * 60;

/// To the minute from one minute on: `45 s`, `52 min`, `5 h 12 min`, `11 h`, `3 days`.
pub fn length(seconds: i64) -> String {
    let (minutes, hours) = (seconds / 60, seconds / 3600);
    if seconds < 60 {
        format!("{} s", seconds.max(0))
    } else if minutes < 60 {
        format!("{minutes} min")
    } else if hours >= 48 {
        format!("{} days", hours / 24)
    } else if minutes % 60 == 0 {
        format!("{hours} h")
    } else {
        format!("{hours} h {} min", minutes % 60)
    }
}

/// The same where nothing counts the seconds: `under 1 min` is the shortest.
pub fn rough_length(seconds: i64) -> String {
    if seconds < 60 {
        "under 1 min".to_owned()
    } else {
        length(seconds)
    }
}

/// How often [`stepped_length`] changes when so many seconds are left, in seconds.
pub fn length_step(seconds: i64) -> i64 {
    if seconds > FINE_BELOW { 300 } else { 60 }
}

/// Rounded down to five minutes while much is left: for places where another word costs more than a glance.
pub fn stepped_length(seconds: i64) -> String {
    rough_length(seconds - seconds.rem_euclid(length_step(seconds)))
}

/// A moment by the clock on the wall: `21:40`, `tomorrow 09:12`, `2026-11-23 09:12`.
pub fn clock(at: i64, now: i64, zone: &TimeZone) -> String {
    let (Ok(at), Ok(now)) = (Timestamp::from_second(at), Timestamp::from_second(now)) else {
        return String::new();
    };
    let (at, now) = (at.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
    let time = at.strftime("%H:%M");
    if at.date() == now.date() {
        return time.to_string();
    }
    let tomorrow = now.date().tomorrow();
    if tomorrow.is_ok_and(|tomorrow| tomorrow == at.date()) {
        return format!("tomorrow {time}");
    }
    at.strftime("%Y-%m-%d %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the user interface is held to as well.
    const VECTORS: &str = include_str!("../../../../ui/src/lib/durations.json");

    #[test]
    fn lengths_are_those_of_the_user_interface() {
        let vectors: Vec<(i64, String)> = serde_json::from_str(VECTORS).unwrap();
        assert!(!vectors.is_empty());
        for (seconds, expect) in vectors {
            assert_eq!(length(seconds), expect, "{seconds}");
        }
    }

    #[test]
    fn a_rough_length_does_not_count_seconds() {
        assert_eq!(rough_length(59), "under 1 min");
        assert_eq!(rough_length(-1), "under 1 min");
        assert_eq!(rough_length(60), "1 min");
    }

    #[test]
    fn a_stepped_length_counts_minutes_only_near_the_end() {
        for (seconds, expect) in [
            (20_399, "5 h 35 min"),
            (20_400, "5 h 40 min"),
            (3_120, "50 min"),
            (901, "15 min"),
            (900, "15 min"),
            (899, "14 min"),
            (59, "under 1 min"),
            (-5, "under 1 min"),
        ] {
            assert_eq!(stepped_length(seconds), expect, "{seconds}");
        }
    }

    #[test]
    fn clocks_name_the_day_when_it_is_another() {
        let zone = TimeZone::fixed(jiff::tz::offset(1));
        let now = 1_795_168_800; // 2026-11-20T10:00:00Z
        for (at, expect) in [
            (now + 3_600, "12:00"),
            (now + 13 * 3_600, "tomorrow 00:00"),
            (now + 72 * 3_600, "2026-11-23 11:00"),
            (now - 24 * 3_600, "2026-11-19 11:00"),
            (i64::MAX, ""),
        ] {
            assert_eq!(clock(at, now, &zone), expect);
        }
    }
}
