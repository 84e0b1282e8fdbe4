//! A home of its own for a command: nothing in it is the person's, and nothing of it stays running.

mod guard;
mod http;
mod keychain;
mod process;
mod simulator;

pub(crate) use process::Process;
pub(crate) use simulator::{BLOG, BLOG_MANY, SSO, SSO_MANY, Scenario, Simulator, TEAM};

use crate::workspace;
use anyhow::{Context, Result};
use holdfast_testkit::desktop::Desktop;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Longest path of a folder for sockets that leaves room for their names.
const LONGEST_RUNTIME_DIR: usize = 70;

/// A home, a folder for sockets, and the environment of every program that is started in them.
pub(crate) struct Scratch {
    home: PathBuf,
    runtime: PathBuf,
    programs: PathBuf,
    variables: BTreeMap<OsString, OsString>,
    guard: Option<guard::Guard>,
    keychain: Option<keychain::Keychain>,
}

impl Scratch {
    /// A fresh home at `folder`; whatever was there is removed.
    pub(crate) fn new(folder: &Path, programs: &Path) -> Result<Self> {
        if folder.exists() {
            fs::remove_dir_all(folder)
                .with_context(|| format!("{} cannot be removed", folder.display()))?;
        }
        let home = folder.join("home");
        private_folder(&home)?;
        let runtime = runtime_dir(folder)?;
        let mut scratch = Self {
            home: home.clone(),
            runtime: runtime.clone(),
            programs: programs.to_path_buf(),
            variables: BTreeMap::new(),
            guard: None,
            keychain: None,
        };
        let mut path = OsString::from(programs);
        path.push(":");
        path.push(std::env::var_os("PATH").unwrap_or_default());
        scratch.set("PATH", path);
        scratch.set("HOME", &home);
        scratch.set("XDG_RUNTIME_DIR", &runtime);
        scratch.set("LANG", "C.UTF-8");
        // Git must not see the person's own settings, nor this repository around the home.
        scratch.set("GIT_CONFIG_NOSYSTEM", "1");
        scratch.set("GIT_CEILING_DIRECTORIES", &home);
        scratch.set("GIT_TERMINAL_PROMPT", "0");
        for name in ["TERM", "USER", "LOGNAME"] {
            if let Some(value) = std::env::var_os(name) {
                scratch.set(name, value);
            }
        }
        scratch.guard = Some(guard::Guard::start(&scratch)?);
        Ok(scratch)
    }

    /// The home folder.
    pub(crate) fn home(&self) -> &Path {
        &self.home
    }

    /// The folder of our programs.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.programs.join(workspace::executable(name))
    }

    /// The agent's socket.
    pub(crate) fn socket(&self) -> PathBuf {
        self.runtime.join("holdfast/agent.sock")
    }

    /// Writes a file of the home into a folder that is its owner's alone.
    pub(crate) fn write(&self, name: &str, text: &str) -> Result<()> {
        let path = self.home.join(name);
        private_folder(path.parent().unwrap_or(&self.home))?;
        fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))
    }

    /// Sets a variable for every program that is started from now on.
    pub(crate) fn set(&mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) {
        self.variables
            .insert(name.as_ref().into(), value.as_ref().into());
    }

    /// A program of ours, or one of the system's, in this home.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let own = Path::new(&self.programs).join(Path::new(&program));
        let mut command = if own.is_file() {
            Command::new(own)
        } else {
            Command::new(program)
        };
        command
            .env_clear()
            .envs(&self.variables)
            .current_dir(&self.home);
        command
    }

    /// The folder for sockets.
    pub(crate) fn runtime(&self) -> &Path {
        &self.runtime
    }

    /// Starts a program that ends with its owner, or with this program.
    pub(crate) fn start(&mut self, command: &mut Command) -> Result<Process> {
        let process = Process::start(command)?;
        self.watch(process.id())?;
        Ok(process)
    }

    /// Starts a command line as a person types it: on a terminal of its own, which nobody looks at.
    pub(crate) fn type_line(&mut self, line: &str) -> Result<Process> {
        let mut command = self.command("env");
        command
            // Whoever runs this under `nohup` would have git outlive its terminal, and wait on.
            .args(["--default-signal=HUP", "script"])
            .args(["--quiet", "--return", "--command", line, "/dev/null"])
            // Where git may not ask, nobody counts as being there, and no popup comes.
            .env("GIT_TERMINAL_PROMPT", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        self.start(&mut command)
    }

    /// Runs a program to its end; what it says is part of the error when it fails.
    pub(crate) fn run(&self, program: &str, arguments: &[&str]) -> Result<()> {
        crate::process::capture(self.command(program).args(arguments)).map(|_| ())
    }

    /// Starts a D-Bus session with a keychain in it, which nobody else sees.
    pub(crate) fn start_keychain(&mut self) -> Result<()> {
        let keychain = keychain::Keychain::start(self)?;
        self.set("DBUS_SESSION_BUS_ADDRESS", keychain.address());
        self.keychain = Some(keychain);
        Ok(())
    }

    /// Makes sure that a process ends when this program cannot end it.
    pub(crate) fn watch(&mut self, pid: u32) -> Result<()> {
        self.guard.as_mut().map_or(Ok(()), |guard| guard.watch(pid))
    }

    /// Puts every program onto a desktop, whose keychain is theirs, and which ends with this program.
    pub(crate) fn move_to(&mut self, desktop: &Desktop) -> Result<()> {
        for (name, value) in desktop.variables() {
            self.set(name, value);
        }
        let mut pids = desktop.pids().into_iter();
        pids.try_for_each(|pid| self.watch(pid))
    }

    /// Starts the simulated AWS and makes every program reach it.
    pub(crate) fn start_simulator(&mut self, scenario: Scenario) -> Result<Simulator> {
        let simulator = Simulator::start(self, scenario)?;
        for (name, value) in simulator.environment()? {
            self.set(name, value);
        }
        Ok(simulator)
    }

    /// Ends the agent of this home, when one runs.
    pub(crate) fn stop_agent(&self) {
        if self.socket().exists() {
            // An agent that does not answer has ended already.
            let _ = self.command("holdfast").args(["agent", "stop"]).output();
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        self.guard = None;
        self.keychain = None;
        // What is left there is sockets of programs that have ended.
        let _ = fs::remove_dir_all(&self.runtime);
    }
}

/// A folder that is its owner's alone.
fn private_folder(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)
        .and_then(|()| fs::set_permissions(folder, fs::Permissions::from_mode(0o700)))
        .with_context(|| format!("{} cannot be made", folder.display()))
}

/// A private folder whose path is short enough for sockets.
fn runtime_dir(folder: &Path) -> Result<PathBuf> {
    let near = folder.join("run");
    let runtime = if near.as_os_str().len() <= LONGEST_RUNTIME_DIR {
        near
    } else {
        std::env::temp_dir().join(format!("holdfast-{}", std::process::id()))
    };
    private_folder(&runtime)?;
    Ok(runtime)
}
