//! A connection to the agent whose reads end at a deadline.

use crate::address::Address;
use crate::client::ClientError;
use std::io::{self, Read, Write};
use std::time::Instant;

#[cfg(unix)]
#[path = "stream/unix.rs"]
mod platform;
#[cfg(windows)]
#[path = "stream/windows.rs"]
mod platform;

pub use platform::Stream;

/// What a [`Client`](crate::Client) talks over.
pub trait Connection: Read + Write {
    /// Reads and writes after this moment fail with [`io::ErrorKind::TimedOut`]; `None` waits for ever.
    fn set_deadline(&mut self, deadline: Option<Instant>);
}

impl Stream {
    /// Connects to a running agent and makes sure that it is this user's.
    ///
    /// # Errors
    /// [`ClientError::NotRunning`] when nobody listens; [`ClientError::Address`] when the folder or the
    /// server is not this user's; [`ClientError::Io`] otherwise.
    pub fn connect(address: &Address) -> Result<Self, ClientError> {
        address.verify()?;
        platform::connect(address)
    }
}

/// The error of a read or write past its deadline.
fn timed_out() -> io::Error {
    io::Error::from(io::ErrorKind::TimedOut)
}
