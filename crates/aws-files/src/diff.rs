//! What edits change, for showing to people: secrets are masked.

use crate::document::Document;
use crate::mask::shown_lines;
use std::fmt::Write as _;
use std::ops::Range;

/// Unchanged lines shown around a change.
const CONTEXT: usize = 3;

/// A line of both versions, or of one; by its number in the new one, when it is there, from 0.
#[derive(Clone, Copy)]
enum Row {
    Same(usize),
    Removed(usize),
    Added(usize),
}

impl Document {
    /// The edits since the file was read, in the unified format, with `****` for secrets; empty when
    /// there are none.
    pub fn diff(&self) -> String {
        let Some(edited) = self.edited() else {
            return String::new();
        };
        let original = Document::parse(self.file(), self.kind(), edited.original.to_vec());
        let old = shown_lines(&original);
        let new = shown_lines(self);
        let rows = rows(old.len(), &edited.line_map);
        let name = self.file().display();
        let mut text = format!("--- {name}\n+++ {name}\n");
        for hunk in hunks(&rows) {
            let _ = writeln!(text, "{}", heading(&rows, &hunk));
            for row in &rows[hunk] {
                let _ = match row {
                    Row::Same(at) => writeln!(text, " {}", new[*at]),
                    Row::Removed(at) => writeln!(text, "-{}", old[*at]),
                    Row::Added(at) => writeln!(text, "+{}", new[*at]),
                };
            }
        }
        text
    }
}

/// Both versions in one sequence; `line_map` gives for each new line the old one it stands for.
fn rows(old_lines: usize, line_map: &[Option<usize>]) -> Vec<Row> {
    let mut rows = Vec::with_capacity(old_lines + line_map.len());
    let mut added = Vec::new();
    let mut next_old = 0;
    for (at, old) in line_map.iter().enumerate() {
        let Some(old) = old else {
            added.push(Row::Added(at));
            continue;
        };
        rows.extend((next_old..*old).map(Row::Removed));
        rows.append(&mut added);
        rows.push(Row::Same(at));
        next_old = old + 1;
    }
    rows.extend((next_old..old_lines).map(Row::Removed));
    rows.append(&mut added);
    rows
}

/// Ranges of rows around the changes; ranges that would touch are one.
fn hunks(rows: &[Row]) -> Vec<Range<usize>> {
    let mut hunks: Vec<Range<usize>> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        if matches!(row, Row::Same(..)) {
            continue;
        }
        let start = at.saturating_sub(CONTEXT);
        let end = (at + CONTEXT + 1).min(rows.len());
        match hunks.last_mut() {
            Some(last) if last.end >= start => last.end = end,
            _ => hunks.push(start..end),
        }
    }
    hunks
}

/// The `@@` line of a hunk.
fn heading(rows: &[Row], hunk: &Range<usize>) -> String {
    let is_old = |row: &&Row| !matches!(row, Row::Added(_));
    let is_new = |row: &&Row| !matches!(row, Row::Removed(_));
    let span = |before: usize, within: usize| {
        let start = if within == 0 { before } else { before + 1 };
        format!("{start},{within}")
    };
    let (before, within) = (&rows[..hunk.start], &rows[hunk.clone()]);
    format!(
        "@@ -{} +{} @@",
        span(
            before.iter().filter(is_old).count(),
            within.iter().filter(is_old).count()
        ),
        span(
            before.iter().filter(is_new).count(),
            within.iter().filter(is_new).count()
        ),
    )
}
