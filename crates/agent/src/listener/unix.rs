//! The Unix socket.

use super::Transport;
use crate::peer::{self, Peer};
use std::io;
use std::os::fd::OwnedFd;
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
    /// Binds a socket that only this user can open, from the first moment on. Nothing may be at the path,
    /// and its folder must be private already.
    /// [`Instance::listen`](crate::instance::Instance::listen) sees to both.
    ///
    /// # Errors
    /// The system's.
    pub fn bind(path: &Path) -> io::Result<Self> {
        let socket = bind_private(path)?;
        rustix::net::listen(&socket, BACKLOG)?;
        let socket = StdListener::from(socket);
        socket.set_nonblocking(true)?;
        Ok(Self {
            socket: UnixListener::from_std(socket)?,
        })
    }
}

/// Linux gives the socket in the folder the mode that the unbound one has, which no other thread can
/// interfere with.
#[cfg(target_os = "linux")]
fn bind_private(path: &Path) -> io::Result<OwnedFd> {
    use rustix::fs::{Mode, fchmod};
    use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType, bind, socket_with};
    let socket = socket_with(
        AddressFamily::UNIX,
        SocketType::STREAM,
        SocketFlags::CLOEXEC,
        None,
    )?;
    fchmod(&socket, Mode::RUSR | Mode::WUSR)?;
    bind(&socket, &SocketAddrUnix::new(path)?)?;
    Ok(socket)
}

/// Elsewhere only the mask of the whole process decides. Other threads that make files meanwhile get them
/// more private than they asked for.
#[cfg(not(target_os = "linux"))]
fn bind_private(path: &Path) -> io::Result<OwnedFd> {
    let before = rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o177));
    let bound = StdListener::bind(path);
    rustix::process::umask(before);
    Ok(bound?.into())
}

impl Transport for Listener {
    type Stream = UnixStream;

    async fn accept(&mut self) -> io::Result<(UnixStream, Peer)> {
        let (stream, _) = self.socket.accept().await?;
        let peer = peer::of(&stream)?;
        Ok((stream, peer))
    }
}
