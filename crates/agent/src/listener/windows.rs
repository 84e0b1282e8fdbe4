//! The Windows named pipe.

#![expect(
    unsafe_code,
    reason = "a pipe's access list can only be given as a pointer to the system's own structure"
)]

use super::Transport;
use crate::peer::{self, Peer, UserId};
use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::ptr;
use tokio::net::windows::named_pipe::{NamedPipeServer, ServerOptions};
use windows_sys::Win32::Foundation::LocalFree;
use windows_sys::Win32::Security::Authorization::{
    ConvertStringSecurityDescriptorToSecurityDescriptorW, SDDL_REVISION_1,
};
use windows_sys::Win32::Security::{PSECURITY_DESCRIPTOR, SECURITY_ATTRIBUTES};

/// Listens on a named pipe. There is always an instance that waits for the next client, so that no
/// other process can put up a pipe of this name in between.
pub struct Listener {
    name: OsString,
    access: String,
    waiting: Option<NamedPipeServer>,
}

impl Listener {
    /// Makes the first instance of the pipe, and fails when the name is taken.
    ///
    /// # Errors
    /// The system's.
    pub fn bind(path: &Path) -> io::Result<Self> {
        let name = path.as_os_str().to_owned();
        let access = access_for(&UserId::own()?);
        let first = create(&name, &access, true)?;
        Ok(Self {
            name,
            access,
            waiting: Some(first),
        })
    }
}

impl Transport for Listener {
    type Stream = NamedPipeServer;

    async fn accept(&mut self) -> io::Result<(NamedPipeServer, Peer)> {
        let waiting = match self.waiting.take() {
            Some(waiting) => waiting,
            None => create(&self.name, &self.access, false)?,
        };
        let waiting = self.waiting.insert(waiting);
        waiting.connect().await?;
        let next = create(&self.name, &self.access, false);
        let connected = match next {
            Ok(next) => self.waiting.replace(next),
            Err(error) => {
                tracing::warn!(%error, "cannot make another instance of the pipe");
                self.waiting.take()
            }
        };
        let connected = connected.ok_or_else(|| io::Error::from(io::ErrorKind::BrokenPipe))?;
        let peer = peer::of(&connected)?;
        Ok((connected, peer))
    }
}

/// Everything for this user and nothing for anybody else, nothing inherited.
fn access_for(user: &UserId) -> String {
    format!("D:P(A;;GA;;;{})", user.sid())
}

fn create(name: &OsString, access: &str, first: bool) -> io::Result<NamedPipeServer> {
    let descriptor = Descriptor::parse(access)?;
    let mut attributes = SECURITY_ATTRIBUTES {
        nLength: size_of::<SECURITY_ATTRIBUTES>() as u32,
        lpSecurityDescriptor: descriptor.0,
        bInheritHandle: 0,
    };
    let mut options = ServerOptions::new();
    options
        .first_pipe_instance(first)
        .reject_remote_clients(true);
    // SAFETY: the attributes and the descriptor in them are valid until the call returns.
    unsafe { options.create_with_security_attributes_raw(name, (&raw mut attributes).cast()) }
}

/// A security descriptor that the system allocated.
struct Descriptor(PSECURITY_DESCRIPTOR);

impl Descriptor {
    fn parse(text: &str) -> io::Result<Self> {
        let wide: Vec<u16> = text.encode_utf16().chain([0]).collect();
        let mut descriptor: PSECURITY_DESCRIPTOR = ptr::null_mut();
        // SAFETY: `wide` ends with a NUL, and `descriptor` outlives the call.
        let parsed = unsafe {
            ConvertStringSecurityDescriptorToSecurityDescriptorW(
                wide.as_ptr(),
                SDDL_REVISION_1,
                &mut descriptor,
                ptr::null_mut(),
            )
        };
        if parsed == 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(Self(descriptor))
    }
}

impl Drop for Descriptor {
    fn drop(&mut self) {
        // SAFETY: allocated by the system for this value and freed once.
        unsafe { LocalFree(self.0) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_user_has_access() {
        let own = UserId::own().unwrap();
        assert_eq!(access_for(&own), format!("D:P(A;;GA;;;{})", own.sid()));
        assert!(Descriptor::parse(&access_for(&own)).is_ok());
    }
}
