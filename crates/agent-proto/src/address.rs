//! Where the agent listens.

use crate::folders::NoHome;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

#[cfg(unix)]
#[path = "address/unix.rs"]
mod platform;
#[cfg(windows)]
#[path = "address/windows.rs"]
mod platform;

/// Names another address than the user's own.
pub const VARIABLE: &str = "HOLDFAST_SOCKET";

/// The agent's address: a Unix socket in a private folder, or a Windows named pipe.
///
/// In order: `HOLDFAST_SOCKET`; `$XDG_RUNTIME_DIR/holdfast/agent.sock` when that folder exists and
/// is the user's; `run/agent.sock` in the state folder. macOS:
/// `~/Library/Application Support/Holdfast/agent.sock`. Windows: `\\.\pipe\holdfast-<user SID>`.
/// Never `/tmp` and never an abstract socket, which other users could take first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    path: PathBuf,
}

/// Why there is no usable address.
#[derive(Debug, thiserror::Error)]
pub enum AddressError {
    /// A socket's path has to be absolute; on Windows a pipe's name has to begin with `\\.\pipe\`.
    #[error("{VARIABLE} is neither an absolute path nor the name of a named pipe: {}", path.display())]
    NotAnAddress {
        /// What was given.
        path: PathBuf,
    },
    /// The system cannot bind a socket to so long a path.
    #[error(
        "the socket's path has {length} bytes, and {limit} are possible; set {VARIABLE} to a shorter one: {}",
        path.display()
    )]
    TooLong {
        /// The path.
        path: PathBuf,
        /// Its length in bytes.
        length: usize,
        /// Largest possible length in bytes.
        limit: usize,
    },
    /// There is no folder for the socket.
    #[error(transparent)]
    NoHome(#[from] NoHome),
    /// The system does not say who runs this process.
    #[error("cannot find out which user runs this program")]
    User(#[source] std::io::Error),
    /// The folder or the server is not the user's own, so nothing is sent there.
    #[error("{} is not private to this user: {reason}", path.display())]
    NotPrivate {
        /// The folder or the pipe.
        path: PathBuf,
        /// What is wrong with it.
        reason: &'static str,
    },
}

impl Address {
    /// The address of this user's agent.
    ///
    /// # Errors
    /// As [`AddressError`] says, except `NotPrivate`.
    pub fn from_env() -> Result<Self, AddressError> {
        Self::resolve(&|name| std::env::var_os(name), std::env::home_dir())
    }

    /// The same from given variables and a given home folder.
    ///
    /// # Errors
    /// As for [`Address::from_env`].
    pub fn resolve(
        var: &dyn Fn(&str) -> Option<OsString>,
        home: Option<PathBuf>,
    ) -> Result<Self, AddressError> {
        match var(VARIABLE).filter(|value| !value.is_empty()) {
            Some(path) => Self::new(path),
            None => Self::new(platform::default_path(var, home)?),
        }
    }

    /// A given address.
    ///
    /// # Errors
    /// [`AddressError::NotAnAddress`] and [`AddressError::TooLong`].
    pub fn new(path: impl Into<PathBuf>) -> Result<Self, AddressError> {
        let path = path.into();
        platform::check(&path)?;
        Ok(Self { path })
    }

    /// The socket's path, or the pipe's name.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder that holds the socket and the locks beside it; on Windows, where pipes are in no
    /// folder, the state folder.
    ///
    /// # Errors
    /// [`AddressError::NoHome`], on Windows only.
    pub fn folder(&self) -> Result<PathBuf, AddressError> {
        platform::folder(&self.path)
    }

    /// A file beside the socket, named after it: `agent.sock` gives `agent.<suffix>`.
    ///
    /// # Errors
    /// As for [`Address::folder`].
    pub fn beside(&self, suffix: &str) -> Result<PathBuf, AddressError> {
        let stem = self.path.file_stem().unwrap_or_default().to_owned();
        let mut name = stem;
        name.push(".");
        name.push(suffix);
        Ok(self.folder()?.join(name))
    }

    /// Checks that nobody but this user can have put a socket there. A folder that does not exist passes.
    ///
    /// # Errors
    /// [`AddressError::NotPrivate`].
    pub fn verify(&self) -> Result<(), AddressError> {
        platform::verify(&self.path)
    }
}

#[cfg(windows)]
pub use platform::{current_user_sid, pipe_server_sid, process_user_sid};

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn resolve(vars: &[(&str, &str)]) -> Result<Address, AddressError> {
        let var = |name: &str| {
            let found = vars.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| OsString::from(value))
        };
        Address::resolve(&var, Some(PathBuf::from("/home/mary")))
    }

    #[cfg(all(unix, not(target_os = "macos")))]
    #[test]
    fn the_first_usable_place_wins() {
        let runtime = tempfile::tempdir().unwrap();
        let runtime = runtime.path().to_str().unwrap();
        let in_runtime = format!("{runtime}/holdfast/agent.sock");
        let cases: &[(&[(&str, &str)], &str)] = &[
            (&[("HOLDFAST_SOCKET", "/run/x.sock")], "/run/x.sock"),
            (
                &[
                    ("HOLDFAST_SOCKET", "/run/x.sock"),
                    ("XDG_RUNTIME_DIR", runtime),
                ],
                "/run/x.sock",
            ),
            (&[("XDG_RUNTIME_DIR", runtime)], &in_runtime),
            (
                &[("HOLDFAST_SOCKET", ""), ("XDG_RUNTIME_DIR", runtime)],
                &in_runtime,
            ),
            (
                &[("XDG_RUNTIME_DIR", "relative")],
                "/home/mary/.local/state/holdfast/run/agent.sock",
            ),
            (
                &[("XDG_RUNTIME_DIR", "/no/such/folder")],
                "/home/mary/.local/state/holdfast/run/agent.sock",
            ),
            (
                &[("XDG_STATE_HOME", "/state")],
                "/state/holdfast/run/agent.sock",
            ),
        ];
        for (vars, expect) in cases {
            assert_eq!(resolve(vars).unwrap().path(), Path::new(expect), "{vars:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn bad_addresses_are_named() {
        let relative = resolve(&[("HOLDFAST_SOCKET", "agent.sock")]).unwrap_err();
        assert!(matches!(relative, AddressError::NotAnAddress { .. }));

        let long = format!("/{}", "a".repeat(200));
        let error = resolve(&[("HOLDFAST_SOCKET", &long)]).unwrap_err();
        assert!(matches!(error, AddressError::TooLong { length: 201, .. }));
        assert!(error.to_string().contains("HOLDFAST_SOCKET"), "{error}");

        let nobody = Address::resolve(&|_| None, None).unwrap_err();
        assert!(matches!(nobody, AddressError::NoHome(_)));
    }

    #[cfg(unix)]
    #[test]
    fn files_beside_the_socket_carry_its_name() {
        let address = Address::new("/run/user/1/holdfast/agent.sock").unwrap();
        assert_eq!(
            address.beside("lock").unwrap(),
            Path::new("/run/user/1/holdfast/agent.lock")
        );
    }
}
