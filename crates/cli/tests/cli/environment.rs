//! A home folder of its own, and `holdfast` run in an environment rebuilt from nothing.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A scratch home with everything that a run may touch.
pub(crate) struct Environment {
    folder: TempDir,
    path: String,
}

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    /// Exit status.
    pub(crate) status: i32,
    /// Standard output.
    pub(crate) stdout: String,
    /// Standard error.
    pub(crate) stderr: String,
}

impl Environment {
    /// An empty home, reached by a canonical path.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["home/.aws", "run", "bin", "program"] {
            fs::create_dir_all(folder.path().join(name)).unwrap();
        }
        // In a folder of its own, away from the other programs of the workspace, which it would find beside itself.
        let program = folder.path().join("program/holdfast");
        if fs::hard_link(BUILT, &program).is_err() {
            fs::copy(BUILT, &program).unwrap();
        }
        private(&folder.path().join("run"));
        Self {
            folder,
            path: std::env::var("PATH").unwrap(),
        }
    }

    /// The home folder.
    pub(crate) fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// A file or folder in the home folder.
    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.home().join(name)
    }

    /// Writes a file in the home folder.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.at(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    /// Reads a file in the home folder.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.at(name)).unwrap()
    }

    /// Names of the files in a folder of the home folder, sorted.
    pub(crate) fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.at(folder)).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// Where the agent is looked for.
    pub(crate) fn socket(&self) -> PathBuf {
        self.folder.path().join("run").join("agent.sock")
    }

    /// The program under test.
    pub(crate) fn executable(&self) -> PathBuf {
        self.folder.path().join("program/holdfast")
    }

    /// A folder at the front of the PATH.
    pub(crate) fn bin(&self) -> PathBuf {
        self.folder.path().join("bin")
    }

    /// Puts a folder at the front of the PATH.
    pub(crate) fn prefer(&mut self, folder: &Path) {
        self.path = format!("{}:{}", folder.display(), self.path);
    }

    /// Puts a program into [`Environment::bin`] that does nothing.
    pub(crate) fn install(&mut self, name: &str) -> PathBuf {
        let path = self.bin().join(name);
        fs::write(&path, "#!/bin/sh\nexit 0\n").unwrap();
        executable(&path);
        let bin = self.bin();
        self.prefer(&bin);
        path
    }

    /// A program in this environment and nothing else.
    pub(crate) fn program(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", &self.path)
            .env("HOME", self.home())
            .env("TZ", "UTC")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("HOLDFAST_SOCKET", self.socket())
            .current_dir(self.home())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// `holdfast` without a controlling terminal.
    pub(crate) fn holdfast(&self, arguments: &[&str]) -> Command {
        let mut command = self.program("setsid");
        command.arg("--wait").arg(self.executable()).args(arguments);
        command
    }

    /// Runs `holdfast` without a controlling terminal.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.holdfast(arguments).output().unwrap())
    }

    /// Runs `holdfast` with something on standard input.
    pub(crate) fn run_with_input(&self, arguments: &[&str], input: &str) -> Ran {
        let mut child = self
            .holdfast(arguments)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(input.as_bytes())
            .unwrap();
        Ran::of(child.wait_with_output().unwrap())
    }

    /// Replaces what differs from run to run.
    pub(crate) fn normalise(&self, text: &str) -> String {
        text.replace(&self.home().display().to_string(), "[HOME]")
            .replace(&self.folder.path().display().to_string(), "[TMP]")
    }
}

/// The program under test, where cargo built it.
const BUILT: &str = env!("CARGO_BIN_EXE_holdfast");

impl Ran {
    /// What a finished process left behind.
    pub(crate) fn of(output: Output) -> Self {
        Self {
            status: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Asserts success and returns standard output.
    #[track_caller]
    pub(crate) fn stdout(self) -> String {
        assert_eq!((self.status, self.stderr.as_str()), (0, ""), "{self:?}");
        self.stdout
    }

    /// Asserts a failure with exactly this exit status and standard error.
    #[track_caller]
    pub(crate) fn fails(self, status: i32, stderr: &str) {
        assert_eq!(
            (self.status, self.stderr.as_str()),
            (status, stderr),
            "{self:?}"
        );
    }
}

/// Makes a file executable.
pub(crate) fn executable(path: &Path) {
    set_mode(path, 0o755);
}

fn private(path: &Path) {
    set_mode(path, 0o700);
}

fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}
