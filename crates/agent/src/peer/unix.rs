//! Peers of Unix sockets: user and process as they were when the peer connected.

use super::Peer;
use std::fmt;
use std::io;
use tokio::net::UnixStream;

/// A user of this machine, by number.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct UserId(u32);

impl UserId {
    /// The user who runs this process.
    ///
    /// # Errors
    /// None on this system.
    pub fn own() -> io::Result<Self> {
        Ok(Self(rustix::process::geteuid().as_raw()))
    }

    /// A user by number.
    pub fn from_raw(uid: u32) -> Self {
        Self(uid)
    }
}

impl fmt::Debug for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "uid {}", self.0)
    }
}

/// The peer of a connection. The system keeps what was true when the peer connected, so a socket
/// that was passed on to another process does not change the answer.
pub(crate) fn of(stream: &UnixStream) -> io::Result<Peer> {
    let found = stream.peer_cred()?;
    // A process that this one cannot see, for example outside its container, has the number 0.
    let pid = found.pid().and_then(|pid| u32::try_from(pid).ok());
    Ok(Peer {
        pid: pid.filter(|&pid| pid != 0),
        user: UserId(found.uid()),
    })
}
