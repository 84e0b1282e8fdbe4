//! Passwords for CodeCommit that other helpers have stored.

use crate::examine::Seen;
use crate::finding::{Check, Finding};
use crate::mend::Mend;
use crate::repository::Target;
use crate::stored::{self, StoringHelper};
use holdfast_codecommit::{GitHost, Region};
use holdfast_setup::git::Sourced;
use std::collections::BTreeSet;

/// Hosts that are asked for at most.
const MOST_HOSTS: usize = 10;

/// Asks every helper that is known to store for the hosts in use.
pub(crate) fn look(seen: &Seen<'_>) -> Vec<Finding> {
    let Ok(git) = &seen.git else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    let mut helpers: Vec<StoringHelper> = Vec::new();
    for sourced in configured(&git.entries) {
        let Some(helper) = StoringHelper::of(&sourced.entry.value) else {
            continue;
        };
        // A repository may come from anybody, and looking at it must not run what lies in it.
        let is_outside = |other: &Sourced| other.entry.value == sourced.entry.value;
        if helper.is_path() && !configured(&git.outside).any(is_outside) {
            findings.push(not_run(sourced));
        } else if !helpers.contains(&helper) {
            helpers.push(helper);
        }
    }
    let hosts = hosts(seen);
    for helper in &helpers {
        for host in &hosts {
            match stored::holds(helper, host) {
                Ok(false) => {}
                Ok(true) => findings.push(found(helper, host)),
                Err(error) => {
                    let breaks = "whether it holds old passwords for CodeCommit cannot be told";
                    findings.push(Check::StoredPassword.note(error.to_string(), breaks));
                    break;
                }
            }
        }
    }
    findings
}

/// Every helper that is configured, for whichever host.
fn configured(entries: &[Sourced]) -> impl Iterator<Item = &Sourced> {
    entries.iter().filter(|sourced| {
        let key = &sourced.entry.key;
        key.starts_with("credential.") && key.ends_with(".helper")
    })
}

fn not_run(sourced: &Sourced) -> Finding {
    Check::StoredPassword
        .note(
            format!(
                "the repository itself names the program {}, which was not run",
                sourced.entry.value
            ),
            "whether it holds old passwords for CodeCommit cannot be told",
        )
        .at(sourced.origin.clone())
}

fn found(helper: &StoringHelper, host: &str) -> Finding {
    Check::StoredPassword
        .problem(
            format!("the credential helper {} holds a password for {host}", helper.name()),
            "such a password ends after 15 minutes; wherever this helper is asked first, git gets 403 from then on",
        )
        .mended_by(Mend::Forget {
            helper: helper.clone(),
            host: host.to_owned(),
        })
}

/// CodeCommit's hosts that are in use: of the remotes, of what was cloned lately, of the profiles' Regions.
fn hosts(seen: &Seen<'_>) -> BTreeSet<String> {
    let remotes = seen
        .remotes()
        .iter()
        .filter_map(|remote| match &remote.target {
            Target::Web { host, .. } => Some(host.as_typed().to_owned()),
            Target::RemoteHelper(_) | Target::Malformed(_) => None,
        });
    let recent = seen
        .status()
        .into_iter()
        .flat_map(|status| &status.recent.repositories);
    let recent = recent.map(|repository| repository.host.clone());
    let regions = seen
        .profiles()
        .iter()
        .filter_map(|profile| profile.region.as_deref());
    let of_regions = regions.filter_map(|region| {
        let region = Region::parse(region).ok()?;
        Some(GitHost::public(region).to_string())
    });
    remotes
        .chain(recent)
        .chain(of_regions)
        .take(MOST_HOSTS)
        .collect()
}
