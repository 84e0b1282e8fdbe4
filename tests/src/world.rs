//! A person's machine in a test: a home, a keychain, a simulated AWS and the programs under test.

use crate::process::{self, Ran, aws_cli, run};
use holdfast_aws_sim::{Scenario, Sim, blog};
use holdfast_testkit::{Keyring, ScratchHome, SessionBus, wait_until};
use serde_json::Value;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Names the folder with the programs to test; without it they are looked for beside the tests.
const BIN_DIR: &str = "HOLDFAST_BIN_DIR";

/// One machine with one person at it. Everything ends with it.
pub struct World {
    /// AWS.
    pub sim: Sim,
    /// The person's home.
    pub home: ScratchHome,
    /// What keeps secrets; `None` when it is the agent's memory, or a whole desktop around this world.
    pub desktop: Option<Desktop>,
    variables: Vec<(OsString, OsString)>,
    /// Codes that were typed; AWS takes none twice.
    typed: RefCell<BTreeSet<String>>,
}

/// The part of a desktop that keeps secrets.
pub struct Desktop {
    /// The keyring, when it has come up.
    pub keyring: Option<Keyring>,
    /// The bus that it is on.
    pub bus: SessionBus,
}

impl World {
    /// The blog's scenario, plaintext keys in `~/.aws/credentials`, and a real GNOME Keyring.
    pub fn new() -> Self {
        Self::without_keyring().keyring_starts()
    }

    /// The same on a desktop without a keyring.
    pub fn without_keyring() -> Self {
        Self::on_bus(Scenario::blog())
    }

    /// Another scenario with a real GNOME Keyring.
    pub fn with_keyring(scenario: Scenario) -> Self {
        Self::on_bus(scenario).keyring_starts()
    }

    fn on_bus(scenario: Scenario) -> Self {
        let mut world = Self::bare(scenario);
        let bus = SessionBus::start(&world.home);
        world
            .variables
            .push(("DBUS_SESSION_BUS_ADDRESS".into(), bus.address().into()));
        world.desktop = Some(Desktop { keyring: None, bus });
        world
    }

    /// The blog's scenario without a desktop: sessions live in the agent's memory, and keys in the file.
    pub fn in_memory() -> Self {
        Self::of(Scenario::blog())
    }

    /// Another scenario without a desktop.
    pub fn of(scenario: Scenario) -> Self {
        Self::bare(scenario).with("HOLDFAST_KEYCHAIN", "memory")
    }

    /// Another scenario on a desktop that the caller keeps, which these variables lead to.
    pub fn on_desktop(
        scenario: Scenario,
        variables: impl IntoIterator<Item = (&'static str, OsString)>,
    ) -> Self {
        let mut world = Self::bare(scenario);
        let variables = variables.into_iter();
        let variables = variables.map(|(name, value)| (name.into(), value));
        world.variables.extend(variables);
        world
    }

    fn bare(scenario: Scenario) -> Self {
        // Fails before there is anything to be ended.
        bin_dir();
        let sim = Sim::start(scenario).unwrap();
        let home = ScratchHome::new();
        sim.write_aws_files(&home.path().join(".aws")).unwrap();
        Self {
            sim,
            home,
            desktop: None,
            variables: Vec::new(),
            typed: RefCell::default(),
        }
    }

    /// The keyring of the desktop comes up.
    pub fn keyring_starts(mut self) -> Self {
        self.start_keyring();
        self
    }

    /// The keyring of the desktop comes up.
    pub fn start_keyring(&mut self) {
        let desktop = self.desktop.as_mut().unwrap();
        desktop.keyring = Some(Keyring::start(&self.home, &desktop.bus));
    }

    /// Sets a variable for every program.
    pub fn with(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.variables.push((name.into(), value.as_ref().into()));
        self
    }

    /// A program in this home with an environment made from nothing, and without a terminal.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        // Tests that are run by hand have a terminal; only a session of its own has none for sure.
        let mut command = self.home.command("setsid");
        command.arg(program);
        self.surround(&mut command);
        command
    }

    /// The same on a terminal of its own, as `command` of a shell.
    pub fn on_terminal(&self, line: &str) -> Command {
        let mut command = self.home.command("script");
        command.args(["--quiet", "--return", "--command", line, "/dev/null"]);
        self.surround(&mut command);
        command
    }

    /// A line in the shell of a fresh terminal, in which nothing is set but `PATH`, home, and the way to the simulated
    /// AWS that stands in for the network.
    pub fn clean_shell(&self, path: &str, line: &str) -> Command {
        let mut shell = Command::new("setsid");
        shell
            .args(["sh", "-c", line])
            .current_dir(self.home.path())
            .env_clear()
            .env("PATH", path)
            .env("HOME", self.home.path())
            .env("XDG_RUNTIME_DIR", self.home.runtime_dir())
            .envs(self.sim.env());
        shell
    }

    /// Gives a program what every program of this world sees.
    pub fn surround(&self, command: &mut Command) {
        let mut path = bin_dir().into_os_string();
        path.push(":");
        path.push(std::env::var_os("PATH").unwrap_or_default());
        command
            .env("PATH", path)
            .env("TERM", "xterm")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_AUTHOR_NAME", "Jo")
            .env("GIT_AUTHOR_EMAIL", "jo@example.com")
            .env("GIT_COMMITTER_NAME", "Jo")
            .env("GIT_COMMITTER_EMAIL", "jo@example.com")
            .envs(self.sim.env())
            .envs(self.variables.iter().map(|(name, value)| (name, value)));
    }

