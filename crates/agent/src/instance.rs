//! Exactly one agent per user and address, however many start at once.

use crate::dirs::{self, DirError};
use crate::listener::Listener;
use holdfast_agent_proto::address::{Address, AddressError};
use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::PathBuf;

/// The right to listen at an address, held until dropped.
///
/// A lock on a file beside the socket decides; the system gives it back however the process ends.
/// The file itself stays, because removing it would let two processes lock two files of one name.
#[derive(Debug)]
pub struct Instance {
    address: Address,
    #[expect(dead_code, reason = "held for the lock on it")]
    lock: File,
}

/// Why this process cannot become the agent.
#[derive(Debug, thiserror::Error)]
pub enum InstanceError {
    /// The folder of the socket is missing or not private.
    #[error(transparent)]
    Dir(#[from] DirError),
    /// There is no usable address.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// The lock file cannot be used.
    #[error("cannot lock {}", path.display())]
    Lock {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The address cannot be listened at.
    #[error("cannot listen at {}", path.display())]
    Listen {
        /// The socket's path or the pipe's name.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl Instance {
    /// Claims the address, or tells with `None` that another agent has it: then this process should
    /// end quietly and well.
    ///
    /// # Errors
    /// As [`InstanceError`] says.
    pub fn claim(address: Address) -> Result<Option<Self>, InstanceError> {
        dirs::private(&address.folder()?)?;
        let path = address.beside("lock")?;
        let failed = |source| InstanceError::Lock {
            path: path.clone(),
            source,
        };
        let lock = open(&path).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(Self { address, lock })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }

    /// Starts to listen. A socket that an earlier agent left behind is removed, which is safe because
    /// only the holder of the lock does it.
    ///
    /// # Errors
    /// [`InstanceError::Listen`] and [`InstanceError::Address`].
    pub fn listen(&self) -> Result<Listener, InstanceError> {
        let failed = |source| InstanceError::Listen {
            path: self.address.path().to_owned(),
            source,
        };
        self.remove_socket().map_err(failed)?;
        let listener = Listener::bind(self.address.path()).map_err(failed)?;
        // The folder may have been exchanged between the first look and the binding.
        self.address.verify()?;
        Ok(listener)
    }

    /// The address that was claimed.
    pub fn address(&self) -> &Address {
        &self.address
    }

    #[cfg(unix)]
    fn remove_socket(&self) -> io::Result<()> {
        match std::fs::remove_file(self.address.path()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Pipes vanish with their server.
    #[cfg(windows)]
    fn remove_socket(&self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Instance {
    /// The next client then sees at once that nobody listens.
    fn drop(&mut self) {
        if let Err(error) = self.remove_socket() {
            tracing::debug!(%error, "the socket could not be removed");
        }
    }
}

#[cfg(unix)]
fn open(path: &PathBuf) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let no_link = rustix::fs::OFlags::NOFOLLOW.bits();
    OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .custom_flags(no_link.cast_signed())
        .open(path)
}

#[cfg(windows)]
fn open(path: &PathBuf) -> io::Result<File> {
    OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
}
