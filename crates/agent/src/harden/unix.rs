//! What every Unix offers.

use rustix::fs::Mode;
use rustix::io::Errno;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit, setsid, umask};
use std::io;

/// File descriptors that the agent would like to have: one per connection and some of its own.
const WANTED_FILES: u64 = 4096;

/// Measures and how they went.
pub(super) fn measures() -> Vec<(&'static str, io::Result<()>)> {
    umask(Mode::RWXG | Mode::RWXO);
    vec![
        ("forbid core dumps", no_core_dumps()),
        ("open enough files", raise_file_limit()),
    ]
}

pub(super) fn detach() {
    // Refused only to the leader of a process group, which has been detached by its starter.
    if let Err(error) = setsid() {
        debug_assert_eq!(error, Errno::PERM);
    }
}

/// Other systems have no rules that a process can put on itself without special rights.
#[cfg(not(target_os = "linux"))]
pub(super) fn confine(_dirs: &crate::dirs::Dirs) -> io::Result<super::Confinement> {
    Ok(super::Confinement::None)
}

fn no_core_dumps() -> io::Result<()> {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    Ok(setrlimit(Resource::Core, none)?)
}

fn raise_file_limit() -> io::Result<()> {
    let now = getrlimit(Resource::Nofile);
    let possible = now
        .maximum
        .map_or(WANTED_FILES, |most| most.min(WANTED_FILES));
    if now.current.is_none_or(|current| current >= possible) {
        return Ok(());
    }
    let raised = Rlimit {
        current: Some(possible),
        maximum: now.maximum,
    };
    Ok(setrlimit(Resource::Nofile, raised)?)
}
