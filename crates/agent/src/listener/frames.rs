//! Reading frames from a connection, each within a time and a size.

use holdfast_agent_proto::frame::{self, FrameError, MAX_REQUEST_BYTES};
use std::io;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::timeout;
use zeroize::Zeroizing;

/// Bytes read at once; a hello together with a request fits.
const READ_AHEAD: usize = 4 * 1024;

/// Reads frames; what has arrived is erased when it has been used.
pub(super) struct FrameReader<R> {
    from: R,
    buffer: Zeroizing<Vec<u8>>,
}

impl<R: AsyncRead + Unpin> FrameReader<R> {
    pub(super) fn new(from: R) -> Self {
        Self {
            from,
            buffer: Zeroizing::new(Vec::new()),
        }
    }

    /// Waits for the first byte of a frame; dropping the future loses nothing.
    pub(super) async fn begun(&mut self) -> Result<(), FrameError> {
        if self.buffer.is_empty() {
            self.read_more(4).await?;
        }
        Ok(())
    }

    /// The next frame, which has to be complete within `limit`.
    pub(super) async fn next(&mut self, limit: Duration) -> Result<Zeroizing<Vec<u8>>, FrameError> {
        match timeout(limit, self.whole_frame()).await {
            Ok(read) => read,
            Err(_) => Err(FrameError::Io(io::Error::from(io::ErrorKind::TimedOut))),
        }
    }

    async fn whole_frame(&mut self) -> Result<Zeroizing<Vec<u8>>, FrameError> {
        loop {
            let needed = match self.buffer.first_chunk::<4>() {
                Some(prefix) => 4 + frame::body_length(*prefix, MAX_REQUEST_BYTES)?,
                None => 4,
            };
            if self.buffer.len() >= needed && self.buffer.len() >= 4 {
                let body = Zeroizing::new(self.buffer[4..needed].to_vec());
                self.buffer = Zeroizing::new(self.buffer[needed..].to_vec());
                return Ok(body);
            }
            self.read_more(needed).await?;
        }
    }

    /// Reads once, with room for a frame of `needed` bytes.
    async fn read_more(&mut self, needed: usize) -> Result<(), FrameError> {
        let held = self.buffer.len();
        let room = needed.max(held + READ_AHEAD);
        let mut piece = Zeroizing::new(vec![0; room - held]);
        let length = self.from.read(&mut piece).await?;
        if length == 0 {
            return Err(FrameError::Closed);
        }
        let mut larger = Zeroizing::new(Vec::with_capacity(held + length));
        larger.extend_from_slice(&self.buffer);
        larger.extend_from_slice(&piece[..length]);
        self.buffer = larger;
        Ok(())
    }
}
