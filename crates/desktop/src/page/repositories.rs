//! *Repositories*: where to look, and what CodeCommit lists there.

use holdfast_agent_proto::view::{ProfileView, RecentView, RepositoryView};
use holdfast_codecommit::Region;
use serde::Serialize;

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

/// Where repositories can be looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct RepositoryPlaces {
    /// The profiles, those used lately first.
    pub profiles: Vec<RepositoryProfile>,
}

/// A profile that can be asked for repositories.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct RepositoryProfile {
    /// Its name.
    pub name: String,
    /// The Regions of its partition, its own first, then those used with it lately.
    pub regions: Vec<String>,
}

/// What CodeCommit lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct RepositoryList {
    /// The repositories, by name.
    pub repositories: Vec<RepositoryRow>,
    /// When AWS was asked, in seconds since 1970.
    pub fetched_at: i64,
}

/// A repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct RepositoryRow {
    /// Its name.
    pub name: String,
    /// What its owner says about it; empty when nothing.
    pub description: String,
    /// The branch that is checked out after a clone; an empty repository has none.
    pub default_branch: Option<String>,
    /// When it was last changed, in seconds since 1970.
    pub last_modified: Option<i64>,
    /// Host name for git.
    pub host: String,
}

impl RepositoryPlaces {
    /// From what the agent told.
    pub fn new(profiles: &[ProfileView], recent: &RecentView) -> Self {
        let usable = profiles
            .iter()
            .filter(|profile| !profile.name.is_empty() && !profile.chain.is_empty());
        let mut found: Vec<&ProfileView> = usable.collect();
        found.sort_by(|a, b| a.name.cmp(&b.name));
        let used = |name: &str| recent.profiles.iter().position(|used| used.profile == name);
        found.sort_by_key(|profile| used(&profile.name).unwrap_or(usize::MAX));
        let place = |profile: &&ProfileView| RepositoryProfile {
            name: profile.name.clone(),
            regions: regions(profile, recent),
        };
        Self {
            profiles: found.iter().map(place).collect(),
        }
    }
}

fn regions(profile: &ProfileView, recent: &RecentView) -> Vec<String> {
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
    let mut regions: Vec<String> = Vec::new();
    for name in known.iter().copied().chain(others) {
        if !regions.iter().any(|known| known == name) {
            regions.push(name.to_owned());
        }
    }
    regions
}

impl RepositoryList {
    /// From what the agent told.
    pub fn new(repositories: Vec<RepositoryView>, fetched_at: i64) -> Self {
        let row = |view: RepositoryView| RepositoryRow {
            name: view.name,
            description: view.description.unwrap_or_default(),
            default_branch: view.default_branch,
            last_modified: view.last_modified,
            host: view.host,
        };
        Self {
            repositories: repositories.into_iter().map(row).collect(),
            fetched_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_agent_proto::view::{RecentProfile, RecentRepository};

    fn profile(name: &str, region: Option<&str>) -> ProfileView {
        ProfileView {
            name: name.to_owned(),
            chain: "access key".to_owned(),
            region: region.map(str::to_owned),
            ..ProfileView::default()
        }
    }

    fn recent() -> RecentView {
        RecentView {
            profiles: vec![RecentProfile {
                profile: "zeta".to_owned(),
                used_at: 5,
            }],
            repositories: vec![RecentRepository {
                profile: "zeta".to_owned(),
                region: "eu-west-3".to_owned(),
                host: "git-codecommit.eu-west-3.amazonaws.com".to_owned(),
                name: "r".to_owned(),
                used_at: 5,
            }],
        }
    }

    #[test]
    fn what_was_used_lately_comes_first() {
        let mut general = profile("", None);
        general.chain = String::new();
        let mut broken = profile("broken", None);
        broken.chain = String::new();
        let profiles = [
            general,
            profile("beta", Some("cn-north-1")),
            broken,
            profile("alpha", None),
            profile("zeta", Some("eu-central-1")),
        ];
        let places = RepositoryPlaces::new(&profiles, &recent());
        let names: Vec<&str> = places.profiles.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["zeta", "alpha", "beta"]);
        let [zeta, alpha, beta] = &places.profiles[..] else {
            panic!("three profiles");
        };
        assert_eq!(
            zeta.regions[..3],
            ["eu-central-1", "eu-west-3", "af-south-1"]
        );
        assert_eq!(
            zeta.regions.iter().filter(|it| *it == "eu-west-3").count(),
            1
        );
        assert!(!zeta.regions.iter().any(|it| it.starts_with("cn-")));
        assert_eq!(beta.regions, ["cn-north-1", "cn-northwest-1"]);
        assert_eq!(alpha.regions.len(), REGIONS.len());
    }

    #[test]
    fn every_offered_region_is_one() {
        for name in REGIONS {
            assert!(Region::parse(name).is_ok(), "{name}");
        }
    }
}
