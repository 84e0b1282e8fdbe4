//! What the end-to-end tests in `tests/` stand on: a person's machine, and programs with a deadline.
#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot do its part has failed"
)]

pub mod leaks;
pub mod machine_clock;
pub mod person;
pub mod process;
pub mod world;
