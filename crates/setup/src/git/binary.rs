//! The git on the PATH: its version, and its configuration read and changed by itself.

use crate::error::{Result, SetupError};
use std::ffi::OsStr;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// One line of a configuration: the key with section and name in lower case, and the value.
/// A key without `=` has the value `true`, as git reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// For example `credential.https://git-codecommit.*.amazonaws.com.usehttppath`.
    pub key: String,
    /// The value.
    pub value: String,
}

/// An entry and where it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sourced {
    /// The entry.
    pub entry: Entry,
    /// As git names it, for example `file:/home/mary/.gitconfig` or `command line:`.
    pub origin: String,
}

/// Version of git, as far as decisions need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    major: u32,
    minor: u32,
    patch: u32,
}

impl Version {
    /// `http.<url>.proactiveAuth` came with 2.46
    /// (<https://git-scm.com/docs/git-config#Documentation/git-config.txt-httpproactiveAuth>).
    pub fn knows_proactive_auth(self) -> bool {
        (self.major, self.minor) >= (2, 46)
    }

    /// Major, minor and patch version.
    pub fn numbers(self) -> (u32, u32, u32) {
        (self.major, self.minor, self.patch)
    }

    /// From what `git --version` prints, such as `git version 2.39.5 (Apple Git-154)`.
    pub fn parse(text: &str) -> Option<Self> {
        let word = text
            .strip_prefix("git version ")?
            .split_whitespace()
            .next()?;
        let mut numbers = word.split('.').map_while(|part| part.parse().ok());
        Some(Self {
            major: numbers.next()?,
            minor: numbers.next()?,
            patch: numbers.next().unwrap_or(0),
        })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// The git on the PATH.
pub struct Git {
    /// Its version.
    pub version: Version,
    /// Where it is run; `None` is this program's working folder.
    folder: Option<PathBuf>,
}

impl Git {
    /// Asks the git on the PATH for its version.
    ///
    /// # Errors
    /// When there is none, it cannot be run, or it does not tell its version.
    pub fn find() -> Result<Self> {
        Self::seen_from(None)
    }

    /// The same, as it sees its configuration from another folder than this program's working folder.
    ///
    /// # Errors
    /// As for [`Git::find`], and when there is no such folder.
    pub fn seen_from(folder: Option<&Path>) -> Result<Self> {
        let text = stdout(folder, ["--version"])?;
        match Version::parse(text.trim()) {
            Some(version) => Ok(Self {
                version,
                folder: folder.map(Path::to_owned),
            }),
            None => Err(SetupError::GitVersionUnknown),
        }
    }

    /// Every entry of one file, in its order. A file that is not there has none.
    pub(crate) fn entries(&self, file: &Path) -> Result<Vec<Entry>> {
        if !file.exists() {
            return Ok(Vec::new());
        }
        let arguments = ["config", "--list", "-z", "--file"].map(OsStr::new);
        let text = self.stdout(arguments.into_iter().chain([file.as_os_str()]))?;
        Ok(text.split_terminator('\0').map(entry).collect())
    }

    /// Every entry that git sees from its folder, in the order in which they take effect.
    ///
    /// # Errors
    /// When git cannot read its configuration.
    pub fn effective_entries(&self) -> Result<Vec<Sourced>> {
        let text = self.stdout(["config", "--list", "--show-origin", "-z"])?;
        let mut fields = text.split_terminator('\0');
        let mut entries = Vec::new();
        while let (Some(origin), Some(line)) = (fields.next(), fields.next()) {
            entries.push(Sourced {
                entry: entry(line),
                origin: origin.to_owned(),
            });
        }
        Ok(entries)
    }

    /// The value that git uses for a URL, for example of `http.proactiveAuth`.
    pub(crate) fn value_for_url(&self, key: &str, url: &str) -> Result<Option<String>> {
        let output = run(
            self.folder.as_deref(),
            ["config", "--get-urlmatch", key, url],
        )?;
        let text = String::from_utf8_lossy(&output.stdout);
        Ok(output
            .status
            .success()
            .then(|| text.trim_end_matches('\n').to_owned()))
    }

    /// Where git looks for its own programs.
    pub(crate) fn exec_path(&self) -> Result<PathBuf> {
        let text = self.stdout(["--exec-path"])?;
        Ok(PathBuf::from(text.trim_end_matches(['\n', '\r'])))
    }

    /// Adds a value behind those that a key has.
    pub(crate) fn add(&self, file: &Path, key: &str, value: &str) -> Result {
        self.change(file, &["--add", key, value])
    }

    /// Removes the values of a key that are exactly this one. There has to be one.
    pub(crate) fn remove(&self, file: &Path, key: &str, value: &str) -> Result {
        let pattern = format!("^{}$", escape_extended_regex(value));
        self.change(file, &["--unset-all", key, &pattern])
    }

    /// Path of the configuration file of the repository around the folder.
    pub(crate) fn local_file(&self) -> Result<PathBuf> {
        let folder = self.folder.as_deref();
        let output = run(folder, ["rev-parse", "--git-path", "config"])?;
        if !output.status.success() {
            return Err(SetupError::NoRepository);
        }
        let text = String::from_utf8_lossy(&output.stdout);
        let path = text.trim_end_matches(['\n', '\r']);
        let path = folder.unwrap_or(Path::new("")).join(path);
        std::path::absolute(path).map_err(|source| SetupError::NoWorkingFolder { source })
    }

    fn change(&self, file: &Path, arguments: &[&str]) -> Result {
        let head = [OsStr::new("config"), OsStr::new("--file"), file.as_os_str()];
        let arguments = arguments.iter().map(OsStr::new);
        self.stdout(head.into_iter().chain(arguments)).map(drop)
    }

    fn stdout<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Result<String> {
        stdout(self.folder.as_deref(), arguments)
    }
}

fn stdout<S: AsRef<OsStr>>(
    folder: Option<&Path>,
    arguments: impl IntoIterator<Item = S>,
) -> Result<String> {
    let output = run(folder, arguments)?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(SetupError::Git {
        said: said.trim().trim_start_matches("fatal: ").to_owned(),
    })
}

fn run<S: AsRef<OsStr>>(
    folder: Option<&Path>,
    arguments: impl IntoIterator<Item = S>,
) -> Result<Output> {
    let mut command = Command::new("git");
    if let Some(folder) = folder {
        command.arg("-C").arg(folder);
    }
    command.args(arguments).stdin(Stdio::null());
    // Messages are shown as git says them, and some are recognised.
    command.env("LC_ALL", "C");
    command.output().map_err(|source| {
        if source.kind() == io::ErrorKind::NotFound {
            SetupError::GitMissing
        } else {
            SetupError::GitCannotRun { source }
        }
    })
}

fn entry(line: &str) -> Entry {
    let (key, value) = line.split_once('\n').unwrap_or((line, "true"));
    Entry {
        key: key.to_owned(),
        value: value.to_owned(),
    }
}

/// Escapes what POSIX extended regular expressions give a meaning; git's own `--fixed-value` came with 2.30.
fn escape_extended_regex(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if ".[]{}()\\*+?|^$".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_every_distributor_are_understood() {
        for (text, expect) in [
            ("git version 2.47.3", Some("2.47.3")),
            ("git version 2.39.5 (Apple Git-154)", Some("2.39.5")),
            ("git version 2.47.1.windows.2", Some("2.47.1")),
            ("git version 2.50.0.rc1", Some("2.50.0")),
            ("git version 2.46", Some("2.46.0")),
            ("hg 6.1", None),
        ] {
            let version = Version::parse(text).map(|version| version.to_string());
            assert_eq!(version.as_deref(), expect, "{text}");
        }
    }

    #[test]
    fn proactive_auth_starts_with_2_46() {
        for (text, expect) in [("2.45.9", false), ("2.46.0", true), ("3.0.0", true)] {
            let version = Version::parse(&format!("git version {text}")).unwrap();
            assert_eq!(version.knows_proactive_auth(), expect, "{text}");
        }
    }
}
