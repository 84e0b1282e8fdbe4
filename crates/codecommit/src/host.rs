//! Hosts of CodeCommit's git endpoints
//! (<https://docs.aws.amazon.com/codecommit/latest/userguide/regions.html>).

use crate::error::AddressError;
use crate::partition::Partition;
use crate::region::Region;
use std::fmt;

/// A CodeCommit git endpoint:
/// `git-codecommit[-fips].<region>.<suffix>` or
/// `<vpce-id>.git-codecommit[-fips].<region>.vpce.<suffix>`, where Region and suffix are of one partition.
///
/// Two hosts are equal when they differ in case only.
#[derive(Clone, Debug)]
pub struct GitHost {
    typed: String,
    canonical: String,
    region: Region,
    fips: bool,
    vpc_endpoint: Option<String>,
}

impl GitHost {
    /// A host as git passes it: as the person typed it, with the port if one was typed.
    ///
    /// # Errors
    /// [`AddressError::Host`] or [`AddressError::Port`] when it is not a CodeCommit git endpoint.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let typed = match text.split_once(':') {
            None => text,
            Some((host, "443")) => host,
            Some(_) => return Err(AddressError::Port),
        };
        if typed.len() > MAX_HOST {
            return Err(AddressError::Host);
        }
        let canonical = typed.to_ascii_lowercase();
        let (region, fips, vpc_endpoint) = parse_labels(&canonical).ok_or(AddressError::Host)?;
        Ok(Self {
            typed: typed.to_owned(),
            region,
            fips,
            vpc_endpoint: vpc_endpoint.map(str::to_owned),
            canonical,
        })
    }

    /// The public endpoint of a Region.
    pub fn public(region: Region) -> Self {
        Self::build(region, false, None)
    }

    /// The FIPS 140 endpoint of a Region.
    pub fn public_fips(region: Region) -> Self {
        Self::build(region, true, None)
    }

    /// The endpoint in a VPC, by the id in its DNS name, for example `vpce-0b47ea360adebf88a-jkl88hez`.
    ///
    /// # Errors
    /// [`AddressError::Host`] when the id has not the form of a VPC endpoint's.
    pub fn vpc_endpoint(region: Region, id: &str, fips: bool) -> Result<Self, AddressError> {
        if !is_vpc_endpoint_id(id) {
            return Err(AddressError::Host);
        }
        Ok(Self::build(region, fips, Some(id.to_owned())))
    }

    fn build(region: Region, fips: bool, vpc_endpoint: Option<String>) -> Self {
        let service = if fips { SERVICE_FIPS } else { SERVICE };
        let suffix = region.partition().dns_suffix();
        let host = match &vpc_endpoint {
            None => format!("{service}.{region}.{suffix}"),
            Some(id) => format!("{id}.{service}.{region}.{VPCE}.{suffix}"),
        };
        Self {
            typed: host.clone(),
            canonical: host,
            region,
            fips,
            vpc_endpoint,
        }
    }

    /// The host as it was typed, without the port.
    ///
    /// This is what the password is made over: git's HTTP library sends the host as typed,
    /// so a host in lower case would not be the one that the server sees.
    pub fn as_typed(&self) -> &str {
        &self.typed
    }

    /// The host in lower case, without the port: for comparing and remembering.
    pub fn canonical(&self) -> &str {
        &self.canonical
    }

    /// The Region in the host's name.
    pub const fn region(&self) -> &Region {
        &self.region
    }

    /// The partition of the Region.
    pub const fn partition(&self) -> Partition {
        self.region.partition()
    }

    /// Whether it is a FIPS 140 endpoint.
    pub const fn is_fips(&self) -> bool {
        self.fips
    }

    /// Id of the VPC endpoint in the host's name, in lower case.
    pub fn vpc_endpoint_id(&self) -> Option<&str> {
        self.vpc_endpoint.as_deref()
    }
}

impl PartialEq for GitHost {
    fn eq(&self, other: &Self) -> bool {
        self.canonical == other.canonical
    }
}

impl Eq for GitHost {}

impl std::hash::Hash for GitHost {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.canonical.hash(state);
    }
}

impl fmt::Display for GitHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.canonical)
    }
}

/// Longest host name in DNS (RFC 1035).
const MAX_HOST: usize = 253;

/// Longest label of a host name in DNS (RFC 1035).
const MAX_LABEL: usize = 63;

pub(crate) const SERVICE: &str = "git-codecommit";
pub(crate) const SERVICE_FIPS: &str = "git-codecommit-fips";
pub(crate) const VPCE: &str = "vpce";

/// Region, whether FIPS, and the VPC endpoint's id, from a host in lower case.
fn parse_labels(host: &str) -> Option<(Region, bool, Option<&str>)> {
    let (first, rest) = host.split_once('.')?;
    let (vpc_endpoint, service, rest) = if is_vpc_endpoint_id(first) {
        let (service, rest) = rest.split_once('.')?;
        (Some(first), service, rest)
    } else {
        (None, first, rest)
    };
    let fips = match service {
        SERVICE => false,
        SERVICE_FIPS => true,
        _ => return None,
    };
    let (region, suffix) = rest.split_once('.')?;
    let suffix = match vpc_endpoint {
        None => suffix,
        Some(_) => suffix.strip_prefix(VPCE)?.strip_prefix('.')?,
    };
    let region = Region::parse(region).ok()?;
    (suffix == region.partition().dns_suffix()).then_some((region, fips, vpc_endpoint))
}

/// `vpce-` and groups of digits and lower-case letters with single dashes between, in one DNS label;
/// behind the id proper may stand an Availability Zone.
fn is_vpc_endpoint_id(label: &str) -> bool {
    label.len() <= MAX_LABEL
        && label.strip_prefix("vpce-").is_some_and(|groups| {
            groups.split('-').all(|group| {
                !group.is_empty()
                    && group
                        .bytes()
                        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
            })
        })
}
