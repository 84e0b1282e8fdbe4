//! The Regions that a profile's repositories can be in.

use holdfast_agent_proto::view::{ProfileView, RecentView};
use holdfast_codecommit::Region;

/// Regions with CodeCommit that are offered when nothing else is known
/// (<https://docs.aws.amazon.com/codecommit/latest/userguide/regions.html>).
const REGIONS: &[&str] = &[
    "af-south-1",
    "ap-east-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ca-central-1",
    "cn-north-1",
    "cn-northwest-1",
    "eu-central-1",
    "eu-north-1",
    "eu-south-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eusc-de-east-1",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-west-1",
    "us-west-2",
];

/// Regions to look in.
pub(super) struct Regions {
    /// Those of the profile's partition: its own first, then those used with it lately.
    pub(super) names: Vec<String>,
    /// How many of them are known to be used.
    pub(super) known: usize,
}

impl Regions {
    /// Those of a profile.
    pub(super) fn of(profile: &ProfileView, recent: &RecentView) -> Self {
        let mine = recent.repositories.iter();
        let mine = mine.filter(|repository| repository.profile == profile.name);
        let known: Vec<&str> = profile
            .region
            .as_deref()
            .into_iter()
            .chain(mine.map(|repository| repository.region.as_str()))
            .filter(|name| Region::parse(name).is_ok())
            .collect();
        let partition = |name: &str| Region::parse(name).map(|region| region.partition()).ok();
        let home = known.first().and_then(|name| partition(name));
        let others = REGIONS.iter().copied();
        let others = others.filter(|name| home.is_none() || partition(name) == home);
        let mut names: Vec<String> = Vec::new();
        let add = |names: &mut Vec<String>, name: &str| {
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        };
        known.iter().for_each(|name| add(&mut names, name));
        let known = names.len();
        others.for_each(|name| add(&mut names, name));
        Self { names, known }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_offered_region_is_one() {
        for name in REGIONS {
            assert!(Region::parse(name).is_ok(), "{name}");
        }
        let regions = Regions::of(&ProfileView::default(), &RecentView::default());
        assert_eq!((regions.names.len(), regions.known), (REGIONS.len(), 0));
    }
}
