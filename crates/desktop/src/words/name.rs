//! Names that others chose, made fit to stand in a label.

use unicode_width::UnicodeWidthChar;

/// At most so many columns, with an ellipsis in the middle of what is longer, because names that begin
/// alike often differ at their end. Characters that are not seen but change what is are shown as `�`.
pub fn shortened(name: &str, columns: usize) -> String {
    let clusters = clusters(name);
    let width: usize = clusters.iter().map(|cluster| cluster.columns).sum();
    if width <= columns {
        return clusters.into_iter().map(|cluster| cluster.text).collect();
    }
    let half = columns.saturating_sub(1) / 2;
    let front = take(clusters.iter(), columns.saturating_sub(1) - half);
    let mut back: Vec<&str> = take(clusters.iter().rev(), half);
    back.reverse();
    let mut short: String = front.concat();
    short.push('…');
    short.extend(back);
    short
}

/// A text of any length with `�` for characters that are not seen but change what is.
pub fn plain(text: &str) -> String {
    text.chars().map(visible).collect()
}

/// A name of another script in marks that keep its direction from turning the text around it.
pub fn isolated(name: &str) -> String {
    if name.is_ascii() {
        name.to_owned()
    } else {
        format!("\u{2068}{name}\u{2069}")
    }
}

/// Characters that are drawn as one, as far as shortening needs to know.
struct Cluster {
    text: String,
    columns: usize,
}

fn clusters(name: &str) -> Vec<Cluster> {
    let mut clusters: Vec<Cluster> = Vec::new();
    let mut joined = false;
    for c in name.chars().map(visible) {
        let columns = c.width().unwrap_or(0);
        match clusters.last_mut() {
            Some(last) if columns == 0 || joined || is_skin_tone(c) => {
                last.text.push(c);
                last.columns = last.columns.max(columns);
            }
            Some(_) | None => clusters.push(Cluster {
                text: c.into(),
                columns,
            }),
        }
        joined = c == '\u{200d}';
    }
    clusters
}

/// As many as fit.
fn take<'a>(clusters: impl Iterator<Item = &'a Cluster>, columns: usize) -> Vec<&'a str> {
    let mut left = columns;
    clusters
        .map_while(|cluster| {
            left = left.checked_sub(cluster.columns)?;
            Some(cluster.text.as_str())
        })
        .collect()
}

fn visible(c: char) -> char {
    // Overrides and embeddings would reach beyond the name; joiners are part of emoji and scripts.
    let turns = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}');
    if c.is_control() || turns || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{200b}') {
        char::REPLACEMENT_CHARACTER
    } else {
        c
    }
}

fn is_skin_tone(c: char) -> bool {
    matches!(c, '\u{1f3fb}'..='\u{1f3ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_loses_its_middle() {
        for (name, columns, expect) in [
            ("dev", 10, "dev"),
            ("MyRepositoryContributor", 11, "MyRep…butor"),
            ("MyRepositoryContributor", 10, "MyRep…utor"),
            ("日本語のプロファイル", 9, "日本…イル"),
            ("e\u{301}e\u{301}e\u{301}e\u{301}", 3, "e\u{301}…e\u{301}"),
            ("👩‍💻👩‍💻👩‍💻", 5, "👩‍💻…👩‍💻"),
            ("", 3, ""),
            ("ab", 1, "…"),
        ] {
            assert_eq!(shortened(name, columns), expect, "{name}");
        }
    }

    #[test]
    fn no_name_changes_what_stands_beside_it() {
        assert_eq!(shortened("a\u{202e}b\nc\u{2069}", 10), "a�b�c�");
        assert_eq!(plain("<b>\u{202e}x\u{1b}[0m"), "<b>�x�[0m");
        assert_eq!(isolated("dev"), "dev");
        assert_eq!(isolated("פרופיל"), "\u{2068}פרופיל\u{2069}");
    }
}
