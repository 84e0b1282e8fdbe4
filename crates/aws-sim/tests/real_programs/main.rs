//! Independent clients, unchanged, against the simulated AWS: Debian's AWS CLI, the newest botocore and git.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod aws_cli;
mod codecommit;
mod git;
mod home;
mod sources;
