//! Frames: a length of four bytes, most significant first, and that many bytes of JSON.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::{self, Read, Write};
use zeroize::Zeroizing;

/// Largest frame that the agent accepts, in bytes.
pub const MAX_REQUEST_BYTES: usize = 64 * 1024;

/// Largest frame that a client accepts, in bytes.
pub const MAX_REPLY_BYTES: usize = 1024 * 1024;

/// Why a frame could not be read or written. Never quotes the frame.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// The other side closed the connection between two frames.
    #[error("the connection was closed")]
    Closed,
    /// The frame is larger than the receiver accepts.
    #[error("a frame of {length} bytes is over the limit of {limit}")]
    TooLarge {
        /// Announced length in bytes.
        length: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// The frame is not the JSON that was expected.
    #[error("a frame is not a message of this protocol (byte {position})")]
    Malformed {
        /// Column at which decoding stopped, counted from 1.
        position: usize,
    },
    /// Reading or writing failed.
    #[error("the connection failed")]
    Io(#[from] io::Error),
}

/// A frame with its length in front, in a buffer that is erased when dropped.
///
/// # Errors
/// [`FrameError::TooLarge`] when the message does not fit into `limit` bytes.
pub fn encode<T: Serialize>(message: &T, limit: usize) -> Result<Zeroizing<Vec<u8>>, FrameError> {
    let mut frame = Zeroizing::new(Vec::new());
    append(&mut frame, message, limit)?;
    Ok(frame)
}

/// Appends a frame to a buffer, so that several go out in one write.
///
/// # Errors
/// [`FrameError::TooLarge`] when the message does not fit into `limit` bytes.
pub fn append<T: Serialize>(
    buffer: &mut Zeroizing<Vec<u8>>,
    message: &T,
    limit: usize,
) -> Result<(), FrameError> {
    let mut body = Body(Zeroizing::new(Vec::with_capacity(1024)));
    serde_json::to_writer(&mut body, message).map_err(io::Error::from)?;
    let body = body.0;
    let length = body.len();
    let prefix = u32::try_from(length).ok().filter(|_| length <= limit);
    let prefix = prefix.ok_or(FrameError::TooLarge { length, limit })?;
    reserve(buffer, 4 + length);
    buffer.extend_from_slice(&prefix.to_be_bytes());
    buffer.extend_from_slice(&body);
    Ok(())
}

/// Reads one frame's body.
///
/// # Errors
/// As [`FrameError`] says; nothing is read past the announced length.
pub fn read(from: &mut impl Read, limit: usize) -> Result<Zeroizing<Vec<u8>>, FrameError> {
    let mut prefix = [0; 4];
    if let Err(error) = from.read_exact(&mut prefix) {
        return Err(if error.kind() == io::ErrorKind::UnexpectedEof {
            FrameError::Closed
        } else {
            FrameError::Io(error)
        });
    }
    let length = body_length(prefix, limit)?;
    let mut body = Zeroizing::new(vec![0; length]);
    from.read_exact(&mut body)?;
    Ok(body)
}

/// The length announced by the first four bytes of a frame.
///
/// # Errors
/// [`FrameError::TooLarge`] when it is over `limit`.
pub fn body_length(prefix: [u8; 4], limit: usize) -> Result<usize, FrameError> {
    let length = u32::from_be_bytes(prefix) as usize;
    if length > limit {
        return Err(FrameError::TooLarge { length, limit });
    }
    Ok(length)
}

/// Decodes a frame's body.
///
/// # Errors
/// [`FrameError::Malformed`], which names a position and quotes nothing.
pub fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, FrameError> {
    serde_json::from_slice(body).map_err(|error| FrameError::Malformed {
        position: error.column(),
    })
}

/// Writes a whole frame made by [`encode`].
///
/// # Errors
/// The stream's own.
pub fn write(to: &mut impl Write, frame: &[u8]) -> Result<(), FrameError> {
    to.write_all(frame)?;
    to.flush()?;
    Ok(())
}

/// A growing buffer that leaves no copy behind when it grows.
struct Body(Zeroizing<Vec<u8>>);

impl Write for Body {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        reserve(&mut self.0, bytes.len());
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Makes room like `Vec::reserve`, and erases the old allocation.
fn reserve(buffer: &mut Zeroizing<Vec<u8>>, additional: usize) {
    let needed = buffer.len() + additional;
    if needed > buffer.capacity() {
        let mut larger = Zeroizing::new(Vec::with_capacity(needed.max(2 * buffer.capacity())));
        larger.extend_from_slice(buffer);
        *buffer = larger;
    }
}
