//! What the files tell, the newest entry first. Lines that are not ours are skipped and counted.

use super::entry::Entry;
use super::record::Record;
use std::collections::HashMap;
use std::io;

/// An iterator over the entries of lines that come newest first.
pub(super) struct History<L> {
    lines: L,
    /// How often entries happened that are still to come.
    again: HashMap<u64, u32>,
    /// Number of the entry before.
    last: Option<u64>,
    skipped: usize,
}

impl<L: Iterator<Item = io::Result<Vec<u8>>>> History<L> {
    pub(super) fn new(lines: L) -> Self {
        Self {
            lines,
            again: HashMap::new(),
            last: None,
            skipped: 0,
        }
    }

    /// Lines so far that could not be read.
    pub(super) fn skipped(&self) -> usize {
        self.skipped
    }

    fn take(&mut self, record: Record) -> Option<Entry> {
        match record {
            Record::Again { id, times } => {
                let known = self.again.entry(id).or_default();
                *known = times.max(*known);
                None
            }
            // Whoever pages through by numbers must not meet the same one again.
            Record::Entry(entry) if self.last.is_some_and(|last| entry.id >= last) => {
                self.skipped += 1;
                None
            }
            Record::Entry(mut entry) => {
                self.last = Some(entry.id);
                let again = self.again.remove(&entry.id).unwrap_or(0);
                entry.times = entry.times.max(again);
                Some(*entry)
            }
        }
    }
}

impl<L: Iterator<Item = io::Result<Vec<u8>>>> Iterator for History<L> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        loop {
            let line = match self.lines.next()? {
                Ok(line) if line.is_empty() => continue,
                Ok(line) => line,
                Err(error) => {
                    tracing::warn!(%error, "activity cannot be read to its end");
                    self.skipped += 1;
                    continue;
                }
            };
            match Record::read(&line) {
                Some(record) => {
                    if let Some(entry) = self.take(record) {
                        return Some(entry);
                    }
                }
                None => self.skipped += 1,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(newest_first: &[&str], expect: &[(u64, u32)], skipped: usize) {
        let lines = newest_first.iter().map(|line| Ok(line.as_bytes().to_vec()));
        let mut history = History::new(lines);
        let found: Vec<(u64, u32)> = history
            .by_ref()
            .map(|entry| (entry.id, entry.times))
            .collect();
        assert_eq!(found, expect, "{newest_first:?}");
        assert_eq!(history.skipped(), skipped, "{newest_first:?}");
    }

    #[test]
    fn repeats_belong_to_their_entry() {
        check(
            &[
                r#"{"again":1,"times":9}"#,
                r#"{"id":3,"at":7,"kind":"locked"}"#,
                r#"{"again":1,"times":4}"#,
                r#"{"again":2,"times":2}"#,
                r#"{"id":2,"at":6,"kind":"unlocked","times":5}"#,
                r#"{"id":1,"at":5,"kind":"locked"}"#,
            ],
            &[(3, 1), (2, 5), (1, 9)],
            0,
        );
    }

    #[test]
    fn what_is_not_ours_is_skipped_and_counted() {
        check(
            &[
                "",
                r#"{"id":3,"at":7,"ki"#,
                r#"{"id":2,"at":6,"kind":"locked"}"#,
                "garbage",
                r#"{"id":2,"at":6,"kind":"locked"}"#,
                r#"{"id":5,"at":6,"kind":"locked"}"#,
                r#"{"id":1,"at":5,"kind":"locked"}"#,
            ],
            &[(2, 1), (1, 1)],
            4,
        );
    }
}
