//! Exactly one agent per user and address, however many start at once.

use crate::dirs::{self, DirError};
use crate::listener::Listener;
use holdfast_agent_proto::address::{Address, AddressError};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

/// How long an agent may take from giving its address back to its end.
const ENDING: Duration = Duration::from_secs(2);

/// Pause between two looks at an agent that is ending.
const PAUSE: Duration = Duration::from_millis(10);

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
    /// Another agent of this user, at another address, keeps its sessions in the same folder.
    #[error("another agent of this user keeps its sessions in {}{}", state.display(), at(address.as_deref()))]
    StateInUse {
        /// The folder.
        state: PathBuf,
        /// Where the other agent listens.
        address: Option<String>,
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

    /// Claims the folder that sessions are kept in, for as long as the file lives. A user whose programs
    /// disagree about the address, for example in a cron job without `XDG_RUNTIME_DIR`, would otherwise
    /// get two agents that overwrite each other's sessions.
    ///
    /// # Errors
    /// [`InstanceError::StateInUse`] and [`InstanceError::Lock`].
    pub fn claim_state(&self, state: &Path) -> Result<File, InstanceError> {
        let path = state.join("agent.lock");
        let failed = |source| InstanceError::Lock {
            path: path.clone(),
            source,
        };
        let mut lock = open(&path).map_err(failed)?;
        let patience = Instant::now() + ENDING;
        loop {
            match lock.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) => {
                    let address = std::fs::read_to_string(&path).ok();
                    // Whoever had this address before is on its way out, and still saves.
                    let is_ending = address.as_deref().map(Path::new) == Some(self.address.path());
                    if !is_ending || Instant::now() >= patience {
                        let state = state.to_owned();
                        return Err(InstanceError::StateInUse { state, address });
                    }
                    thread::sleep(PAUSE);
                }
                Err(TryLockError::Error(source)) => return Err(failed(source)),
            }
        }
        let address = self.address.path().to_string_lossy();
        lock.set_len(0)
            .and_then(|()| lock.write_all(address.as_bytes()))
            .map_err(failed)?;
        Ok(lock)
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

fn at(address: Option<&str>) -> String {
    match address {
        Some(address) if !address.is_empty() => {
            format!(" and listens at {address}; point HOLDFAST_SOCKET at it")
        }
        _ => String::new(),
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

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn claim(folder: &Path) -> Instance {
        let address = Address::new(folder.join("agent.sock")).unwrap();
        Instance::claim(address).unwrap().expect("nobody else")
    }

    #[test]
    fn the_state_of_an_agent_that_is_ending_is_waited_for_and_that_of_another_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let [own, other, state] = ["own", "other", "state"].map(|name| folder.path().join(name));
        std::fs::create_dir(&state).unwrap();
        let instance = claim(&own);

        let before = instance.claim_state(&state).unwrap();
        let ending = thread::spawn(move || {
            thread::sleep(5 * PAUSE);
            drop(before);
        });
        let held = instance.claim_state(&state).unwrap();
        ending.join().unwrap();

        let refused = claim(&other).claim_state(&state);
        let told = refused.expect_err("it is in use").to_string();
        assert!(told.contains("own/agent.sock"), "{told}");
        drop(held);
    }
}
