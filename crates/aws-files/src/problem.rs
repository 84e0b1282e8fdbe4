//! Where things stand in the files, and what is wrong there.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Location {
    /// The file, as it was named when it was read.
    pub file: Arc<Path>,
    /// The line, counted from 1.
    pub line: u32,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} line {}", self.file.display(), self.line)
    }
}

/// Something in a file that cannot be understood, or that other programs understand differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub location: Location,
    /// What is wrong and what to do: lower case, no full stop, never a value from the file.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.location, self.message)
    }
}

/// More problems than this in one file are counted, not kept: a binary file has one on every line.
const MOST_KEPT: usize = 1_000;

/// Collects the problems of one file.
pub(crate) struct Problems {
    file: Arc<Path>,
    kept: Vec<Problem>,
    dropped: usize,
}

impl Problems {
    pub(crate) fn new(file: Arc<Path>) -> Self {
        Self {
            file,
            kept: Vec::new(),
            dropped: 0,
        }
    }

    pub(crate) fn add(&mut self, line: u32, message: impl Into<String>) {
        if self.kept.len() == MOST_KEPT {
            self.dropped += 1;
            return;
        }
        let location = Location {
            file: Arc::clone(&self.file),
            line,
        };
        self.kept.push(Problem {
            location,
            message: message.into(),
        });
    }

    /// The problems in the order of their lines.
    pub(crate) fn finish(mut self) -> Vec<Problem> {
        self.kept.sort_by_key(|problem| problem.location.line);
        if self.dropped > 0 {
            let line = self.kept.last().map_or(1, |last| last.location.line);
            let message = format!("{} further problems in this file", self.dropped);
            self.kept.push(Problem {
                location: Location {
                    file: self.file,
                    line,
                },
                message,
            });
        }
        self.kept
    }
}
