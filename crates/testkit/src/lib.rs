//! Fixtures shared by the tests: scratch homes, a private keyring, a headless desktop, a browser, secrets to look for, captured
//! logs.
//!
//! A dev-dependency only. Everything panics with a sentence when it cannot do its part, because a
//! test that cannot run has failed.

#[cfg(target_os = "linux")]
pub mod browser;
mod command;
#[cfg(target_os = "linux")]
pub mod desktop;
mod home;
mod log;
mod sentinel;

#[cfg(all(unix, not(target_vendor = "apple")))]
mod keyring;

pub use command::{Running, clean_command, wait_for, wait_until};
pub use home::ScratchHome;
pub use log::LogCapture;
pub use sentinel::{Encoding, Hit, Sentinels};

#[cfg(all(unix, not(target_vendor = "apple")))]
pub use keyring::{Keyring, SessionBus};
