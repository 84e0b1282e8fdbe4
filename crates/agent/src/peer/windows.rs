//! Peers of named pipes: the client's process, and the user whom its token names.

#![expect(
    unsafe_code,
    reason = "neither the standard library nor tokio tells which process opened a pipe"
)]

use super::Peer;
use holdfast_agent_proto::address::{current_user_sid, process_user_sid};
use std::fmt;
use std::io;
use std::os::windows::io::AsRawHandle;
use tokio::net::windows::named_pipe::NamedPipeServer;
use windows_sys::Win32::System::Pipes::GetNamedPipeClientProcessId;

/// A user of this machine, by SID.
#[derive(Clone, PartialEq, Eq)]
pub struct UserId(String);

impl UserId {
    /// The user who runs this process.
    ///
    /// # Errors
    /// The system's.
    pub fn own() -> io::Result<Self> {
        current_user_sid().map(Self)
    }

    /// The SID, for example `S-1-5-21-…-1001`.
    pub(crate) fn sid(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The peer of a connected pipe.
pub(crate) fn of(pipe: &NamedPipeServer) -> io::Result<Peer> {
    let mut pid = 0;
    // SAFETY: the handle is open for as long as `pipe` is borrowed, and `pid` outlives the call.
    if unsafe { GetNamedPipeClientProcessId(pipe.as_raw_handle(), &mut pid) } == 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(Peer {
        pid: Some(pid),
        user: UserId(process_user_sid(pid)?),
    })
}