    /// `holdfast` with these arguments.
    #[track_caller]
    pub fn holdfast(&self, arguments: &[&str]) -> Ran {
        run(self.command(program("holdfast")).args(arguments))
    }

    /// The git on the path with these arguments.
    #[track_caller]
    pub fn git(&self, arguments: &[&str]) -> Ran {
        run(self.command("git").args(arguments))
    }

    /// `git ls-remote` of the repository: the smallest command that needs a password.
    #[track_caller]
    pub fn ls_remote(&self) -> Ran {
        self.git(&["ls-remote", blog::CLONE_URL])
    }

    /// The AWS CLI with these arguments.
    #[track_caller]
    pub fn aws(&self, arguments: &[&str]) -> Ran {
        run(self.command(aws_cli()).args(arguments))
    }

    /// The helper's `get` for the repository.
    #[track_caller]
    pub fn helper_get(&self) -> Ran {
        let mut command = self.command(program("git-credential-holdfast"));
        process::run_with_input(command.arg("get"), GET)
    }

    /// A code that the device shows and that was not typed before.
    pub fn code(&self) -> String {
        self.code_of(blog::MFA_SERIAL)
    }

    /// The same of another device.
    pub fn code_of(&self, serial: &str) -> String {
        let shown = [self.sim.totp_now(serial), self.sim.totp_next(serial)];
        let fresh = shown
            .into_iter()
            .flatten()
            .find(|code| !self.typed.borrow().contains(code));
        let code = fresh.expect("two codes can be typed in 30 seconds");
        self.typed.borrow_mut().insert(code.clone());
        code
    }

    /// Signs in with one code.
    #[track_caller]
    pub fn login(&self) -> Ran {
        let code = self.code();
        self.holdfast(&["login", blog::ROLE_PROFILE, "--code", &code])
    }

    /// Makes Holdfast git's helper for CodeCommit.
    #[track_caller]
    pub fn git_setup(&self) {
        self.holdfast(&["git", "setup", "--global", "--yes"]).ok();
    }

    /// Signed in, and git set up.
    pub fn signed_in(self) -> Self {
        self.login().ok();
        self.git_setup();
        self
    }

    /// `holdfast status --json`.
    #[track_caller]
    pub fn status(&self) -> Value {
        self.holdfast(&["status", "--json"]).ok().json()
    }

    /// Process id of the agent, if it runs.
    pub fn agent_pid(&self) -> Option<u32> {
        let told = self.holdfast(&["agent", "status", "--json"]);
        u32::try_from(told.json()["pid"].as_u64()?).ok()
    }

    /// Ends the agent as a crash would, and waits until it is gone.
    #[track_caller]
    pub fn kill_agent(&self) {
        let pid = self.agent_pid().expect("the agent runs");
        signal(pid, rustix::process::Signal::KILL);
        wait_until("the agent is gone", || !is_alive(pid));
    }

    /// Adds text to a file of the home.
    pub fn append(&self, file: &str, text: &str) {
        let path = self.home.path().join(file);
        let old = std::fs::read_to_string(path).unwrap_or_default();
        self.home.write(file, old + text);
    }

    /// A path in the home.
    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// The agent's log.
    pub fn log(&self) -> String {
        let path = self.path(".local/state/holdfast/agent.log");
        std::fs::read_to_string(path).unwrap_or_default()
    }

    /// Calls that reached AWS for this operation.
    pub fn count(&self, operation: &str) -> usize {
        self.sim.calls().count(operation)
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for World {
    #[expect(clippy::print_stderr, reason = "the runner shows it with the failure")]
    fn drop(&mut self) {
        // A test that failed says so itself, and an agent that hangs must not hide it.
        let mut stop = self.command(program("holdfast"));
        let _ = stop.args(["agent", "stop"]).output();
        if std::thread::panicking() {
            eprintln!("--- agent.log\n{}", self.log());
        }
    }
}

/// What git asks for the repository.
pub const GET: &str = "capability[]=authtype\nprotocol=https\nhost=git-codecommit.us-east-1.amazonaws.com\npath=v1/repos/myRepository\n\n";

/// A program under test.
pub fn program(name: &str) -> PathBuf {
    bin_dir().join(name)
}

/// The folder of the programs under test.
///
/// # Panics
/// When they are not there, because then nothing would be tested.
pub fn bin_dir() -> PathBuf {
    let folder = match std::env::var_os(BIN_DIR) {
        Some(folder) => PathBuf::from(folder),
        None => beside_the_tests(),
    };
    for name in [
        "holdfast",
        "holdfast-agent",
        "git-credential-holdfast",
        "git-remote-codecommit",
    ] {
        assert!(
            folder.join(name).is_file(),
            "{name} is not in {}; run the tests with: cargo xtask test",
            folder.display()
        );
    }
    folder
}

/// `target/debug` of `target/debug/deps/end_to_end-…`.
fn beside_the_tests() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let folder = tests.parent().and_then(Path::parent);
    folder
        .expect("the tests are in target/debug/deps")
        .to_owned()
}

/// Whether a process exists and has not ended.
pub fn is_alive(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The state stands behind the name, which is in brackets and may hold anything.
    let state = stat
        .rsplit_once(") ")
        .and_then(|(_, rest)| rest.chars().next());
    state.is_some_and(|state| !matches!(state, 'Z' | 'X'))
}

/// Sends a signal to a process.
pub fn signal(pid: u32, signal: rustix::process::Signal) {
    let pid = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    rustix::process::kill_process(pid, signal).unwrap();
}
