//! Columns of text, aligned by what a terminal shows.

use crate::outcome::Result;
use crate::print::text::{visible, width};
use crate::print::{Output, Style, Tone};

/// A cell: text and its tone.
pub(crate) struct Cell {
    text: String,
    tone: Tone,
}

impl Cell {
    /// Text as it is; control characters are spelled out.
    pub(crate) fn new(text: impl AsRef<str>) -> Self {
        Self::toned(text, Tone::Plain)
    }

    /// Text in a tone.
    pub(crate) fn toned(text: impl AsRef<str>, tone: Tone) -> Self {
        Self {
            text: visible(text.as_ref()),
            tone,
        }
    }
}

/// A table of `N` columns.
pub(crate) struct Table<const N: usize> {
    rows: Vec<[Cell; N]>,
}

impl<const N: usize> Table<N> {
    /// A table with its headings.
    pub(crate) fn new(headings: [&str; N]) -> Self {
        Self {
            rows: vec![headings.map(|heading| Cell::toned(heading, Tone::Heading))],
        }
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: [Cell; N]) {
        self.rows.push(cells);
    }

    /// Prints the table; the last column is not padded.
    pub(crate) fn print(&self, output: &mut Output) -> Result {
        let text = self.render(output.style);
        output.raw(text.as_bytes())
    }

    fn render(&self, style: Style) -> String {
        let widths: [usize; N] = std::array::from_fn(|column| {
            let cells = self.rows.iter().map(|row| width(&row[column].text));
            cells.max().unwrap_or(0)
        });
        let mut text = String::new();
        for row in &self.rows {
            let used = row
                .iter()
                .rposition(|cell| !cell.text.is_empty())
                .unwrap_or(0);
            for (column, cell) in row.iter().enumerate().take(used + 1) {
                text.push_str(&style.paint(cell.tone, &cell.text));
                if column < used {
                    let padding = widths[column] - width(&cell.text) + 2;
                    text.extend(std::iter::repeat_n(' ', padding));
                }
            }
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_align_by_what_is_seen() {
        let mut table = Table::new(["PROFILE", "STATE", "NOTE"]);
        table.row([Cell::new("a"), Cell::new("live"), Cell::new("x")]);
        table.row([Cell::new("東京-prod"), Cell::new(""), Cell::new("y")]);
        table.row([Cell::new("e\u{301}"), Cell::new("live"), Cell::new("")]);
        let expect = "\
PROFILE    STATE  NOTE
a          live   x
東京-prod         y
e\u{301}          live
";
        assert_eq!(table.render(Style::PLAIN), expect);
    }

    #[test]
    fn names_cannot_break_the_table() {
        let mut table = Table::new(["PROFILE", "STATE"]);
        table.row([Cell::new("a\nb\x1b[2J"), Cell::new("live")]);
        assert_eq!(
            table.render(Style::PLAIN),
            "PROFILE           STATE\na\\u{a}b\\u{1b}[2J  live\n"
        );
    }
}
