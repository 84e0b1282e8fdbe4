//! Whether the profile that a remote names may do anything, and sees the repository.

use crate::examine::{Ask, Seen};
use crate::finding::{Check, Finding};
use crate::repository::{Remote, Target};
use holdfast_agent_proto::{AgentError, ErrorCode};
use holdfast_codecommit::RemoteUrl;
use std::collections::BTreeMap;

/// Remotes by the profile and the Region that they need.
type Needed<'a> = BTreeMap<(&'a str, String), Vec<(&'a Remote, &'a RemoteUrl)>>;

/// Lists repositories with the profiles that the remotes name. Nobody is asked for a code.
pub(crate) fn look(seen: &Seen<'_>, ask: &mut impl Ask) -> Vec<Finding> {
    let mut findings = Vec::new();
    for ((profile, region), remotes) in needed(seen) {
        match ask.repositories(profile, &region) {
            Ok(names) => {
                findings.push(
                    Check::Access.good(format!("profile {profile} reaches CodeCommit in {region}")),
                );
                let absent = remotes.iter().filter(|(_, url)| {
                    let mut names = names.iter();
                    !names.any(|name| name == url.repository.as_str())
                });
                findings.extend(absent.map(|(remote, url)| missing(remote, url, profile, &region)));
            }
            // That somebody has to sign in is nothing wrong, and what AWS cannot be asked is said elsewhere.
            Err(error) if error.code.requires_human() || error.code == ErrorCode::Offline => {}
            Err(error) => findings.push(refused(error, profile, &region)),
        }
    }
    findings
}

fn needed<'a>(seen: &'a Seen<'_>) -> Needed<'a> {
    let mut needed = Needed::new();
    for remote in seen.remotes() {
        let Target::RemoteHelper(url) = &remote.target else {
            continue;
        };
        let profiles = &mut seen.profiles().iter();
        let known = profiles.find(|view| Some(&view.name) == url.profile.as_ref());
        let Some(known) = known else { continue };
        let region = url.region.as_ref().map(ToString::to_string);
        if let Some(region) = region.or_else(|| known.region.clone()) {
            let remotes = needed.entry((known.name.as_str(), region)).or_default();
            remotes.push((remote, url));
        }
    }
    needed
}

fn missing(remote: &Remote, url: &RemoteUrl, profile: &str, region: &str) -> Finding {
    let name = &url.repository;
    Check::Access
        .problem(
            format!(
                "{}: profile {profile} sees no repository {name} in {region}",
                remote.key
            ),
            "git says that the repository is not found",
        )
        .at(remote.origin.clone())
        .advise(
            "look whether its name, its region and the account of the profile are the right ones",
        )
}

fn refused(error: AgentError, profile: &str, region: &str) -> Finding {
    let finding = Check::Access.problem(
        error.message,
        format!("git commands with profile {profile} in {region} are likely to be refused, too"),
    );
    finding.hints(&error.hints)
}
