//! The listener, the instance lock and the hardening, over real sockets and real processes.

#![cfg(unix)]

mod connections;
mod limits;
#[cfg(target_os = "linux")]
mod processes;
mod support;
