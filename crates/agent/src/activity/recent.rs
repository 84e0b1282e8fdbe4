//! What was used lately, for those who offer it again.

use super::entry::Entry;
use holdfast_agent_proto::view::{ActivityKind, RecentProfile, RecentRepository, RecentView};

/// Profiles, and repositories, that are remembered.
const KEPT: usize = 20;

/// Takes note of a use; true when this changed more than the time of what was the newest already.
pub(super) fn used(recent: &mut RecentView, entry: &Entry) -> bool {
    let Some((profile, repository)) = uses(entry) else {
        return false;
    };
    let profile_moved = to_front(&mut recent.profiles, profile, same_profile);
    let repository_moved =
        repository.is_some_and(|used| to_front(&mut recent.repositories, used, same_repository));
    profile_moved || repository_moved
}

/// Takes note of a use that was before all that are known.
pub(super) fn used_before(recent: &mut RecentView, entry: &Entry) {
    if let Some((profile, repository)) = uses(entry) {
        to_back(&mut recent.profiles, profile, same_profile);
        if let Some(used) = repository {
            to_back(&mut recent.repositories, used, same_repository);
        }
    }
}

/// Whether both lists are as long as they get.
pub(super) fn is_full(recent: &RecentView) -> bool {
    recent.profiles.len() == KEPT && recent.repositories.len() == KEPT
}

/// Whether somebody worked with a profile.
fn is_use(kind: ActivityKind) -> bool {
    match kind {
        ActivityKind::GitCredential
        | ActivityKind::Credentials
        | ActivityKind::ConsoleLink
        | ActivityKind::RepositoryCreated
        | ActivityKind::SignedIn => true,
        ActivityKind::Renewed
        | ActivityKind::SignedOut
        | ActivityKind::SignedOutByAws
        | ActivityKind::RefreshFailed
        | ActivityKind::Refused
        | ActivityKind::Declined
        | ActivityKind::Locked
        | ActivityKind::Unlocked
        | ActivityKind::KeyAdded
        | ActivityKind::KeyRemoved => false,
    }
}

fn uses(entry: &Entry) -> Option<(RecentProfile, Option<RecentRepository>)> {
    let name = entry.profile.as_ref().filter(|_| is_use(entry.kind))?;
    let profile = RecentProfile {
        profile: name.clone(),
        used_at: entry.at,
    };
    let repository = entry
        .repository
        .as_ref()
        .map(|repository| RecentRepository {
            profile: name.clone(),
            region: repository.region.clone(),
            host: repository.host.clone(),
            name: repository.name.clone(),
            used_at: entry.at,
        });
    Some((profile, repository))
}

fn same_profile(one: &RecentProfile, other: &RecentProfile) -> bool {
    one.profile == other.profile
}

fn same_repository(one: &RecentRepository, other: &RecentRepository) -> bool {
    (&one.profile, &one.host, &one.name) == (&other.profile, &other.host, &other.name)
}

/// Puts an item first; true when it was not.
fn to_front<T>(items: &mut Vec<T>, item: T, same: fn(&T, &T) -> bool) -> bool {
    let place = items.iter().position(|known| same(known, &item));
    if let Some(place) = place {
        items.remove(place);
    }
    items.insert(0, item);
    items.truncate(KEPT);
    place != Some(0)
}

/// Puts an item last, where it is new and there is room.
fn to_back<T>(items: &mut Vec<T>, item: T, same: fn(&T, &T) -> bool) {
    if items.len() < KEPT && !items.iter().any(|known| same(known, &item)) {
        items.push(item);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activity::entry::{Note, Repository};

    fn entry(kind: ActivityKind, at: i64, profile: &str, repository: Option<&str>) -> Entry {
        let mut note = Note::new(kind, at).profile(profile);
        note.repository = repository.map(|name| Repository {
            name: name.to_owned(),
            region: "us-east-2".to_owned(),
            host: "git-codecommit.us-east-2.amazonaws.com".to_owned(),
        });
        note.into_entry(1, None)
    }

    fn names(recent: &RecentView) -> (Vec<&str>, Vec<(&str, &str)>) {
        let profiles = recent.profiles.iter().map(|used| used.profile.as_str());
        let repositories = recent.repositories.iter();
        let repositories = repositories.map(|used| (used.profile.as_str(), used.name.as_str()));
        (profiles.collect(), repositories.collect())
    }

    #[test]
    fn what_was_used_last_comes_first_and_once() {
        use ActivityKind::{Credentials, GitCredential, Refused};
        let mut recent = RecentView::default();
        for (kind, profile, repository, moved) in [
            (GitCredential, "dev", Some("alpha"), true),
            (GitCredential, "dev", Some("alpha"), false),
            (Credentials, "prod", None, true),
            (GitCredential, "dev", Some("beta"), true),
            (Refused, "secret", Some("gamma"), false),
            (GitCredential, "prod", Some("alpha"), true),
            (Credentials, "prod", None, false),
        ] {
            let entry = entry(kind, 5, profile, repository);
            assert_eq!(used(&mut recent, &entry), moved, "{entry:?}");
        }
        assert_eq!(
            names(&recent),
            (
                vec!["prod", "dev"],
                vec![("prod", "alpha"), ("dev", "beta"), ("dev", "alpha")]
            )
        );
        let later = entry(Credentials, 9, "prod", None);
        assert!(!used(&mut recent, &later));
        assert_eq!(recent.profiles[0].used_at, 9);
        for (profile, repository) in [("prod", "alpha"), ("old", "alpha")] {
            used_before(
                &mut recent,
                &entry(GitCredential, 1, profile, Some(repository)),
            );
        }
        let (profiles, repositories) = names(&recent);
        assert_eq!(profiles, ["prod", "dev", "old"]);
        assert_eq!(repositories[2..], [("dev", "alpha"), ("old", "alpha")]);
        assert_eq!(recent.profiles[0].used_at, 9);
    }

    #[test]
    fn the_lists_are_short() {
        let mut recent = RecentView::default();
        for number in 0..100 {
            let name = format!("p{number}");
            used(
                &mut recent,
                &entry(ActivityKind::GitCredential, number, &name, Some("r")),
            );
            assert_eq!(is_full(&recent), number >= 19);
        }
        let (profiles, repositories) = names(&recent);
        assert_eq!((profiles.len(), repositories.len()), (KEPT, KEPT));
        assert_eq!((profiles[0], repositories[19]), ("p99", ("p80", "r")));
    }
}
