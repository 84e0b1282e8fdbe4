//! The Holdfast agent: owns every secret, timer and call to AWS.

mod activity;
mod alarm;
pub mod caller;
pub mod controller;
pub mod dirs;
mod explain;
pub mod harden;
pub mod instance;
mod launcher;
pub mod listener;
mod log;
mod loopback;
pub mod peer;
mod portals;
mod profiles;
pub mod run;
mod stored;
mod vault;
