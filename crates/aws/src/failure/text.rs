//! Text from outside, made fit to be shown.

/// Characters of foreign text that are shown.
const MAX_SHOWN: usize = 240;

/// Foreign text on one line, printable and bounded.
pub(crate) fn printable(text: &str) -> String {
    let mut shown = String::new();
    for word in text.split_whitespace() {
        if !shown.is_empty() {
            shown.push(' ');
        }
        shown.extend(word.chars().map(|c| if is_plain(c) { c } else { '?' }));
        if shown.chars().count() > MAX_SHOWN {
            shown = shown.chars().take(MAX_SHOWN).collect();
            shown.push('…');
            break;
        }
    }
    shown.truncate(shown.trim_end_matches('.').len());
    shown
}

/// An ARN or serial number, or what stands for one that is not written like one.
pub(crate) fn name<'a>(name: &'a str, otherwise: &'static str) -> &'a str {
    let is_name = |c: char| c.is_ascii_alphanumeric() || ":/_+=,.@-*".contains(c);
    if !name.is_empty() && name.len() <= 512 && name.chars().all(is_name) {
        name
    } else {
        otherwise
    }
}

/// A duration in the largest unit that says it without a fraction, or nearly so.
pub(super) fn duration(seconds: u64) -> String {
    let (number, unit) = match seconds {
        0..120 => (seconds, "second"),
        120..7_200 => (seconds / 60, "minute"),
        7_200..172_800 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {unit}{plural}")
}

fn is_plain(c: char) -> bool {
    c == '…' || (!c.is_control() && c.is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_is_one_bounded_printable_line() {
        let cases = [
            ("plain words.", "plain words"),
            ("two\r\nlines\tand  \u{1b}[31mred", "two lines and ?[31mred"),
            ("ünï\u{202e}code", "?n??code"),
            ("", ""),
        ];
        for (from, to) in cases {
            assert_eq!(printable(from), to);
        }
        assert_eq!(
            printable(&"x".repeat(10_000)).chars().count(),
            MAX_SHOWN + 1
        );
    }

    #[test]
    fn durations() {
        let cases = [
            (1, "1 second"),
            (90, "90 seconds"),
            (1_200, "20 minutes"),
            (7_200, "2 hours"),
            (172_800, "2 days"),
        ];
        for (seconds, words) in cases {
            assert_eq!(duration(seconds), words);
        }
    }
}
