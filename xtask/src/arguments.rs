//! The command line, taken apart by hand: a few flags do not pay for a parser's compile time.

use anyhow::{Result, ensure};
use std::collections::VecDeque;

/// What is left of the command line.
pub(crate) struct Arguments(VecDeque<String>);

impl Arguments {
    /// Everything behind the name of the program.
    pub(crate) fn from_environment() -> Self {
        Self(std::env::args().skip(1).collect())
    }

    /// An empty command line.
    pub(crate) fn none() -> Self {
        Self(VecDeque::new())
    }

    /// Takes the next word, whatever it is.
    pub(crate) fn next_word(&mut self) -> Option<String> {
        self.0.pop_front()
    }

    /// Takes a flag such as `--yes`, wherever it stands.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|word| word != name);
        self.0.len() < before
    }

    /// All words that are left.
    pub(crate) fn rest(self) -> Vec<String> {
        self.0.into()
    }

    /// Refuses words that no flag took.
    pub(crate) fn finish(self) -> Result<()> {
        ensure!(
            self.0.is_empty(),
            "unknown argument; `cargo xtask help` lists what there is"
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(words: &[&str]) -> Arguments {
        Arguments(words.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn flags_are_taken_wherever_they_stand() {
        let mut line = arguments(&["demo", "--auto", "--yes"]);
        assert_eq!(line.next_word().as_deref(), Some("demo"));
        assert!(line.flag("--yes"));
        assert!(!line.flag("--yes"));
        assert!(line.flag("--auto"));
        assert!(line.finish().is_ok());
    }

    #[test]
    fn words_that_no_flag_took_are_refused() {
        assert!(arguments(&["--fast"]).finish().is_err());
    }
}
