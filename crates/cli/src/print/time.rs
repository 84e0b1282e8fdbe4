//! Times and durations as a person says them, and as a program reads them.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// The present, in seconds since 1970.
pub(crate) fn now() -> i64 {
    Timestamp::now().as_second()
}

/// RFC 3339 with `Z`, to the second.
pub(crate) fn rfc3339(seconds: i64) -> String {
    Timestamp::from_second(seconds)
        .map(|time| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
        .unwrap_or_default()
}

/// A length of time, to the minute below two days: `11 h 59 min`, `52 min`, `45 s`, `3 days`.
pub(crate) fn length(seconds: i64) -> String {
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

/// How long something still is: `11 h 59 min left`, or `ended`.
pub(crate) fn left(until: i64, now: i64) -> String {
    if until <= now {
        "ended".to_owned()
    } else {
        format!("{} left", length(until - now))
    }
}

/// A moment on the clock of this machine: `21:40`, `tomorrow 09:12`, `2026-11-23 09:12`.
pub(crate) fn clock(at: i64, now: i64, zone: &TimeZone) -> String {
    let (Ok(at), Ok(now)) = (Timestamp::from_second(at), Timestamp::from_second(now)) else {
        return String::new();
    };
    let (at, now) = (at.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
    let time = at.strftime("%H:%M");
    if at.date() == now.date() {
        time.to_string()
    } else if now
        .date()
        .tomorrow()
        .is_ok_and(|tomorrow| tomorrow == at.date())
    {
        format!("tomorrow {time}")
    } else {
        at.strftime("%Y-%m-%d %H:%M").to_string()
    }
}

/// The time zone of this machine.
pub(crate) fn local_zone() -> TimeZone {
    TimeZone::system()
}

/// Seconds of a duration such as `12h`, `90m`, `1h30m` or `3600`, within what AWS allows for
/// `GetSessionToken` (<https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html>).
pub(crate) fn parse_session_duration(text: &str) -> Result<u32, String> {
    parse_duration(text, 36)
}

/// The same for a session of the console
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html>).
pub(crate) fn parse_console_duration(text: &str) -> Result<u32, String> {
    parse_duration(text, 12)
}

fn parse_duration(text: &str, most_hours: u32) -> Result<u32, String> {
    let seconds = match text.parse::<i64>() {
        Ok(seconds) => seconds,
        Err(_) => text
            .parse::<SignedDuration>()
            .map_err(|_| "write it like 12h, 90m or 1h30m".to_owned())?
            .as_secs(),
    };
    u32::try_from(seconds)
        .ok()
        .filter(|seconds| (900..=most_hours * 3_600).contains(seconds))
        .ok_or_else(|| format!("AWS allows 15 minutes (15m) to {most_hours} hours ({most_hours}h)"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_read_as_said() {
        for (seconds, expect) in [
            (-5, "0 s"),
            (45, "45 s"),
            (60, "1 min"),
            (3_599, "59 min"),
            (3_600, "1 h"),
            (43_199, "11 h 59 min"),
            (129_600, "36 h"),
            (172_800, "2 days"),
        ] {
            assert_eq!(length(seconds), expect, "{seconds}");
        }
        assert_eq!(left(100, 100), "ended");
        assert_eq!(left(160, 100), "1 min left");
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
        ] {
            assert_eq!(clock(at, now, &zone), expect);
        }
        assert_eq!(rfc3339(now), "2026-11-20T10:00:00Z");
    }

    #[test]
    fn durations_are_those_of_aws() {
        for (text, expect) in [
            ("12h", Ok(43_200)),
            ("90m", Ok(5_400)),
            ("1h30m", Ok(5_400)),
            ("900", Ok(900)),
            ("36h", Ok(129_600)),
        ] {
            assert_eq!(parse_session_duration(text), expect, "{text}");
        }
        for text in [
            "",
            "0",
            "14m",
            "37h",
            "-1h",
            "soon",
            "99999999999999999999h",
        ] {
            assert!(parse_session_duration(text).is_err(), "{text}");
            assert!(parse_console_duration(text).is_err(), "{text}");
        }
        assert_eq!(parse_console_duration("12h"), Ok(43_200));
        let long = parse_console_duration("13h").unwrap_err();
        assert_eq!(long, "AWS allows 15 minutes (15m) to 12 hours (12h)");
    }
}
