//! What git says on standard error, line by line, and the part of it that is kept.

use std::io::{self, Read};

/// Longest line that is read, in bytes; the rest of it is left out.
const LONGEST_LINE: usize = 1024;

/// Lines that are kept for an explanation.
const MOST_LINES: usize = 20;

/// Calls `each` with every line of a stream, which ends with a line feed or, where git shows progress, with a
/// carriage return. Without control characters, which could do anything to a terminal.
pub(crate) fn lines(mut stream: impl Read, mut each: impl FnMut(String)) -> io::Result<()> {
    let mut buffer = [0; 4096];
    let mut line = Vec::new();
    loop {
        let read = match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        for byte in &buffer[..read] {
            if matches!(byte, b'\n' | b'\r') {
                if !line.is_empty() {
                    each(text(&line));
                }
                line.clear();
            } else if line.len() < LONGEST_LINE {
                line.push(*byte);
            }
        }
    }
    if !line.is_empty() {
        each(text(&line));
    }
    Ok(())
}

fn text(line: &[u8]) -> String {
    // Servers pad their lines with blanks, and git with the code that clears the rest of a line.
    let text = String::from_utf8_lossy(line).replace("\u{1b}[K", "");
    let visible: String = text.chars().filter(|char| !char.is_control()).collect();
    visible.trim_end().to_owned()
}

/// The lines said last.
#[derive(Debug, Default)]
pub(crate) struct Said(Vec<String>);

impl Said {
    pub(crate) fn add(&mut self, line: String) {
        if self.0.len() == MOST_LINES {
            self.0.remove(0);
        }
        self.0.push(line);
    }

    pub(crate) fn lines(&self) -> &[String] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_in_two_ways_and_hold_nothing_for_a_terminal() {
        let stream = b"one\rtwo   \n\x1b[31mthree\x1b[K\n\n\xff\n".as_slice();
        let mut all = Vec::new();
        lines(stream, |line| all.push(line)).unwrap();
        assert_eq!(all, ["one", "two", "[31mthree", "\u{fffd}"]);
    }

    #[test]
    fn an_endless_line_takes_no_endless_room() {
        let stream = io::repeat(b'x').take(1_000_000);
        let mut all = Vec::new();
        lines(stream, |line| all.push(line.len())).unwrap();
        assert_eq!(all, [LONGEST_LINE]);
    }

    #[test]
    fn the_last_lines_are_kept() {
        let mut said = Said::default();
        (0..100).for_each(|line| said.add(line.to_string()));
        assert_eq!(said.lines().len(), MOST_LINES);
        assert_eq!(said.lines().last().map(String::as_str), Some("99"));
    }
}
