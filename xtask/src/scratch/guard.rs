//! Ends the agent of a scratch home even when this program is interrupted or killed.
//!
//! The agent leaves its caller's session on purpose, so a Ctrl-C does not reach it. The guard does
//! not get it either, and notices that its owner is gone by the end of its input.

use super::{Process, Scratch};
use anyhow::Result;
use std::os::unix::process::CommandExt;
use std::process::Stdio;

const SCRIPT: &str = r#"cat >/dev/null; exec "$0" agent stop"#;

/// Waits for its owner's end.
pub(crate) struct Guard(Process);

impl Guard {
    /// Starts it.
    pub(crate) fn start(scratch: &Scratch) -> Result<Self> {
        let guard = Process::start(
            scratch
                .command("sh")
                .args(["-c", SCRIPT])
                .arg(scratch.program("holdfast"))
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .process_group(0),
        )?;
        Ok(Self(guard))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        drop(self.0.child().stdin.take());
        // It ends by itself now; a failure leaves it to the kill that follows.
        let _ = self.0.child().wait();
    }
}
