//! Real processes from end to end: Holdfast's programs, git, the AWS CLI and GNOME Keyring against a simulated AWS.
#![cfg(target_os = "linux")]

mod process;
mod terminal;
mod world;

mod concurrency;
mod faults_codes;
mod faults_network;
mod scenario;
