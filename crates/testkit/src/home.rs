//! A home of its own for a test, and commands that see only that.

use crate::command::clean_command;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// A new home folder, removed with the value.
#[derive(Debug)]
pub struct ScratchHome {
    folder: TempDir,
}

impl ScratchHome {
    /// A home with the usual folders in it, each open to its owner only.
    ///
    /// # Panics
    /// When the temporary folder cannot be written.
    pub fn new() -> Self {
        // A short prefix: socket addresses below it may have about 100 bytes.
        let folder = tempfile::Builder::new().prefix("hf-").tempdir();
        let home = Self {
            folder: folder.expect("the temporary folder can be written"),
        };
        for name in [
            ".aws",
            ".config",
            ".cache",
            ".local/share",
            ".local/state",
            "run",
            "tmp",
        ] {
            home.make_folder(name);
        }
        home
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// `XDG_RUNTIME_DIR` of commands in this home.
    pub fn runtime_dir(&self) -> PathBuf {
        self.path().join("run")
    }

    /// Writes `~/.aws/config`.
    pub fn aws_config(&self, text: &str) -> PathBuf {
        self.write(".aws/config", text)
    }

    /// Writes `~/.aws/credentials`.
    pub fn aws_credentials(&self, text: &str) -> PathBuf {
        self.write(".aws/credentials", text)
    }

    /// Writes a file that only its owner can read, and the folders above it.
    ///
    /// # Panics
    /// When that fails.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        if let Some(parent) = Path::new(name).parent() {
            self.make_folder(parent);
        }
        let written = fs::write(&path, content).and_then(|()| restrict(&path, 0o600));
        written.unwrap_or_else(|error| panic!("{} cannot be written: {error}", path.display()));
        path
    }

    /// A command that sees this home and nothing of the person's own environment.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = clean_command(program);
        let home = self.path();
        command
            .current_dir(home)
            .env("HOME", home)
            .env("USERPROFILE", home)
            .env("TMPDIR", home.join("tmp"))
            .env("XDG_RUNTIME_DIR", self.runtime_dir())
            .env("XDG_CONFIG_HOME", home.join(".config"))
            .env("XDG_CACHE_HOME", home.join(".cache"))
            .env("XDG_DATA_HOME", home.join(".local/share"))
            .env("XDG_STATE_HOME", home.join(".local/state"));
        command
    }

    fn make_folder(&self, name: impl AsRef<Path>) {
        let mut path = self.path().to_owned();
        for part in name.as_ref() {
            path.push(part);
            if path.is_dir() {
                continue;
            }
            let made = fs::create_dir(&path).and_then(|()| restrict(&path, 0o700));
            made.unwrap_or_else(|error| panic!("{} cannot be made: {error}", path.display()));
        }
    }
}

impl Default for ScratchHome {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(unix)]
fn restrict(path: &Path, mode: u32) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn restrict(_path: &Path, _mode: u32) -> std::io::Result<()> {
    Ok(())
}
