//! Region and profile that the remotes need.

use crate::examine::Seen;
use crate::finding::{Check, Finding};
use crate::repository::{Remote, Target};
use holdfast_codecommit::RemoteUrl;

/// Remotes that no profile fits, and profiles in URLs that there are not.
pub(crate) fn look(seen: &Seen<'_>) -> Vec<Finding> {
    if seen.status().is_none() {
        return Vec::new();
    }
    seen.remotes()
        .iter()
        .filter_map(|remote| of_remote(seen, remote))
        .collect()
}

fn of_remote(seen: &Seen<'_>, remote: &Remote) -> Option<Finding> {
    let profiles = seen.profiles();
    match &remote.target {
        Target::RemoteHelper(RemoteUrl {
            profile: Some(named),
            ..
        }) => {
            if profiles.iter().any(|profile| profile.name == *named) {
                return None;
            }
            Some(
                Check::Profile
                    .problem(
                        format!(
                            "{} names the profile {named}, which there is not",
                            remote.key
                        ),
                        "git cannot reach this remote",
                    )
                    .at(remote.origin.clone())
                    .run("holdfast profiles"),
            )
        }
        Target::RemoteHelper(_) | Target::Malformed(_) => None,
        Target::Web { host, .. } => {
            let region = host.region().as_str();
            if profiles
                .iter()
                .any(|profile| profile.region.as_deref() == Some(region))
            {
                return None;
            }
            Some(
                Check::Profile
                    .warning(
                        format!("{} is in {region}, and no profile has that region", remote.key),
                        "Holdfast cannot tell by itself which profile reaches it; a password of another region brings 403",
                    )
                    .at(remote.origin.clone())
                    .advise_to_run("name one", "holdfast git setup --local --profile PROFILE"),
            )
        }
    }
}
