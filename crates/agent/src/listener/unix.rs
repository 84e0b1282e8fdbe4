//! The Unix socket.

use super::Transport;
use crate::peer::{self, Peer};
use std::io;
use std::os::unix::net::UnixListener as StdListener;
use std::path::Path;
use tokio::net::{UnixListener, UnixStream};

/// Connections that may wait to be accepted; the system may have a lower limit of its own.
const BACKLOG: i32 = 4096;

/// Listens on a Unix socket.
#[derive(Debug)]
pub struct Listener {
    socket: UnixListener,
}

impl Listener {
    /// Binds a socket that only this user can open. Nothing may be at the path, and its folder must be
    /// private already: the mask keeps even the moment between binding and any later change closed.
    /// [`Instance::listen`](crate::instance::Instance::listen) sees to both.
    ///
    /// # Errors
    /// The system's.
    pub fn bind(path: &Path) -> io::Result<Self> {
        let before = rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o177));
        let bound = StdListener::bind(path);
        rustix::process::umask(before);
        let socket = bound?;
        rustix::net::listen(&socket, BACKLOG)?;
        socket.set_nonblocking(true)?;
        Ok(Self {
            socket: UnixListener::from_std(socket)?,
        })
    }
}

impl Transport for Listener {
    type Stream = UnixStream;

    async fn accept(&mut self) -> io::Result<(UnixStream, Peer)> {
        let (stream, _) = self.socket.accept().await?;
        let peer = peer::of(&stream)?;
        Ok((stream, peer))
    }
}
