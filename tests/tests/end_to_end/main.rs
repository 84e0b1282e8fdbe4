//! Real processes from end to end: Holdfast's programs, git, the AWS CLI and GNOME Keyring against a simulated AWS.
#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot do its part has failed"
)]

mod desk;
mod terminal;

mod activity;
mod clone;
mod concurrency;
mod console;
mod faults_codes;
mod faults_files;
mod faults_network;
mod keychains;
mod other_user;
mod prompts;
mod remote;
mod renewal;
mod repositories;
mod scenario;
mod secrets;
mod settings;
mod which_profile;

use holdfast_tests::{process, world};
