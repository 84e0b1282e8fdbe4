//! The git configuration file that is changed: found as git finds it, replaced under git's own lock.
//!
//! A change is prepared by git on a copy, shown, and put in place at once, so that a failure half-way or a question
//! answered with no leaves nothing behind.

use crate::error::{Result, SetupError};
use crate::git::binary::Git;
use jiff::Timestamp;
use std::env;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Which git configuration file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// The user's, which `git config --global` writes.
    #[default]
    Global,
    /// That of the repository around the working folder.
    Local,
}

/// A git configuration file.
pub(crate) struct ConfigFile {
    /// As the person knows it.
    pub(crate) path: PathBuf,
    /// Behind symbolic links.
    target: PathBuf,
    /// What it holds; `None` when it is not there.
    pub(crate) before: Option<Vec<u8>>,
}

/// A copy of the file that git may change.
pub(crate) struct Scratch {
    _folder: tempfile::TempDir,
    /// The copy.
    pub(crate) path: PathBuf,
}

impl ConfigFile {
    /// Finds and reads the file of a scope.
    pub(crate) fn open(git: &Git, scope: Scope) -> Result<Self> {
        let path = match scope {
            Scope::Global => global_file()?,
            Scope::Local => git.local_file()?,
        };
        let target = path.canonicalize().unwrap_or_else(|_| path.clone());
        let before = match fs::read(&target) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(cannot("read", &path, error)),
        };
        Ok(Self {
            path,
            target,
            before,
        })
    }

    /// A copy for git to change.
    pub(crate) fn scratch(&self) -> Result<Scratch> {
        Scratch::with(self.before_bytes())
    }

    /// The file's bytes, to show.
    pub(crate) fn before_bytes(&self) -> &[u8] {
        self.before.as_deref().unwrap_or_default()
    }

    /// Replaces the file and keeps what it held beside it. Returns the path of the backup.
    pub(crate) fn replace(&self, after: &[u8]) -> Result<Option<PathBuf>> {
        if let Some(folder) = self.target.parent() {
            fs::create_dir_all(folder).map_err(|error| cannot("write", &self.path, error))?;
        }
        let lock = Lock::take(&self.target, &self.path)?;
        self.check_unchanged()?;
        let backup = match &self.before {
            None => None,
            Some(before) => Some(self.back_up(before)?),
        };
        lock.commit(&self.target, after)
            .map_err(|error| cannot("write", &self.path, error))?;
        Ok(backup)
    }

    /// Puts back a file that `git setup` changed: byte for byte what a backup holds where nothing else has changed.
    /// `undo` takes our sections out of a file's bytes.
    pub(crate) fn restore(&self, undo: impl Fn(&[u8]) -> Result<Vec<u8>>) -> Result {
        let undone = undo(self.before_bytes())?;
        let mut originals = Vec::new();
        let mut undone_backups = Vec::new();
        for path in self.backups() {
            let held = fs::read(&path).map_err(|error| cannot("read", &path, error))?;
            let without = undo(&held)?;
            if without == held {
                originals.push(held);
            }
            undone_backups.push((path, without));
        }
        let original = originals
            .iter()
            .find(|original| is_but_for_its_end(original, &undone));
        let after = original.unwrap_or(&undone);

        let lock = Lock::take(&self.target, &self.path)?;
        self.check_unchanged()?;
        let written = if originals.is_empty() && undone.is_empty() {
            // There was no file before the set-up, which would have kept a backup of it.
            fs::remove_file(&self.target)
        } else {
            lock.commit(&self.target, after)
        };
        written.map_err(|error| cannot("write", &self.path, error))?;
        for (path, without) in undone_backups {
            if is_but_for_its_end(&without, after) {
                // It holds nothing that the file does not; where it cannot be removed it does no harm.
                let _ = fs::remove_file(path);
            }
        }
        Ok(())
    }

    fn check_unchanged(&self) -> Result {
        let now = match fs::read(&self.target) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(cannot("read", &self.path, error)),
        };
        if now == self.before {
            return Ok(());
        }
        Err(SetupError::Changed {
            path: self.path.clone(),
        })
    }

    fn back_up(&self, bytes: &[u8]) -> Result<PathBuf> {
        let mut name = self.backup_prefix();
        name.push(Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string());
        let path = self.target.with_file_name(name);
        write_private(&path, bytes).map_err(|error| cannot("write", &path, error))?;
        Ok(path)
    }

    /// Backups of this file, the latest first.
    fn backups(&self) -> Vec<PathBuf> {
        let prefix = self.backup_prefix();
        let folder = self.target.parent().unwrap_or(Path::new("."));
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut backups: Vec<PathBuf> = entries
            .map(|entry| entry.path())
            .filter(|path| {
                path.file_name().is_some_and(|name| {
                    name.as_encoded_bytes()
                        .starts_with(prefix.as_encoded_bytes())
                })
            })
            .collect();
        backups.sort_unstable_by(|a, b| b.cmp(a));
        backups
    }

    fn backup_prefix(&self) -> OsString {
        let mut name = self.target.file_name().unwrap_or_default().to_owned();
        name.push(".holdfast-backup-");
        name
    }
}

