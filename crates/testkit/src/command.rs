//! Programs that tests start: in an environment rebuilt from nothing, ended by their process id.

use std::env;
use std::ffi::OsStr;
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

/// A command that inherits nothing but the search path, and what Windows cannot do without.
pub fn clean_command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("LC_ALL", "C.UTF-8");
    for name in ["PATH", "SystemRoot", "ComSpec", "PATHEXT"] {
        if let Some(value) = env::var_os(name) {
            command.env(name, value);
        }
    }
    command
}

/// Longest that a test waits for something that another process does.
const PATIENCE: Duration = Duration::from_secs(20);

/// Waits for something that another process does; asks again every few milliseconds.
///
/// # Panics
/// When it has not happened after 20 seconds.
pub fn wait_until(what: &str, mut happened: impl FnMut() -> bool) {
    wait_for(what, || happened().then_some(()));
}

/// Waits for something that another process makes, and answers with it.
///
/// # Panics
/// When it is not there after 20 seconds.
pub fn wait_for<T>(what: &str, look: impl FnMut() -> Option<T>) -> T {
    wait_for_or(look, || panic!("{what}: not within 20 s"))
}

/// The same for those who can say more about what is there instead.
pub(crate) fn wait_for_or<T>(
    mut look: impl FnMut() -> Option<T>,
    give_up: impl FnOnce() -> T,
) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        if begun.elapsed() > PATIENCE {
            return give_up();
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// A program that runs beside the test and is ended with it.
#[derive(Debug)]
pub struct Running {
    name: String,
    child: Child,
}

impl Running {
    /// Starts a program.
    ///
    /// # Panics
    /// When it cannot be started, for example because its package is not installed.
    pub fn start(command: &mut Command) -> Self {
        let name = command.get_program().to_string_lossy().into_owned();
        match command.spawn() {
            Ok(child) => Self { name, child },
            Err(error) => panic!("{name} cannot be started: {error}"),
        }
    }

    /// The process, for its pipes and its id.
    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(Some(_)))
    }

    /// Ends it at once (`SIGKILL`) and waits until it is gone.
    ///
    /// # Panics
    /// When it cannot be waited for.
    pub fn kill(&mut self) {
        // Fails only when it has ended already.
        let _ = self.child.kill();
        if let Err(error) = self.child.wait() {
            panic!("{} cannot be waited for: {error}", self.name);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
