//! What can be mended safely: shown first, then done.

use crate::repository::{self, RepositoryError};
use crate::stored::{self, StoredError, StoringHelper};
use holdfast_agent_proto::CallerContext;
use holdfast_setup::SetupError;
use holdfast_setup::git::{SetupPlan, SetupRequest};
use holdfast_setup::helpers::{self, Places};
use std::path::PathBuf;

/// A change that mends a finding; not made yet.
pub enum Mend {
    /// Git asks Holdfast, and nobody else, about CodeCommit.
    GitSetup(Box<SetupPlan>),
    /// A remote gets a URL without a user.
    RemoteUrl {
        /// The repository's folder.
        repository: PathBuf,
        /// Key of git's configuration.
        key: String,
        /// The URL as it is.
        from: String,
        /// The URL as it is to be.
        to: String,
    },
    /// A helper forgets a password.
    Forget {
        /// The helper.
        helper: StoringHelper,
        /// The host that the password is for.
        host: String,
    },
}

/// Why it was not mended. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum MendError {
    /// Git's configuration cannot be changed.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// The remote cannot be changed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
    /// The helper cannot be told.
    #[error(transparent)]
    Stored(#[from] StoredError),
}

impl Mend {
    /// What it does, in a sentence.
    pub fn words(&self) -> String {
        match self {
            Self::GitSetup(plan) => format!(
                "make Holdfast the credential helper of CodeCommit in {}",
                plan.path().display()
            ),
            Self::RemoteUrl { key, .. } => format!("take the user out of {key}"),
            Self::Forget { helper, host } => {
                format!("let {} forget its password for {host}", helper.name())
            }
        }
    }

    /// The change, line by line, secrets masked; with so many lines of a file around it, which may hold secrets.
    pub fn diff(&self, context: usize) -> String {
        match self {
            Self::GitSetup(plan) => plan.diff(context),
            Self::RemoteUrl { key, from, to, .. } => {
                let (from, to) = (without_password(from), without_password(to));
                format!("- {key} = {from}\n+ {key} = {to}\n")
            }
            Self::Forget { helper, host } => format!("- {}: {host}\n", helper.name()),
        }
    }

    /// Tells this change from every other one.
    pub fn fingerprint(&self) -> String {
        match self {
            Self::GitSetup(plan) => plan.fingerprint(),
            Self::RemoteUrl { .. } | Self::Forget { .. } => self.diff(0),
        }
    }

    /// The same change as it would be made now: another one, if files have changed since.
    ///
    /// # Errors
    /// When it cannot be made any more.
    pub fn anew(&self, context: &CallerContext, places: &Places) -> Result<Self, MendError> {
        Ok(match self {
            Self::GitSetup(_) => Self::GitSetup(Box::new(git_setup(context, places)?)),
            Self::RemoteUrl {
                repository,
                key,
                from,
                to,
            } => {
                repository::check(repository, key, from)?;
                Self::RemoteUrl {
                    repository: repository.clone(),
                    key: key.clone(),
                    from: from.clone(),
                    to: to.clone(),
                }
            }
            Self::Forget { helper, host } => Self::Forget {
                helper: helper.clone(),
                host: host.clone(),
            },
        })
    }

    /// Makes the change. Returns the path of the backup, where a file is kept.
    ///
    /// # Errors
    /// Why nothing was changed.
    pub fn apply(self) -> Result<Option<PathBuf>, MendError> {
        match self {
            Self::GitSetup(plan) => return Ok(plan.apply()?),
            Self::RemoteUrl {
                repository,
                key,
                from,
                to,
            } => repository::change(&repository, &key, &from, &to)?,
            Self::Forget { helper, host } => stored::forget(&helper, &host)?,
        }
        Ok(None)
    }
}

/// The set-up of git that mends what is wrong with the helpers.
pub(crate) fn git_setup(context: &CallerContext, places: &Places) -> Result<SetupPlan, SetupError> {
    let request = SetupRequest {
        helper: helpers::installed_credential_helper(places)?,
        ..SetupRequest::default()
    };
    SetupPlan::make(&request, context)
}

/// A URL that is shown must not show a password that somebody has put into it.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let end = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    match authority.rsplit_once('@') {
        Some((user, host)) => {
            let name = user.split(':').next().unwrap_or_default();
            let hidden = if user.contains(':') { ":…" } else { "" };
            format!("{scheme}://{name}{hidden}@{host}{path}")
        }
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_in_a_url_is_not_shown() {
        for (url, expect) in [
            ("https://jo@h/p", "https://jo@h/p"),
            ("https://jo:secret@h/p", "https://jo:…@h/p"),
            ("https://jo:se@cret@h/p", "https://jo:…@h/p"),
            ("https://h/p@x", "https://h/p@x"),
            ("h:p", "h:p"),
        ] {
            assert_eq!(without_password(url), expect);
        }
    }
}