impl Scratch {
    /// A copy with these bytes.
    pub(crate) fn with(bytes: &[u8]) -> Result<Self> {
        let failed = |source| SetupError::Scratch {
            action: "written",
            source,
        };
        let folder = tempfile::tempdir().map_err(failed)?;
        let path = folder.path().join("config");
        fs::write(&path, bytes).map_err(failed)?;
        Ok(Self {
            _folder: folder,
            path,
        })
    }

    /// What git made of the copy.
    pub(crate) fn bytes(&self) -> Result<Vec<u8>> {
        fs::read(&self.path).map_err(|source| SetupError::Scratch {
            action: "read",
            source,
        })
    }
}

/// `<file>.lock`, which git itself takes before it changes a configuration file; removed when dropped.
struct Lock {
    path: PathBuf,
    file: Option<File>,
}

impl Lock {
    fn take(target: &Path, shown: &Path) -> Result<Self> {
        let mut name = target.file_name().unwrap_or_default().to_owned();
        name.push(".lock");
        let path = target.with_file_name(name);
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(file) => Ok(Self {
                path,
                file: Some(file),
            }),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(SetupError::Busy {
                path: shown.to_owned(),
                lock: path,
            }),
            Err(error) => Err(cannot("write", shown, error)),
        }
    }

    fn commit(mut self, target: &Path, bytes: &[u8]) -> io::Result<()> {
        if let Some(mut file) = self.file.take() {
            if let Ok(metadata) = fs::metadata(target) {
                file.set_permissions(metadata.permissions())?;
            }
            file.write_all(bytes)?;
            file.sync_all()?;
        }
        fs::rename(&self.path, target)?;
        self.path.clear();
        Ok(())
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if !self.path.as_os_str().is_empty() {
            // A lock that cannot be removed is reported by whoever meets it.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// The file that `git config --global` writes to
/// (<https://git-scm.com/docs/git-config#FILES>).
fn global_file() -> Result<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
    if let Some(path) = set("GIT_CONFIG_GLOBAL") {
        return std::path::absolute(&path).map_err(|error| cannot("find", Path::new(&path), error));
    }
    let home = set("HOME").map(PathBuf::from).or_else(env::home_dir);
    let in_home = home.as_ref().map(|home| home.join(".gitconfig"));
    let in_xdg = set("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .or_else(|| home.as_ref().map(|home| home.join(".config")))
        .map(|folder| folder.join("git").join("config"));
    match (in_home, in_xdg) {
        (Some(in_home), Some(in_xdg)) if !in_home.exists() && in_xdg.exists() => Ok(in_xdg),
        (Some(in_home), _) => Ok(in_home),
        (None, _) => Err(SetupError::NoGitHome),
    }
}

/// Git ends the last line of a file before it adds a section, and takes the empty lines in front of one away with it.
fn is_but_for_its_end(original: &[u8], undone: &[u8]) -> bool {
    original.trim_ascii_end() == undone.trim_ascii_end()
}

fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn cannot(action: &'static str, path: &Path, source: io::Error) -> SetupError {
    SetupError::file(action, path)(source)
}
