//! Independent clients, unchanged, against the simulated AWS: Debian's AWS CLI and git.

mod aws_cli;
mod git;
mod home;
