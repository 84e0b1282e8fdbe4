//! The launcher: a second process of this program, which does for the agent what the agent may not do itself.
//!
//! The agent confines itself so that it can start no program and write nothing outside its own folders
//! ([`harden::confine`](crate::harden::confine)). Before that it starts the launcher, which waits on a pipe, runs a
//! `credential_process` when it is told to, and keeps the caches of the AWS CLI up to date where the user wants that.
//! It does nothing else: an order names no path, and a command comes from the user's own configuration. It keeps
//! nothing, and ends with the agent. On systems that do not confine the agent it is used all the same, so that there
//! is one way to do these things.

mod cache;
mod client;
mod message;
pub(crate) mod process;
mod program;
pub(crate) mod split;

pub(crate) use cache::Caches;
pub(crate) use client::{Launcher, LauncherError};
pub(crate) use message::{CacheOrder, Program};

/// The hidden argument that makes a process the launcher.
pub(crate) const ARGUMENT: &str = "--launcher";
