//! The page of the repositories, from what the agent told.

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
    let places = RepositoryPlaces::new(
        &profiles,
        &recent(),
        &[
            "codecommit::eu-west-1://dev@web".to_owned(),
            "web".to_owned(),
        ],
    );
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
    assert_eq!((zeta.known, alpha.known, beta.known), (2, 0, 1));
    assert!(alpha.regions.len() > 20);
    assert_eq!(places.favourites, ["codecommit::eu-west-1://dev@web"]);
    assert_eq!(places.recent, ["codecommit::eu-west-3://zeta@r"]);
}

#[test]
fn what_tells_a_repository_from_others_is_its_address() {
    let view = |name: &str| RepositoryView {
        name: name.to_owned(),
        region: "eu-west-1".to_owned(),
        ..RepositoryView::default()
    };
    let hostile = "<img src=x>";
    let list = RepositoryList::new("a b", vec![view("web"), view(hostile)], 7);
    let [web, other] = &list.repositories[..] else {
        panic!("two repositories");
    };
    assert_eq!(web.address, "codecommit::eu-west-1://a%20b@web");
    assert_eq!((other.name.as_str(), other.address.as_str()), (hostile, ""));
}
