//! The `holdfast` command against an agent that answers as each test tells it.
//!
//! The fake agent listens on a Unix socket and the terminal is a Unix pseudo-terminal; on Windows the program
//! itself is exercised by the type checks and the runs through Wine.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails by panicking, and answers only what it is about"
)]

mod activity;
mod agent;
mod clone;
mod clone_command;
mod completions;
mod console;
mod create_repo;
mod credentials;
mod doctor;
mod environment;
mod errors;
mod fake_agent;
mod git;
mod git_install;
mod keys;
mod lock;
mod login;
mod repos;
mod sso;
mod status;
mod terminal;
