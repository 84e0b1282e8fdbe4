//! Who is at the other end of a connection on this computer.
//!
//! The address of the redirect stands on the browser's command line, where other users of this
//! computer may read it and be faster.

#[cfg(target_os = "linux")]
#[path = "peer/linux.rs"]
mod platform;
#[cfg(not(target_os = "linux"))]
#[path = "peer/other.rs"]
mod platform;

pub(crate) use platform::is_this_user;
