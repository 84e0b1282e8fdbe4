//! The repository around the working folder: its remotes and submodules.

use holdfast_codecommit::{GitHost, RemoteUrl, RemoteUrlError};
use holdfast_setup::git::Sourced;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A remote with a URL that leads to CodeCommit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Remote {
    /// Key of git's configuration, for example `remote.origin.url`.
    pub(crate) key: String,
    /// The URL as it stands there.
    pub(crate) url: String,
    /// Where it stands, as git names it.
    pub(crate) origin: String,
    /// What the URL says.
    pub(crate) target: Target,
}

/// What a URL says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// `https://host/…`, or `http`.
    Web {
        scheme: String,
        user: Option<String>,
        host: GitHost,
    },
    /// `codecommit://…` or `codecommit::region://…`.
    RemoteHelper(RemoteUrl),
    /// Meant to be one of these.
    Malformed(RemoteUrlError),
}

/// Why the repository was not changed.
#[derive(Debug, thiserror::Error)]
pub enum RepositoryError {
    /// Git cannot be run.
    #[error("git cannot be run")]
    Git(#[source] io::Error),
    /// The value is another one by now, or cannot be written.
    #[error("{key} was not changed: {said}")]
    Unchanged {
        /// Key of git's configuration.
        key: String,
        /// What git said.
        said: String,
    },
}

/// The remotes that lead to CodeCommit, out of everything that git sees from the working folder.
pub(crate) fn remotes(entries: &[Sourced]) -> Vec<Remote> {
    let of_remote = |key: &str| {
        key.starts_with("remote.") && (key.ends_with(".url") || key.ends_with(".pushurl"))
    };
    entries
        .iter()
        .filter(|sourced| of_remote(&sourced.entry.key))
        .filter_map(|sourced| {
            Some(Remote {
                key: sourced.entry.key.clone(),
                url: sourced.entry.value.clone(),
                origin: sourced.origin.clone(),
                target: Target::of(&sourced.entry.value)?,
            })
        })
        .collect()
}

impl Target {
    /// What a URL says; nothing when it leads elsewhere.
    pub(crate) fn of(url: &str) -> Option<Self> {
        if let Some(parsed) = RemoteUrl::parse(url) {
            return Some(parsed.map_or_else(Self::Malformed, Self::RemoteHelper));
        }
        let (scheme, rest) = url.split_once("://")?;
        if !matches!(scheme, "https" | "http") {
            return None;
        }
        let authority = rest.split('/').next()?;
        let (user, host) = match authority.rsplit_once('@') {
            Some((user, host)) => (Some(user.to_owned()), host),
            None => (None, authority),
        };
        Some(Self::Web {
            scheme: scheme.to_owned(),
            user,
            host: GitHost::parse(host).ok()?,
        })
    }
}

/// URLs of the submodules of the repository around the working folder.
pub(crate) fn submodule_urls(folder: &Path) -> Vec<String> {
    let Some(top) = top(folder) else {
        return Vec::new();
    };
    let file = top.join(".gitmodules");
    let arguments = ["config", "--file"].map(Into::into);
    let more = ["--get-regexp", r"^submodule\..*\.url$"].map(Into::into);
    let output = git(
        folder,
        arguments
            .into_iter()
            .chain([file.into_os_string()])
            .chain(more),
    );
    let text = output.map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&text)
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(_, url)| url.to_owned())
        .collect()
}

/// A folder that no repository is around: the one above all others.
pub fn outside() -> PathBuf {
    let folder = std::env::temp_dir();
    folder
        .ancestors()
        .last()
        .map(Path::to_owned)
        .unwrap_or(folder)
}

/// The top folder of the repository around a folder.
pub fn top(folder: &Path) -> Option<PathBuf> {
    let arguments = ["rev-parse", "--show-toplevel"].map(Into::into);
    let output = git(folder, arguments)
        .ok()
        .filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(PathBuf::from(text.trim_end_matches(['\n', '\r'])))
}

/// Makes sure that a value is exactly this one.
pub(crate) fn check(repository: &Path, key: &str, value: &str) -> Result<(), RepositoryError> {
    let now = git(repository, ["config", "--get-all", key].map(Into::into))?;
    let now = String::from_utf8_lossy(&now.stdout);
    if now.lines().collect::<Vec<_>>() == [value] {
        return Ok(());
    }
    Err(RepositoryError::Unchanged {
        key: key.to_owned(),
        said: "it has another value by now".to_owned(),
    })
}

/// Changes a value that is exactly `from`.
pub(crate) fn change(
    repository: &Path,
    key: &str,
    from: &str,
    to: &str,
) -> Result<(), RepositoryError> {
    check(repository, key, from)?;
    let output = git(repository, ["config", key, to].map(Into::into))?;
    if output.status.success() {
        return Ok(());
    }
    Err(RepositoryError::Unchanged {
        key: key.to_owned(),
        said: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
    })
}

fn git(
    folder: &Path,
    arguments: impl IntoIterator<Item = std::ffi::OsString>,
) -> Result<Output, RepositoryError> {
    Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .output()
        .map_err(RepositoryError::Git)
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_codecommit::{Region, RepositoryName};

    #[test]
    fn urls_say_where_they_lead() {
        let web = |scheme: &str, user: Option<&str>| {
            let host = GitHost::parse("git-codecommit.eu-west-1.amazonaws.com").unwrap();
            Some(Target::Web {
                scheme: scheme.to_owned(),
                user: user.map(str::to_owned),
                host,
            })
        };
        let helped = |region: Option<&str>, profile: Option<&str>| {
            Some(Target::RemoteHelper(RemoteUrl {
                region: region.map(|name| Region::parse(name).unwrap()),
                profile: profile.map(str::to_owned),
                repository: RepositoryName::parse("app").unwrap(),
                segment: "app".to_owned(),
            }))
        };
        let host = "git-codecommit.eu-west-1.amazonaws.com";
        for (url, expect) in [
            (format!("https://{host}/v1/repos/a"), web("https", None)),
            (
                format!("https://jo@{host}/v1/repos/a"),
                web("https", Some("jo")),
            ),
            (
                format!("https://j:p@{host}/v1/repos/a"),
                web("https", Some("j:p")),
            ),
            (format!("http://{host}/v1/repos/a"), web("http", None)),
            ("codecommit://app".to_owned(), helped(None, None)),
            ("codecommit://dev@app".to_owned(), helped(None, Some("dev"))),
            (
                "codecommit::eu-west-1://app".to_owned(),
                helped(Some("eu-west-1"), None),
            ),
            (
                "codecommit::eu-west-1://a@b@app".to_owned(),
                helped(Some("eu-west-1"), Some("a@b")),
            ),
            ("https://github.com/a/b".to_owned(), None),
            (format!("ssh://{host}/v1/repos/a"), None),
            (format!("https://{host}.evil.example/v1/repos/a"), None),
        ] {
            assert_eq!(Target::of(&url), expect, "{url}");
        }
    }
}
