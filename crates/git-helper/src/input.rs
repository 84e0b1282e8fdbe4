//! Reading what git writes, bounded in size.

use std::io::{self, Read};
use zeroize::Zeroizing;

/// Most that is read, in bytes: git's own limit for a line, which a whole description stays far below.
pub const MAX_INPUT: usize = 64 * 1024;

/// Size of the first read. As large as the standard library's buffer, so that nothing is copied into that.
const FIRST_READ: usize = 8 * 1024;

/// The description of a credential, up to its blank line or the end of the input;
/// `None` when it is over [`MAX_INPUT`]. For `store` and `erase` it holds a password, so it is erased when dropped.
///
/// # Errors
/// The stream's own.
pub fn read(from: &mut impl Read) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    let mut buffer = Zeroizing::new(vec![0; FIRST_READ]);
    let mut length = 0;
    loop {
        if length == buffer.len() {
            // One byte more than is allowed tells a description that is too large from one that just fits.
            let mut larger = Zeroizing::new(vec![0; MAX_INPUT + 1]);
            larger[..length].copy_from_slice(&buffer);
            buffer = larger;
        }
        let read = match from.read(&mut buffer[length..]) {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        length += read;
        if length > MAX_INPUT {
            return Ok(None);
        }
        if read == 0 || ends_with_blank_line(&buffer[..length], read) {
            buffer.truncate(length);
            return Ok(Some(buffer));
        }
    }
}

/// Whether there is a blank line in the last `read` bytes, or where they touch the bytes before.
fn ends_with_blank_line(buffer: &[u8], read: usize) -> bool {
    let new = buffer.len() - read;
    buffer.starts_with(b"\n")
        || buffer[new.saturating_sub(1)..]
            .windows(2)
            .any(|two| two == b"\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hands out one piece per read, and fails when it is read after the last.
    struct Pieces<'a>(&'a [&'a [u8]]);

    impl Read for Pieces<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let (piece, rest) = self.0.split_first().ok_or(io::ErrorKind::Other)?;
            buffer[..piece.len()].copy_from_slice(piece);
            self.0 = rest;
            Ok(piece.len())
        }
    }

    fn check(pieces: &[&[u8]], expect: &[u8]) {
        let read = read(&mut Pieces(pieces)).unwrap().unwrap();
        assert_eq!(&read[..], expect);
    }

    #[test]
    fn the_end_of_the_input_ends_it() {
        check(&[b""], b"");
        check(&[b"a=b\n", b""], b"a=b\n");
        check(&[b"a=", b"b", b"\nc=d", b""], b"a=b\nc=d");
    }

    #[test]
    fn nothing_is_read_after_a_blank_line() {
        check(&[b"\n"], b"\n");
        check(&[b"a=b\n\n"], b"a=b\n\n");
        check(&[b"a=b\n", b"\n"], b"a=b\n\n");
        check(&[b"a=b", b"\n\nc"], b"a=b\n\nc");
    }

    #[test]
    fn the_size_is_bounded() {
        let long = vec![b'x'; MAX_INPUT];
        let whole = read(&mut &long[..]).unwrap().unwrap();
        assert_eq!(whole.len(), MAX_INPUT);
        let longer = vec![b'x'; MAX_INPUT + 1];
        assert!(read(&mut &longer[..]).unwrap().is_none());
        assert!(read(&mut io::repeat(b'x')).unwrap().is_none());
    }

    #[test]
    fn an_error_is_passed_on() {
        assert!(read(&mut Pieces(&[b"a=b\n"])).is_err());
    }
}
