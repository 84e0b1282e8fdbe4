//! Why a text is not an address in CodeCommit.

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
