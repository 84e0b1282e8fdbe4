//! Becoming another program, as far as the system allows.

#[cfg(unix)]
mod unix;
#[cfg(unix)]
pub use unix::replace;

#[cfg(not(unix))]
mod windows;
#[cfg(not(unix))]
pub use windows::replace;
