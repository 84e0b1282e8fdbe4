//! Passwords for CodeCommit that other helpers have stored.

use crate::examine::Seen;
use crate::finding::{Check, Finding};
use crate::mend::Mend;
use crate::repository::Target;
use crate::stored::{self, StoringHelper};
use holdfast_codecommit::{GitHost, Region};
use std::collections::BTreeSet;

/// Hosts that are asked for at most.
const MOST_HOSTS: usize = 10;

/// Asks every helper that is known to store for the hosts in use.
pub(crate) fn look(seen: &Seen<'_>) -> Vec<Finding> {
    let Ok(git) = &seen.git else {
        return Vec::new();
    };
    let mut helpers: Vec<StoringHelper> = Vec::new();
    for sourced in &git.entries {
        let is_helper =
            sourced.entry.key.starts_with("credential.") && sourced.entry.key.ends_with(".helper");
        if (is_helper || sourced.entry.key == "credential.helper")
            && let Some(helper) = StoringHelper::of(&sourced.entry.value)
            && !helpers.contains(&helper)
        {
            helpers.push(helper);
        }
    }
    let hosts = hosts(seen);
    let mut findings = Vec::new();
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

fn found(helper: &StoringHelper, host: &str) -> Finding {
    Check::StoredPassword
        .problem(
            format!("{} holds a password for {host}", helper.name()),
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
            Target::RemoteHelper { .. } => None,
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
