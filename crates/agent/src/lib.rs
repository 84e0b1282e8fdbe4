//! The Holdfast agent: owns every secret, timer and call to AWS.

pub mod caller;
pub mod dirs;
pub mod harden;
pub mod instance;
pub mod listener;
pub mod peer;
