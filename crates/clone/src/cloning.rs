//! A clone that runs.

use crate::failure::CloneError;
use crate::place;
use crate::progress::Progress;
use crate::said::{self, Said};
use holdfast_codecommit::CloneCommand;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long git may take to clear up after it was told to end.
const CLEARING_UP: Duration = Duration::from_secs(5);

/// How often it is looked whether git has ended by then.
const LOOK: Duration = Duration::from_millis(20);

/// Where a clone is started from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surroundings {
    /// A terminal: git belongs to its foreground, so that Ctrl-C ends it too, and may ask there.
    Terminal,
    /// A window: git is in a group of its own and asks nobody.
    Window,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// It goes on.
    Progress(Progress),
    /// Git or the server said something else.
    Said(String),
}

/// What came within a time.
#[derive(Clone, Debug, PartialEq)]
pub enum Next {
    /// Something happened.
    Event(Event),
    /// Nothing yet.
    Nothing,
    /// Git has ended.
    End,
}

/// How a clone ended well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// The folder with the clone.
    pub folder: PathBuf,
}

/// A clone that runs. Dropping it ends it.
pub struct Cloning {
    git: Arc<Mutex<Git>>,
    folder: PathBuf,
    /// What was at the place before: nothing, or an empty folder.
    was_there: bool,
    events: Receiver<Event>,
    said: Said,
    ended: bool,
}

/// Ends a clone from elsewhere.
#[derive(Clone)]
pub struct Stop(Arc<Mutex<Git>>);

struct Git {
    child: Child,
    own_group: bool,
    stopped: bool,
}

impl Cloning {
    /// Starts git, after making sure that nothing of the person's is at `folder`.
    ///
    /// # Errors
    /// As for [`check_folder`], and [`CloneError::Git`].
    pub fn start(
        command: &CloneCommand,
        folder: &Path,
        surroundings: Surroundings,
    ) -> Result<Self, CloneError> {
        let was_there = place::look(folder)?;
        let mut git = git(command, folder);
        let own_group = surroundings == Surroundings::Window;
        if own_group {
            git.env("GIT_TERMINAL_PROMPT", "0");
            in_own_group(&mut git);
        }
        let mut child = git.spawn().map_err(CloneError::Git)?;
        let stderr = child.stderr.take();
        let (sender, events) = channel();
        // Ends with git's standard error.
        thread::Builder::new()
            .name("git clone".to_owned())
            .spawn(move || {
                let Some(stderr) = stderr else { return };
                let told = said::lines(stderr, |line| {
                    let event = Progress::read(&line).map_or(Event::Said(line), Event::Progress);
                    // Nobody listens to a clone that was dropped.
                    let _ = sender.send(event);
                });
                drop(told);
            })
            .map_err(CloneError::Git)?;
        Ok(Self {
            git: Arc::new(Mutex::new(Git {
                child,
                own_group,
                stopped: false,
            })),
            folder: folder.to_owned(),
            was_there,
            events,
            said: Said::default(),
            ended: false,
        })
    }

    /// What ends it from elsewhere.
    pub fn stop(&self) -> Stop {
        Stop(Arc::clone(&self.git))
    }

    /// The next thing that happens; nothing when git has ended.
    pub fn next_event(&mut self) -> Option<Event> {
        let event = self.events.recv().ok()?;
        self.note(&event);
        Some(event)
    }

    /// The same, for those who do not wait longer than this.
    pub fn next_event_within(&mut self, time: Duration) -> Next {
        match self.events.recv_timeout(time) {
            Ok(event) => {
                self.note(&event);
                Next::Event(event)
            }
            Err(RecvTimeoutError::Timeout) => Next::Nothing,
            Err(RecvTimeoutError::Disconnected) => Next::End,
        }
    }

    fn note(&mut self, event: &Event) {
        if let Event::Said(line) = event {
            self.said.add(line.clone());
        }
    }

    /// Waits for the end.
    ///
    /// # Errors
    /// Why there is no clone.
    pub fn finish(mut self) -> Result<Ending, CloneError> {
        while self.next_event().is_some() {}
        let status = self.lock().child.wait().map_err(CloneError::Git)?;
        self.ended = true;
        if status.success() {
            return Ok(Ending {
                folder: self.folder.clone(),
            });
        }
        let stopped = self.lock().stopped || was_interrupted(status);
        let error = match stopped {
            true => CloneError::Stopped,
            false => CloneError::from_git(&self.said, &self.folder),
        };
        place::clear(&self.folder, self.was_there);
        Err(error)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Git> {
        self.git.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Cloning {
    fn drop(&mut self) {
        if !self.ended {
            self.stop().now();
            let deadline = Instant::now() + CLEARING_UP;
            while Instant::now() < deadline && !matches!(self.lock().child.try_wait(), Ok(Some(_)))
            {
                // The pipe closes with the last of git's processes.
                if let Err(RecvTimeoutError::Disconnected) = self.events.recv_timeout(LOOK) {
                    thread::sleep(LOOK);
                }
            }
            let mut git = self.lock();
            let _ = git.child.kill();
            let _ = git.child.wait();
            drop(git);
            place::clear(&self.folder, self.was_there);
        }
    }
}

impl Stop {
    /// Tells git to end; it removes what it has written so far.
    pub fn now(&self) {
        let mut git = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !matches!(git.child.try_wait(), Ok(None)) {
            return;
        }
        git.stopped = true;
        let own_group = git.own_group;
        terminate(&mut git.child, own_group);
    }
}

fn git(command: &CloneCommand, folder: &Path) -> Command {
    let mut arguments = command.arguments().iter();
    let mut git = Command::new(arguments.next().map_or("git", String::as_str));
    git.args(arguments)
        .arg("--progress")
        .arg("--")
        .arg(folder)
        // What it says is read by this program.
        .env("LC_ALL", "C.UTF-8")
        .env_remove("LANGUAGE")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    if let Some(path) = path_with_own_programs() {
        git.env("PATH", path);
    }
    git
}

/// The folder of this program last: `git-remote-codecommit` is beside it, and may not be on the `PATH`.
fn path_with_own_programs() -> Option<OsString> {
    let own = std::env::current_exe().ok()?.parent()?.to_owned();
    let path = std::env::var_os("PATH")?;
    std::env::join_paths(std::env::split_paths(&path).chain([own])).ok()
}

#[cfg(unix)]
fn in_own_group(git: &mut Command) {
    std::os::unix::process::CommandExt::process_group(git, 0);
}

#[cfg(windows)]
fn in_own_group(_git: &mut Command) {}

/// Git and its children, where they have a group of their own; git itself tells its children otherwise.
#[cfg(unix)]
fn terminate(git: &mut Child, own_group: bool) {
    use rustix::process::{Pid, Signal, kill_process, kill_process_group};
    let Some(pid) = i32::try_from(git.id()).ok().and_then(Pid::from_raw) else {
        return;
    };
    // It may have ended by itself in this moment.
    let _ = if own_group {
        kill_process_group(pid, Signal::TERM)
    } else {
        kill_process(pid, Signal::TERM)
    };
}

#[cfg(windows)]
fn terminate(git: &mut Child, _own_group: bool) {
    let _ = git.kill();
}

/// Ctrl-C at a terminal reaches git as well.
#[cfg(unix)]
fn was_interrupted(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    status.signal() == Some(rustix::process::Signal::INT.as_raw())
}

#[cfg(windows)]
fn was_interrupted(_status: ExitStatus) -> bool {
    false
}
