//! The number of files and sockets the process may have open.

/// How many are enough for a thousand clients with their git processes.
#[cfg(unix)]
const ENOUGH: u64 = 16 * 1024;

/// Raises the soft limit as far as the system lets us and we need; without that, a thousand clients may be too many.
#[cfg(unix)]
pub(crate) fn raise_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let limit = getrlimit(Resource::Nofile);
    let wanted = limit.maximum.map_or(ENOUGH, |maximum| maximum.min(ENOUGH));
    if limit.current.is_some_and(|current| current < wanted) {
        let raised = Rlimit {
            current: Some(wanted),
            maximum: limit.maximum,
        };
        // A refusal leaves the limit as it was, which is enough for most uses.
        let _ = setrlimit(Resource::Nofile, raised);
    }
}

/// There is no such limit to raise.
#[cfg(not(unix))]
pub(crate) fn raise_limit() {}
