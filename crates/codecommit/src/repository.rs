//! Names of CodeCommit repositories.

use crate::error::{AddressError, NameFault};
use std::fmt;
use std::str::FromStr;

/// Longest name in bytes (<https://docs.aws.amazon.com/codecommit/latest/userguide/limits.html>).
pub(crate) const MAX_NAME: usize = 100;

/// Name of a repository: 1 to 100 of `A-Z a-z 0-9 _ . -`, not ending in `.git`, neither `.` nor `..`.
///
/// Unlike host names, repository names are told apart by case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepositoryName(String);

impl RepositoryName {
    /// A repository by its name.
    ///
    /// # Errors
    /// [`AddressError::RepositoryName`] when AWS cannot have a repository of that name.
    pub fn parse(name: &str) -> Result<Self, AddressError> {
        if is_segment(name, MAX_NAME) && !name.ends_with(".git") {
            Ok(Self(name.to_owned()))
        } else {
            Err(AddressError::RepositoryName)
        }
    }

    /// The same for a name that a person chose, who has to know what is wrong with it.
    ///
    /// # Errors
    /// What is wrong first.
    pub fn chosen(name: &str) -> Result<Self, NameFault> {
        let is_fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
        let fault = match name {
            "" => NameFault::Empty,
            "." | ".." => NameFault::Dots,
            _ if name.chars().any(char::is_whitespace) => NameFault::Space,
            _ if !name.chars().all(is_fine) => NameFault::Character,
            _ if name.len() > MAX_NAME => NameFault::TooLong(name.len()),
            _ if name.ends_with(".git") => NameFault::DotGit,
            _ => return Ok(Self(name.to_owned())),
        };
        Err(fault)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RepositoryName {
    type Err = AddressError;

    fn from_str(name: &str) -> Result<Self, AddressError> {
        Self::parse(name)
    }
}

impl AsRef<str> for RepositoryName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RepositoryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The repository that a URL's path segment names; git users may write `.git` behind the name.
pub(crate) fn from_segment(segment: &str) -> Result<RepositoryName, AddressError> {
    if segment.len() > MAX_NAME {
        return Err(AddressError::Path);
    }
    let name = segment.strip_suffix(".git").unwrap_or(segment);
    RepositoryName::parse(name).map_err(|_| AddressError::Path)
}

/// One segment of a path, made of what a repository name may hold. `.` and `..` are not segments:
/// git's HTTP library would resolve them, and another path would be asked for than was signed.
pub(crate) fn is_segment(text: &str, max: usize) -> bool {
    (1..=max).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
        && !matches!(text, "." | "..")
}
