//! Helpers that store passwords, asked for what they hold of CodeCommit and told to forget it.
//!
//! Only helpers that are known to store are run; any other might make a password anew, which is none that was
//! stored, or ask the person (<https://git-scm.com/docs/gitcredentials#_avoiding_repetition>).

use crate::repository;
use std::io::{self, Read, Write};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long a helper may take before it counts as one that asks somebody.
const PATIENCE: Duration = Duration::from_secs(3);

/// How often it is looked whether it has ended.
const LOOK: Duration = Duration::from_millis(10);

/// Most bytes of an answer.
const LONGEST_ANSWER: u64 = 64 * 1024;

/// Names of helpers that store, as they stand in `credential.helper`.
const KNOWN: [&str; 8] = [
    "store",
    "cache",
    "osxkeychain",
    "libsecret",
    "gnome-keyring",
    "wincred",
    "manager",
    "manager-core",
];

/// A helper that stores passwords.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoringHelper {
    /// The value of `credential.helper`.
    value: String,
    name: &'static str,
}

/// Why a helper did not do what it was told.
#[derive(Debug, thiserror::Error)]
pub enum StoredError {
    /// It cannot be started.
    #[error("the credential helper {helper} cannot be run")]
    Run {
        /// Its name.
        helper: &'static str,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It does not end.
    #[error("the credential helper {helper} does not answer; it may be waiting for somebody")]
    Hung {
        /// Its name.
        helper: &'static str,
    },
    /// It was told and holds the password still.
    #[error("the credential helper {helper} keeps its password for {host}")]
    Kept {
        /// Its name.
        helper: &'static str,
        /// The host.
        host: String,
    },
}

impl StoringHelper {
    /// The helper of a configured value; nothing when it is none that is known to store.
    pub(crate) fn of(value: &str) -> Option<Self> {
        if value.starts_with('!') {
            return None;
        }
        let program = value.split_whitespace().next()?;
        let file = program.rsplit(['/', '\\']).next()?;
        let file = file.strip_suffix(".exe").unwrap_or(file);
        let file = file.strip_prefix("git-credential-").unwrap_or(file);
        let name = KNOWN.into_iter().find(|known| *known == file)?;
        Some(Self {
            value: value.to_owned(),
            name,
        })
    }

    /// Its name, for example `store`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Git runs it by a path, and not as one of its own commands.
    pub(crate) fn is_path(&self) -> bool {
        self.value.starts_with('/') || self.value.contains(":\\")
    }
}

/// Whether a helper holds a password for a host.
pub(crate) fn holds(helper: &StoringHelper, host: &str) -> Result<bool, StoredError> {
    let answer = run(helper, "get", host)?;
    Ok(answer.lines().any(|line| line.starts_with("password=")))
}

/// Tells a helper to forget what it holds for a host, and makes sure that it did.
pub(crate) fn forget(helper: &StoringHelper, host: &str) -> Result<(), StoredError> {
    run(helper, "erase", host)?;
    if holds(helper, host)? {
        return Err(StoredError::Kept {
            helper: helper.name,
            host: host.to_owned(),
        });
    }
    Ok(())
}

fn run(helper: &StoringHelper, operation: &str, host: &str) -> Result<String, StoredError> {
    let failed = |source| StoredError::Run {
        helper: helper.name,
        source,
    };
    let mut child = command(helper, operation).spawn().map_err(failed)?;
    if let Some(mut stdin) = child.stdin.take() {
        // A helper that does not read what it is told has ended by itself.
        let _ = stdin.write_all(format!("protocol=https\nhost={host}\n\n").as_bytes());
    }
    let reader = child.stdout.take().map(|stdout| {
        thread::spawn(move || {
            let mut answer = String::new();
            let _ = stdout.take(LONGEST_ANSWER).read_to_string(&mut answer);
            answer
        })
    });
    if !ends(&mut child).map_err(failed)? {
        let _ = child.kill();
        let _ = child.wait();
        return Err(StoredError::Hung {
            helper: helper.name,
        });
    }
    Ok(reader
        .and_then(|reader| reader.join().ok())
        .unwrap_or_default())
}

fn ends(child: &mut Child) -> io::Result<bool> {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        if child.try_wait()?.is_some() {
            return Ok(true);
        }
        thread::sleep(LOOK);
    }
    Ok(false)
}

/// The helper as git starts it, told to ask nobody.
fn command(helper: &StoringHelper, operation: &str) -> Command {
    let mut command = if helper.is_path() && cfg!(unix) {
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(format!("{} {operation}", helper.value));
        shell
    } else {
        let mut git = Command::new("git");
        // A repository may give the command another meaning where git has none for it.
        git.arg("-C").arg(repository::outside());
        let mut words = helper.value.split_whitespace();
        let name = words.next().unwrap_or_default();
        git.arg(format!("credential-{name}")).args(words);
        git.arg(operation);
        git
    };
    command
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GCM_INTERACTIVE", "never")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_helpers_that_store_are_asked() {
        for (value, expect) in [
            ("store", Some("store")),
            ("store --file /home/jo/c", Some("store")),
            ("cache --timeout=900", Some("cache")),
            (
                "/usr/lib/git-core/git-credential-libsecret",
                Some("libsecret"),
            ),
            ("osxkeychain", Some("osxkeychain")),
            ("manager", Some("manager")),
            (r"C:\git\git-credential-wincred.exe", Some("wincred")),
            ("!aws codecommit credential-helper $@", None),
            ("/opt/git-credential-holdfast", None),
            ("oauth", None),
            ("", None),
        ] {
            let helper = StoringHelper::of(value);
            assert_eq!(helper.as_ref().map(StoringHelper::name), expect, "{value}");
        }
    }
}
