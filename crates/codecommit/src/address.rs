//! Addresses of repositories: what git asks a password for, and the URLs that people clone.

use crate::error::AddressError;
use crate::host::GitHost;
use crate::partition::Partition;
use crate::region::Region;
use crate::repository::{RepositoryName, from_segment, is_segment};
use std::fmt;

/// A repository at a CodeCommit git endpoint, over https at port 443.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RepositoryAddress {
    host: GitHost,
    path: String,
    repository: RepositoryName,
}

impl RepositoryAddress {
    /// An address from what git's credential protocol says: the host as typed, with `:443` if that was
    /// typed, and the path without a leading slash.
    ///
    /// The path is `v1/repos/<name>`, where `.git` may stand behind the name, or git-lfs's
    /// `v1/repos/<name>/info/lfs` and what is below it.
    ///
    /// # Errors
    /// Which part is not CodeCommit's.
    pub fn from_git(host: &str, path: &str) -> Result<Self, AddressError> {
        let host = GitHost::parse(host)?;
        let repository = parse_path(path)?;
        Ok(Self {
            host,
            path: path.to_owned(),
            repository,
        })
    }

    /// An address from a URL, as in a remote's configuration.
    ///
    /// # Errors
    /// Which part is not CodeCommit's; [`AddressError::UserInfo`] for `user@`, with which git never
    /// asks a helper and CodeCommit answers 403.
    pub fn from_url(url: &str) -> Result<Self, AddressError> {
        let scheme = url.get(..SCHEME.len()).ok_or(AddressError::Scheme)?;
        if !scheme.eq_ignore_ascii_case(SCHEME) {
            return Err(AddressError::Scheme);
        }
        let (authority, path) = url[SCHEME.len()..]
            .split_once('/')
            .ok_or(AddressError::Path)?;
        if authority.contains('@') {
            return Err(AddressError::UserInfo);
        }
        Self::from_git(authority, path.strip_suffix('/').unwrap_or(path))
    }

    /// The repository at an endpoint.
    pub fn new(host: GitHost, repository: RepositoryName) -> Self {
        Self {
            host,
            path: format!("{REPOSITORIES}{repository}"),
            repository,
        }
    }

    /// The endpoint.
    pub const fn host(&self) -> &GitHost {
        &self.host
    }

    /// The Region in the host's name.
    pub const fn region(&self) -> &Region {
        self.host.region()
    }

    /// The partition of the Region.
    pub const fn partition(&self) -> Partition {
        self.host.partition()
    }

    /// Name of the repository.
    pub const fn repository(&self) -> &RepositoryName {
        &self.repository
    }

    /// The path as git passed it, without a leading slash. The password is made over exactly this.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The repository's URL, without `.git` and without what git-lfs puts behind it.
    pub fn https_url(&self) -> String {
        format!("{SCHEME}{}/{REPOSITORIES}{}", self.host, self.repository)
    }
}

impl fmt::Display for RepositoryAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.https_url())
    }
}

/// The URL that `git-remote-codecommit` takes: `codecommit::<region>://[<profile>@]<repository>`, or
/// `codecommit://[<profile>@]<repository>` where the profile settles the Region.
///
/// In the profile's name every byte but `A-Z a-z 0-9 - . _ ~` is percent-encoded.
pub fn codecommit_url(
    region: Option<&Region>,
    profile: Option<&str>,
    repository: &RepositoryName,
) -> String {
    let mut url = String::from("codecommit:");
    if let Some(region) = region {
        url.push(':');
        url.push_str(region.as_str());
        url.push(':');
    }
    url.push_str("//");
    if let Some(profile) = profile {
        push_percent_encoded(&mut url, profile);
        url.push('@');
    }
    url.push_str(repository.as_str());
    url
}

const SCHEME: &str = "https://";
const REPOSITORIES: &str = "v1/repos/";
const LFS: &str = "info/lfs";

/// Longest segment below `info/lfs`; the longest that git-lfs itself uses are object ids of 64 digits.
const MAX_LFS_SEGMENT: usize = 100;

/// Most segments below `info/lfs`; git-lfs itself uses at most three.
const MAX_LFS_DEPTH: usize = 8;

fn parse_path(path: &str) -> Result<RepositoryName, AddressError> {
    let rest = path.strip_prefix(REPOSITORIES).ok_or(AddressError::Path)?;
    let Some((segment, below)) = rest.split_once('/') else {
        return from_segment(rest);
    };
    let is_lfs = match below.strip_prefix(LFS) {
        Some("") => true,
        Some(rest) => rest.strip_prefix('/').is_some_and(|segments| {
            segments.split('/').count() <= MAX_LFS_DEPTH
                && segments.split('/').all(|s| is_segment(s, MAX_LFS_SEGMENT))
        }),
        None => false,
    };
    if is_lfs {
        from_segment(segment)
    } else {
        Err(AddressError::Path)
    }
}

fn push_percent_encoded(url: &mut String, text: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            url.push(char::from(byte));
        } else {
            url.push('%');
            url.push(char::from(HEX[usize::from(byte >> 4)]));
            url.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}
