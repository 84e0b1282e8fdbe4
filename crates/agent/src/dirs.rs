//! The agent's own folders, made private before anything is put into them.

use holdfast_agent_proto::address::{Address, AddressError};
use holdfast_agent_proto::folders::{Folders, NoHome};
use std::io;
use std::path::{Path, PathBuf};

#[cfg(unix)]
#[path = "dirs/unix.rs"]
mod platform;
#[cfg(windows)]
#[path = "dirs/windows.rs"]
mod platform;

/// Folders that exist and that only this user can enter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dirs {
    /// What the agent remembers.
    pub state: PathBuf,
    /// Settings.
    pub config: PathBuf,
    /// The socket and the locks beside it.
    pub runtime: PathBuf,
}

/// Why a folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DirError {
    /// There is no folder to put them in.
    #[error(transparent)]
    NoHome(#[from] NoHome),
    /// There is no folder for the socket.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// It could not be made or looked at.
    #[error("cannot use the folder {}", path.display())]
    Io {
        /// The folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Others can enter it, or have made it.
    #[error("the folder {} is not private to this user: {reason}", path.display())]
    NotPrivate {
        /// The folder.
        path: PathBuf,
        /// What is wrong with it.
        reason: &'static str,
    },
}

impl Dirs {
    /// Makes the folders that are missing, and refuses those that are not private.
    ///
    /// # Errors
    /// As [`DirError`] says.
    pub fn prepare(address: &Address) -> Result<Self, DirError> {
        let Folders { state, config } = Folders::from_env()?;
        let runtime = address.folder()?;
        for folder in [&state, &config, &runtime] {
            private(folder)?;
        }
        Ok(Self {
            state,
            config,
            runtime,
        })
    }
}

/// Makes a folder that only this user can enter, or makes sure that an existing one is like that.
///
/// # Errors
/// [`DirError::Io`] and [`DirError::NotPrivate`].
pub fn private(path: &Path) -> Result<(), DirError> {
    platform::private(path)
}
