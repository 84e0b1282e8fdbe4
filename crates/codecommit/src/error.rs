//! Why a text is not an address in CodeCommit, and why a repository cannot have a name.

use crate::repository::MAX_NAME;
use std::error::Error;
use std::fmt;

/// Which part of an address is not CodeCommit's. Never quotes the text, which may be hostile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AddressError {
    /// The scheme is not `https`.
    Scheme,
    /// A user name or password stands in front of the host.
    UserInfo,
    /// The port is not 443.
    Port,
    /// The host is not a CodeCommit git endpoint.
    Host,
    /// The path is not that of a repository.
    Path,
    /// The name is not one that a repository can have.
    RepositoryName,
    /// The name is not that of an AWS Region.
    Region,
}

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scheme => "the URL does not start with https://",
            Self::UserInfo => "the URL holds a user name, so git would send an empty password",
            Self::Port => "the port is not 443",
            Self::Host => "the host is not a CodeCommit git endpoint",
            Self::Path => "the path is not of the form v1/repos/NAME",
            Self::RepositoryName => {
                "a repository name has 1 to 100 letters, digits, dots, dashes and underscores"
            }
            Self::Region => "the Region is not one of AWS's, such as eu-west-1",
        })
    }
}

impl Error for AddressError {}

/// Why a repository cannot have the name that somebody chose. Never quotes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameFault {
    /// There is none.
    Empty,
    /// It is `.` or `..`, which mean folders in paths.
    Dots,
    /// It holds a space or the like.
    Space,
    /// It holds something else that CodeCommit does not take.
    Character,
    /// So many characters are too many.
    TooLong(usize),
    /// It ends in `.git`, which git users write behind names.
    DotGit,
}

impl fmt::Display for NameFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("a repository needs a name"),
            Self::Dots => f.write_str("a repository cannot be named . or .., choose another name"),
            Self::Space => {
                f.write_str("the name of a repository holds no spaces, write - or _ instead")
            }
            Self::Character => f.write_str(
                "the name of a repository holds only letters from a to z, digits, dots, dashes and underscores",
            ),
            Self::TooLong(length) => write!(
                f,
                "the name has {length} characters, shorten it: CodeCommit takes {MAX_NAME} at most"
            ),
            Self::DotGit => {
                f.write_str("the name of a repository does not end in .git, leave that off")
            }
        }
    }
}

impl Error for NameFault {}
