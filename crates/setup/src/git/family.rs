//! Families of CodeCommit hosts: the partitions whose endpoints git is set up for.

use holdfast_agent_proto::CallerContext;
use holdfast_aws_files::{Document, FileKind, ProfileSet};
use holdfast_codecommit::git_config::url_patterns_of;
use holdfast_codecommit::{Partition, Region};
use std::path::Path;
use std::str::FromStr;

/// Hosts that git is set up for, named by a partition, or `all`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostFamily {
    /// Public, FIPS and VPC endpoints of one partition.
    Partition(Partition),
    /// Those of every partition.
    All,
}

impl FromStr for HostFamily {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "all" {
            return Ok(Self::All);
        }
        let found = Partition::ALL
            .into_iter()
            .find(|family| family.id() == text);
        found.map(Self::Partition).ok_or_else(|| {
            let names: Vec<&str> = Partition::ALL.iter().map(|family| family.id()).collect();
            format!("the families are {} and all", names.join(", "))
        })
    }
}

/// The commercial partition, and every other one that a profile's region belongs to.
pub(crate) fn in_use(context: &CallerContext) -> Vec<HostFamily> {
    // A file that cannot be read names no region.
    let document = |path: &Path, kind| {
        Document::read(path, kind).unwrap_or_else(|_| Document::missing(path, kind))
    };
    let config = document(&context.config_file, FileKind::Config);
    let credentials = document(&context.credentials_file, FileKind::Credentials);
    let profiles = ProfileSet::merge(&config, &credentials);
    let regions = profiles
        .profiles()
        .filter_map(|profile| profile.get("region"))
        .chain(context.region.as_deref());
    let mut partitions = vec![Partition::Aws];
    partitions.extend(
        regions
            .filter_map(|region| Region::parse(region).ok())
            .map(|region| region.partition()),
    );
    partitions.sort_unstable();
    partitions.dedup();
    partitions.into_iter().map(HostFamily::Partition).collect()
}

/// URL patterns of the families, each once.
pub(crate) fn patterns(families: &[HostFamily]) -> Vec<String> {
    let mut partitions = Vec::new();
    for family in families {
        match family {
            HostFamily::Partition(partition) => partitions.push(*partition),
            HostFamily::All => partitions.extend(Partition::ALL),
        }
    }
    url_patterns_of(&partitions)
}

/// URL patterns of every family there is.
pub(crate) fn every_pattern() -> Vec<String> {
    url_patterns_of(&Partition::ALL)
}

/// A repository's URL that a pattern matches, to ask git and ourselves what applies to it.
pub(crate) fn sample_url(pattern: &str) -> String {
    let (scheme, host) = pattern.split_once("://").unwrap_or(("https", pattern));
    let labels: Vec<&str> = host
        .split('.')
        .enumerate()
        .map(|(place, label)| match (label, place) {
            ("*", 0) => "vpce-0a1b2c3d4e5f6a7b8-abcdefgh",
            ("*", _) => "region",
            (label, _) => label,
        })
        .collect();
    format!("{scheme}://{}/v1/repos/repository", labels.join("."))
}

/// What a person calls the hosts of a pattern.
pub fn describe(pattern: &str) -> String {
    pattern
        .trim_start_matches("https://")
        .replace('*', "<*>")
        .replacen("<*>.git", "VPC.git", 1)
        .replace("<*>", "REGION")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_have_the_names_of_partitions() {
        assert_eq!(
            "aws-cn".parse(),
            Ok(HostFamily::Partition(Partition::AwsCn))
        );
        assert_eq!("all".parse(), Ok(HostFamily::All));
        let error = HostFamily::from_str("amazon").unwrap_err();
        assert!(error.starts_with("the families are aws, aws-cn"), "{error}");
    }

    #[test]
    fn patterns_are_named_for_people() {
        for (pattern, sample, words) in [
            (
                "https://git-codecommit.*.amazonaws.com",
                "https://git-codecommit.region.amazonaws.com/v1/repos/repository",
                "git-codecommit.REGION.amazonaws.com",
            ),
            (
                "https://*.git-codecommit-fips.*.vpce.amazonaws.com",
                "https://vpce-0a1b2c3d4e5f6a7b8-abcdefgh.git-codecommit-fips.region.vpce.amazonaws.com/v1/repos/repository",
                "VPC.git-codecommit-fips.REGION.vpce.amazonaws.com",
            ),
        ] {
            assert_eq!(sample_url(pattern), sample);
            assert_eq!(describe(pattern), words);
        }
    }
}
