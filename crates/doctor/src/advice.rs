//! What to do about a finding.

use std::fmt;

/// Begins a command in what the agent says to do.
const COMMAND: &str = "holdfast ";

/// What to do: words, a command, or words about a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// In words; empty where the command says it all.
    pub words: String,
    /// What to run.
    pub command: Option<String>,
}

impl Advice {
    pub(crate) fn words(words: impl Into<String>) -> Self {
        Self {
            words: words.into(),
            command: None,
        }
    }

    pub(crate) fn command(command: impl Into<String>) -> Self {
        Self {
            words: String::new(),
            command: Some(command.into()),
        }
    }

    /// A hint of the agent's, which is a command or a short sentence.
    pub(crate) fn of_hint(hint: &str) -> Self {
        if hint.starts_with(COMMAND) {
            Self::command(hint)
        } else {
            Self::words(hint)
        }
    }
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.command {
            None => f.write_str(&self.words),
            Some(command) if self.words.is_empty() => f.write_str(command),
            Some(command) => write!(f, "{}: {command}", self.words),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_are_told_apart_and_read_as_they_were() {
        for (hint, is_command) in [
            ("holdfast login dev", true),
            ("holdfast unlock", true),
            ("sign in to the network", false),
            ("", false),
        ] {
            let advice = Advice::of_hint(hint);
            assert_eq!(advice.command.is_some(), is_command, "{hint}");
            assert_eq!(advice.to_string(), hint);
        }
        let both = Advice {
            words: "name one".to_owned(),
            command: Some("holdfast git use dev".to_owned()),
        };
        assert_eq!(both.to_string(), "name one: holdfast git use dev");
    }
}
