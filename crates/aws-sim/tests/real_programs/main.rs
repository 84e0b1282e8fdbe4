//! Independent clients, unchanged, against the simulated AWS: Debian's AWS CLI, the newest botocore, git and Chromium.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod aws_cli;
#[cfg(target_os = "linux")]
mod browser;
mod codecommit;
mod git;
mod home;
mod sources;
mod sso;
