//! Sessions that come from IAM Identity Center and every other source, with real programs from end to end.
#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot do its part has failed"
)]

mod attacker;
mod beside_aws_cli;
mod discovery;
mod lost_answers;
mod mistakes;
mod network;
mod secrets;
mod sign_in;
mod sources;
mod staying;

use holdfast_tests::{person, process, world};
