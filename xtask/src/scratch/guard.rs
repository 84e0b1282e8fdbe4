//! Ends what a scratch home runs even when this program is interrupted or killed.
//!
//! The agent leaves its caller's session on purpose, and a signal to this program alone reaches none
//! of the others. The guard is in a group of its own, so no signal from the terminal reaches it, and
//! it notices that its owner is gone by the end of its input.

use super::{Process, Scratch};
use anyhow::{Context, Result};
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::process::Stdio;

/// Reads process ids; an empty line forgets them, because their owner ends them itself.
const SCRIPT: &str = r#"
pids=
while read -r line; do
  if [ -n "$line" ]; then pids="$line $pids"; else pids=; fi
done
"$0" agent stop
for pid in $pids; do kill "$pid"; done
"#;

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

    /// Makes it end this process when its owner cannot.
    pub(crate) fn watch(&mut self, pid: u32) -> Result<()> {
        self.tell(&pid.to_string())
    }

    fn tell(&mut self, line: &str) -> Result<()> {
        let stdin = self.0.child().stdin.as_mut();
        let stdin = stdin.context("the guard has no input")?;
        writeln!(stdin, "{line}").context("the guard has ended")
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // A guard that has ended has nothing left to forget.
        let _ = self.tell("");
        drop(self.0.child().stdin.take());
        // It ends by itself now; a failure leaves it to the kill that follows.
        let _ = self.0.child().wait();
    }
}
