//! The lines of a file from its end, read in pieces, so that a look at the newest reads no more than it needs.

use std::io::{self, Read, Seek, SeekFrom};

/// Bytes read at a time.
const PIECE: u64 = 16 * 1024;

/// A line longer than this is none of ours, and is not kept in memory to find its beginning.
const LONGEST: usize = 64 * 1024;

/// An iterator over lines, the last first, without their line ends.
pub(super) struct Backwards<F> {
    file: F,
    /// Where the part that was not read yet ends.
    unread: u64,
    /// What was read and not given out yet.
    held: Vec<u8>,
    ended: bool,
}

impl<F: Read + Seek> Backwards<F> {
    /// Begins at the end of a file.
    pub(super) fn new(mut file: F) -> io::Result<Self> {
        let unread = file.seek(SeekFrom::End(0))?;
        Ok(Self {
            file,
            unread,
            held: Vec::new(),
            ended: false,
        })
    }

    fn read_piece(&mut self) -> io::Result<()> {
        let size = PIECE.min(self.unread);
        self.unread -= size;
        self.file.seek(SeekFrom::Start(self.unread))?;
        let mut piece = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + self.held.len());
        self.file.by_ref().take(size).read_to_end(&mut piece)?;
        piece.append(&mut self.held);
        self.held = piece;
        Ok(())
    }
}

impl<F: Read + Seek> Iterator for Backwards<F> {
    type Item = io::Result<Vec<u8>>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            if let Some(end) = self.held.iter().rposition(|&byte| byte == b'\n') {
                let line = self.held.split_off(end + 1);
                self.held.truncate(end);
                return Some(Ok(line));
            }
            if self.held.len() > LONGEST {
                self.held.clear();
            }
            if self.unread == 0 {
                self.ended = true;
                return Some(Ok(std::mem::take(&mut self.held)));
            }
            if let Err(error) = self.read_piece() {
                self.ended = true;
                return Some(Err(error));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn lines(text: &[u8]) -> Vec<Vec<u8>> {
        let lines = Backwards::new(Cursor::new(text)).unwrap();
        lines.map(Result::unwrap).collect()
    }

    #[test]
    fn lines_come_from_the_last_to_the_first() {
        for (text, expect) in [
            ("", vec![""]),
            ("a", vec!["a"]),
            ("a\nbc\n", vec!["", "bc", "a"]),
            ("a\n\ncut o", vec!["cut o", "", "a"]),
        ] {
            assert_eq!(
                lines(text.as_bytes()),
                expect
                    .iter()
                    .map(|line| line.as_bytes())
                    .collect::<Vec<_>>(),
                "{text:?}"
            );
        }
    }

    #[test]
    fn pieces_do_not_show() {
        let all: Vec<String> = (0..20_000).map(|number| format!("line {number}")).collect();
        let mut found = lines(all.join("\n").as_bytes());
        found.reverse();
        assert_eq!(
            found,
            all.iter().map(|line| line.as_bytes()).collect::<Vec<_>>()
        );
    }

    #[test]
    fn an_endless_line_takes_no_memory_and_hides_no_other() {
        let mut text = b"first\n".to_vec();
        text.resize(text.len() + 10 * LONGEST, b'x');
        text.extend_from_slice(b"\nlast");
        let found = lines(&text);
        assert_eq!(found.first().map(Vec::as_slice), Some(b"last".as_slice()));
        assert_eq!(found.last().map(Vec::as_slice), Some(b"first".as_slice()));
        assert!(
            found
                .iter()
                .all(|line| line.len() <= LONGEST + PIECE as usize)
        );
    }
}
