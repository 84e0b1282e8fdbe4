//! Keeping other programs away from what the agent holds in memory.
//!
//! What is done on each system, and what that cannot stop:
//!
//! | | Linux | macOS | Windows |
//! |---|---|---|---|
//! | no core dump | yes | yes | error reports hold no full memory by default |
//! | memory and environment unreadable for the same user's programs | yes | with the hardened runtime of a signed build | access list of the process |
//! | no rights gained by starting programs | yes | – | – |
//! | writes only to its own folders, starts no program | [`confine`] | – | – |
//!
//! None of it stops the superuser, and none stops a program of the same user from asking the agent
//! over its socket as every client does.

use crate::dirs::Dirs;
use std::io;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(target_os = "linux")]
use linux as platform;
#[cfg(all(unix, not(target_os = "linux")))]
use unix as platform;
#[cfg(windows)]
use windows as platform;

/// A measure that the system did not allow.
#[derive(Debug, thiserror::Error)]
#[error("this system does not allow to {measure}")]
pub struct Shortfall {
    /// What was to be done, as in "forbid core dumps".
    pub measure: &'static str,
    /// Why it was not.
    #[source]
    pub source: io::Error,
}

/// How far the process is confined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confinement {
    /// As far as this version knows how to.
    Full,
    /// The system knows only some of the rules.
    Partial,
    /// The system has no such rules, or has them switched off.
    None,
}

/// Hardens this process. To be called first of all, before the first secret and the first thread; what
/// could not be done is returned, to be logged once there is a log.
#[must_use]
pub fn harden() -> Vec<Shortfall> {
    let mut shortfalls = Vec::new();
    for (measure, done) in platform::measures() {
        if let Err(source) = done {
            shortfalls.push(Shortfall { measure, source });
        }
    }
    shortfalls
}

/// Leaves the session of the program that started the agent, so that neither its Ctrl-C nor the end of
/// its terminal reaches the agent.
pub fn detach() {
    platform::detach();
}

/// Confines this thread, and every thread it starts from now on, to the agent's own folders.
///
/// On Linux with Landlock: files can be written, made and removed only in the state, config and runtime
/// folders, and no program can be started, anywhere. Reading stays possible everywhere, because which AWS
/// files are read is said by each caller's `AWS_CONFIG_FILE`, and CA bundles, the resolver's files and
/// time zones lie in different places on different systems; the rules only ever narrow, so they cannot be
/// widened when a caller names a new file. Connecting to sockets, D-Bus among them, is not affected.
///
/// To be called before other threads exist, and after the folders are made.
///
/// # Errors
/// When the rules could not be put in place although the system has them.
pub fn confine(dirs: &Dirs) -> io::Result<Confinement> {
    platform::confine(dirs)
}
