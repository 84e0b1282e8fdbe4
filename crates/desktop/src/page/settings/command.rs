//! A program and its arguments, as they are shown and typed.

use crate::page::Trouble;

/// Words with spaces in them stand in quotes.
pub(super) fn joined(words: &[String]) -> String {
    let needs_quotes = |word: &str| {
        word.is_empty() || word.contains(|c: char| c.is_whitespace() || matches!(c, '"' | '\''))
    };
    let quoted = |word: &String| match needs_quotes(word) {
        true if word.contains('"') => format!("'{word}'"),
        true => format!("\"{word}\""),
        false => word.clone(),
    };
    words.iter().map(quoted).collect::<Vec<_>>().join(" ")
}

/// The words of a command line. Nothing but quotes means anything: no shell reads it.
pub(super) fn split(text: &str) -> Result<Vec<String>, Trouble> {
    let mut words: Vec<String> = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in text.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    match (quote, words.is_empty()) {
        (Some(_), _) => Err(Trouble::new("A quote is not closed.")),
        (None, true) => Err(Trouble::new("Name a program.")),
        (None, false) => Ok(words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_words_and_quotes() {
        for (text, expect) in [
            ("firefox", &["firefox"][..]),
            (" firefox  -P work ", &["firefox", "-P", "work"]),
            ("firefox -P \"at work\"", &["firefox", "-P", "at work"]),
            ("x '--say=\"hi\"' $(id)", &["x", "--say=\"hi\"", "$(id)"]),
            ("x \"\"", &["x", ""]),
        ] {
            let words = split(text).unwrap();
            assert_eq!(words, expect);
            assert_eq!(split(&joined(&words)).unwrap(), expect);
        }
        for text in ["", "  ", "firefox \"at work"] {
            assert!(split(text).is_err(), "{text}");
        }
    }
}
