//! Names of AWS Regions, and the partition that a name belongs to.

use crate::error::AddressError;
use crate::partition::Partition;
use std::fmt;
use std::str::FromStr;

/// Name of a Region, for example `eu-west-1`.
///
/// Checked by form and not against a list, so that a Region which AWS opens tomorrow works:
/// `<prefix>-<direction>-<number>`, where the prefix settles the partition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region {
    name: String,
    partition: Partition,
}

impl Region {
    /// A Region by its name in lower case.
    ///
    /// # Errors
    /// [`AddressError::Region`] when the name has not the form of a Region's.
    pub fn parse(name: &str) -> Result<Self, AddressError> {
        let partition = partition_of(name).ok_or(AddressError::Region)?;
        Ok(Self {
            name: name.to_owned(),
            partition,
        })
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// The partition that the Region belongs to.
    pub const fn partition(&self) -> Partition {
        self.partition
    }
}

impl FromStr for Region {
    type Err = AddressError;

    fn from_str(name: &str) -> Result<Self, AddressError> {
        Self::parse(name)
    }
}

impl AsRef<str> for Region {
    fn as_ref(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// Longest direction that is accepted; AWS's longest so far is `northeast`.
const MAX_DIRECTION: usize = 16;

fn partition_of(name: &str) -> Option<Partition> {
    let (rest, number) = name.rsplit_once('-')?;
    let (prefix, direction) = rest.rsplit_once('-')?;
    let number_fits = matches!(number.len(), 1 | 2) && number.bytes().all(|b| b.is_ascii_digit());
    let direction_fits = (1..=MAX_DIRECTION).contains(&direction.len())
        && direction.bytes().all(|b| b.is_ascii_lowercase());
    if !(number_fits && direction_fits) {
        return None;
    }
    match prefix.as_bytes() {
        b"cn" => Some(Partition::AwsCn),
        b"us-gov" => Some(Partition::AwsUsGov),
        b"us-iso" => Some(Partition::AwsIso),
        b"us-isob" => Some(Partition::AwsIsoB),
        b"eu-isoe" => Some(Partition::AwsIsoE),
        b"us-isof" => Some(Partition::AwsIsoF),
        [b'e', b'u', b's', b'c', b'-', country @ ..] if is_country(country) => {
            Some(Partition::AwsEusc)
        }
        area if is_country(area) => Some(Partition::Aws),
        _ => None,
    }
}

fn is_country(code: &[u8]) -> bool {
    code.len() == 2 && code.iter().all(u8::is_ascii_lowercase)
}
