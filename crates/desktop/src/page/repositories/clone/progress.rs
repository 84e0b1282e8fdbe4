//! What git tells of a clone, as it is shown.

use super::CloneStep;
use crate::page::Trouble;
use crate::words::plain;
use holdfast_clone::{CloneError, Progress, Stage};
use std::error::Error;

/// Lines of git's and the server's that are kept to be shown.
const MOST_LINES: usize = 6;

/// Before git has told anything.
pub(super) fn beginning() -> CloneStep {
    CloneStep::Running {
        words: Stage::Preparing.words().to_owned(),
        numbers: String::new(),
        percent: None,
    }
}

/// How far git is.
pub(super) fn step(progress: &Progress) -> CloneStep {
    let (done, total) = (grouped(progress.done), grouped(progress.total));
    let counted = match (progress.done * 100).checked_div(progress.total) {
        Some(percent) => format!("{} % ({done} of {total})", percent.min(100)),
        None => format!("{done} objects"),
    };
    let rate = progress.rate.as_deref().unwrap_or_default();
    let rate = plain(rate).replace(" | ", ", ");
    CloneStep::Running {
        words: progress.stage.words().to_owned(),
        numbers: match rate.is_empty() {
            true => counted,
            false => format!("{counted}, {rate}"),
        },
        percent: (progress.stage > Stage::Preparing).then(|| (progress.fraction() * 100.0) as u32),
    }
}

/// Why there is no clone.
pub(super) fn trouble(error: &CloneError) -> Trouble {
    let mut message = plain(&error.to_string());
    if let Some(cause) = error.source() {
        message.push_str(&format!(": {cause}"));
    }
    let hints = error.hints();
    hints.into_iter().fold(Trouble::new(message), Trouble::hint)
}

/// What git and the server said last, besides how far they are.
#[derive(Debug, Default)]
pub(super) struct Said(Vec<String>);

impl Said {
    /// Notes a line.
    pub(super) fn add(&mut self, line: &str) {
        if line.trim().is_empty() || line.starts_with("Cloning into ") {
            return;
        }
        if self.0.len() == MOST_LINES {
            self.0.remove(0);
        }
        self.0.push(plain(line));
    }

    /// The lines.
    pub(super) fn into_lines(self) -> Vec<String> {
        self.0
    }
}

/// `2000` as `2,000`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn git_s_progress_is_words_numbers_and_a_part_of_the_whole() {
        for (line, words, numbers, percent) in [
            (
                "remote: Enumerating objects: 1234, done.",
                "Preparing",
                "1,234 objects",
                None,
            ),
            (
                "remote: Counting objects:  50% (6/12)",
                "Preparing",
                "50 % (6 of 12)",
                None,
            ),
            (
                "Receiving objects:  45% (900/2000), 12.00 MiB | 3.00 MiB/s",
                "Receiving objects",
                "45 % (900 of 2,000), 12.00 MiB, 3.00 MiB/s",
                Some(38),
            ),
            (
                "Updating files: 100% (1000000/1000000), done.",
                "Updating files",
                "100 % (1,000,000 of 1,000,000)",
                Some(100),
            ),
        ] {
            let expect = CloneStep::Running {
                words: words.to_owned(),
                numbers: numbers.to_owned(),
                percent,
            };
            assert_eq!(step(&Progress::read(line).unwrap()), expect);
        }
    }

    #[test]
    fn what_a_server_says_is_text_that_turns_nothing_around() {
        let mut said = Said::default();
        said.add("Cloning into 'app'...");
        said.add("  ");
        for number in 0..10 {
            said.add(&format!(
                "remote: <img src=x onerror=alert(1)> \u{202e}{number}"
            ));
        }
        let lines = said.into_lines();
        assert_eq!(lines.len(), MOST_LINES);
        assert_eq!(lines[5], "remote: <img src=x onerror=alert(1)> �9");
        let shown = trouble(&CloneError::Other("fatal \u{2066}x".to_owned()));
        assert_eq!(shown.message, "git clone failed: fatal �x");
    }

    #[test]
    fn a_failure_says_why_and_what_to_do() {
        let full = trouble(&CloneError::DiskFull("/src/app".into()));
        assert_eq!(
            full.message,
            "there is no room left on the disk for /src/app"
        );
        assert_eq!(full.hints.len(), 1);
        let no_git = std::io::Error::other("no such file");
        let no_git = trouble(&CloneError::Git(no_git));
        assert_eq!(no_git.message, "git cannot be run: no such file");
    }
}
