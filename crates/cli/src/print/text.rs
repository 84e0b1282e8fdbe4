//! Text that is safe and fits: what other people wrote is shown, never obeyed.

use unicode_width::UnicodeWidthStr;

/// Text with control and direction characters spelled out, so that a name from a file cannot
/// steer the terminal or hide what stands beside it.
pub(crate) fn visible(text: &str) -> String {
    if !text.chars().any(is_treacherous) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_treacherous(c) {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Columns that a text takes on a terminal.
pub(crate) fn width(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        UnicodeWidthStr::width(text)
    }
}

/// Names in one line; beyond `most` only their number.
pub(crate) fn list(names: &[String], most: usize) -> String {
    let shown: Vec<String> = names.iter().take(most).map(|name| visible(name)).collect();
    let mut line = shown.join(", ");
    if names.len() > most {
        line.push_str(&format!(" and {} more", names.len() - most));
    }
    line
}

fn is_treacherous(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_and_direction_characters_are_spelled_out() {
        for (text, expect) in [
            ("plain → ok", "plain → ok"),
            ("a\x1b[31mred", "a\\u{1b}[31mred"),
            ("one\ntwo", "one\\u{a}two"),
            ("gpj.\u{202e}exe", "gpj.\\u{202e}exe"),
        ] {
            assert_eq!(visible(text), expect);
        }
    }

    #[test]
    fn long_lists_end_in_a_number() {
        let names = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(list(&names, 3), "a, b, c");
        assert_eq!(list(&names, 1), "a and 2 more");
    }
}
