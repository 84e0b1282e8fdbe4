//! A program in the background that ends with its owner.

use anyhow::{Context, Result};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

/// How long a program may take to end when asked to.
const PATIENCE: Duration = Duration::from_secs(3);

/// A child that is told to end when this value goes away, and made to end when it does not.
pub(crate) struct Process {
    child: Child,
}

impl Process {
    /// Starts a program.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command
            .spawn()
            .with_context(|| format!("{name} did not start"))?;
        Ok(Self { child })
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The child, for its input and output.
    pub(crate) fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    fn end(&mut self) -> Result<()> {
        if self.child.try_wait()?.is_some() {
            return Ok(());
        }
        if let Ok(pid) = i32::try_from(self.child.id()) {
            kill(Pid::from_raw(pid), Signal::SIGTERM)?;
        }
        let give_up = Instant::now() + PATIENCE;
        while Instant::now() < give_up {
            if self.child.try_wait()?.is_some() {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(10));
        }
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Err(error) = self.end() {
            eprintln!("process {} could not be ended: {error}", self.child.id());
        }
    }
}
