//! Connections on Unix: a stream socket with the system's own time-outs.

use super::{Connection, timed_out};
use crate::address::{Address, AddressError};
use crate::client::ClientError;
use std::io::ErrorKind::{ConnectionRefused, NotFound, WouldBlock};
use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

/// Writes up to this size fit into every system's socket buffer and cannot wait.
const NEVER_WAITS: usize = 4 * 1024;

/// A connection to the agent.
#[derive(Debug)]
pub struct Stream {
    socket: UnixStream,
    deadline: Option<Instant>,
}

pub(super) fn connect(address: &Address) -> Result<Stream, ClientError> {
    let socket = UnixStream::connect(address.path()).map_err(|error| {
        if matches!(error.kind(), NotFound | ConnectionRefused) {
            let address = address.path().to_owned();
            ClientError::NotRunning { address }
        } else {
            ClientError::Io(error)
        }
    })?;
    if !server_is_own(&socket)? {
        return Err(ClientError::Address(AddressError::NotPrivate {
            path: address.path().to_owned(),
            reason: "another user listens there",
        }));
    }
    Ok(Stream {
        socket,
        deadline: None,
    })
}

/// Whether the process that listens runs as this user.
#[cfg(target_os = "linux")]
fn server_is_own(socket: &UnixStream) -> io::Result<bool> {
    let server = rustix::net::sockopt::socket_peercred(socket)?;
    Ok(server.uid == rustix::process::geteuid())
}

/// Elsewhere the private folder, which [`Address::verify`] has checked, says who can listen in it.
#[cfg(not(target_os = "linux"))]
fn server_is_own(_socket: &UnixStream) -> io::Result<bool> {
    Ok(true)
}

impl Connection for Stream {
    fn set_deadline(&mut self, deadline: Option<Instant>) {
        self.deadline = deadline;
    }
}

impl Stream {
    /// Time until the deadline, never zero, which the system would take for "for ever".
    fn left(&self) -> io::Result<Option<Duration>> {
        let Some(deadline) = self.deadline else {
            return Ok(None);
        };
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(timed_out());
        }
        Ok(Some(left.max(Duration::from_millis(1))))
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.socket.set_read_timeout(self.left()?)?;
        self.socket.read(buffer).map_err(name_timeout)
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() > NEVER_WAITS {
            self.socket.set_write_timeout(self.left()?)?;
        }
        self.socket.write(bytes).map_err(name_timeout)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A time-out of a socket is reported as `WouldBlock` here and as `TimedOut` there.
fn name_timeout(error: io::Error) -> io::Error {
    if error.kind() == WouldBlock {
        timed_out()
    } else {
        error
    }
}
