//! Whether the profile that opens a remote may do anything, and sees the repository.

use crate::examine::{Ask, Seen};
use crate::finding::{Check, Finding};
use crate::repository::{Remote, Target};
use holdfast_agent_proto::{AgentError, ErrorCode};
use holdfast_codecommit::{GitHost, RepositoryAddress, RepositoryName};
use std::collections::BTreeMap;

/// Remotes by the profile and the Region that they need.
type Needed<'a> = BTreeMap<(String, String), Vec<(&'a Remote, RepositoryName)>>;

/// Lists repositories with the profiles that open the remotes. Nobody is asked for a code.
pub(crate) fn look(seen: &Seen<'_>, ask: &mut impl Ask) -> Vec<Finding> {
    let mut findings = Vec::new();
    for ((profile, region), remotes) in needed(seen, ask) {
        match ask.repositories(&profile, &region) {
            Ok(names) => {
                let words = format!("profile {profile} reaches CodeCommit in {region}");
                findings.push(Check::Access.good(words));
                let absent = remotes.iter().filter(|(_, repository)| {
                    !names.iter().any(|name| name == repository.as_str())
                });
                let missing = absent.map(|(remote, name)| missing(remote, name, &profile, &region));
                findings.extend(missing);
            }
            // That somebody has to sign in is nothing wrong, and what AWS cannot be asked is said elsewhere.
            Err(error) if error.code.requires_human() || error.code == ErrorCode::Offline => {}
            Err(error) => findings.push(refused(error, &profile, &region)),
        }
    }
    findings
}

fn needed<'a>(seen: &'a Seen<'_>, ask: &mut impl Ask) -> Needed<'a> {
    let mut needed = Needed::new();
    for remote in seen.remotes() {
        if let Some((profile, region, repository)) = opened_by(remote, seen, ask) {
            let remotes = needed.entry((profile, region)).or_default();
            remotes.push((remote, repository));
        }
    }
    needed
}

/// Profile and Region of a remote: the profile that its URL names, else the remembered one, else the only one of the
/// Region.
fn opened_by(
    remote: &Remote,
    seen: &Seen<'_>,
    ask: &mut impl Ask,
) -> Option<(String, String, RepositoryName)> {
    let profiles = seen.profiles();
    match &remote.target {
        Target::RemoteHelper(url) => {
            let region = url.region.as_ref().map(ToString::to_string);
            let Some(named) = &url.profile else {
                let host = GitHost::public(url.region.clone()?);
                let address = RepositoryAddress::new(host, url.repository.clone());
                return Some((
                    ask.remembered_profile(&address)?,
                    region?,
                    url.repository.clone(),
                ));
            };
            let known = profiles.iter().find(|view| view.name == *named)?;
            let region = region.or_else(|| known.region.clone())?;
            Some((known.name.clone(), region, url.repository.clone()))
        }
        Target::Web { host, .. } => {
            let address = RepositoryAddress::from_url(&remote.url).ok()?;
            let region = host.region().as_str();
            let profile = ask.remembered_profile(&address).or_else(|| {
                let mut fitting = profiles
                    .iter()
                    .filter(|view| view.region.as_deref() == Some(region));
                let only = fitting.next().map(|view| view.name.clone());
                only.filter(|_| fitting.next().is_none())
            })?;
            Some((profile, region.to_owned(), address.repository().clone()))
        }
        Target::Malformed(_) => None,
    }
}

fn missing(remote: &Remote, name: &RepositoryName, profile: &str, region: &str) -> Finding {
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
