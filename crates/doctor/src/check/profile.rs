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
            region,
            ..
        }) => {
            let known = profiles.iter().find(|profile| profile.name == *named);
            if let Some(known) = known {
                let has_region = region.is_some() || known.region.is_some();
                return (!has_region && !names_region(seen)).then(|| without_region(remote, named));
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

/// The environment names a Region for every URL that does not.
fn names_region(seen: &Seen<'_>) -> bool {
    let variables = ["AWS_REGION", "AWS_DEFAULT_REGION"];
    variables
        .iter()
        .any(|name| (seen.around.variable)(name).is_some())
}

fn without_region(remote: &Remote, profile: &str) -> Finding {
    Check::Profile
        .problem(
            format!(
                "{} names no region, and profile {profile} has none",
                remote.key
            ),
            "git cannot reach this remote",
        )
        .at(remote.origin.clone())
        .advise(format!(
            "set region in profile {profile}, or write codecommit::REGION://PROFILE@REPOSITORY"
        ))
}
