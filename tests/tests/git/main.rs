//! Other people's programs for git against ours.
#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot do its part has failed"
)]

mod external_helper;
mod large_files;
