//! Whether the profile that a remote names may do anything.

use crate::examine::{Ask, Seen};
use crate::finding::{Check, Finding};
use crate::repository::Target;
use holdfast_agent_proto::ErrorCode;
use std::collections::BTreeSet;

/// Lists repositories with the profiles that the remotes name. Nobody is asked for a code.
pub(crate) fn look(seen: &Seen<'_>, ask: &mut impl Ask) -> Vec<Finding> {
    let mut named: BTreeSet<(String, String)> = BTreeSet::new();
    for remote in seen.remotes() {
        if let Target::RemoteHelper {
            region,
            profile: Some(profile),
        } = &remote.target
        {
            let known = seen.profiles().iter().find(|view| view.name == *profile);
            let region = region.clone().or_else(|| known?.region.clone());
            if let (Some(_), Some(region)) = (known, region) {
                named.insert((profile.clone(), region));
            }
        }
    }
    named
        .into_iter()
        .filter_map(|(profile, region)| match ask.can_list(&profile, &region) {
            Ok(()) => Some(Check::Access.good(format!("profile {profile} reaches CodeCommit in {region}"))),
            // That somebody has to sign in is nothing wrong, and what AWS cannot be asked is said elsewhere.
            Err(error) if error.code.requires_human() || error.code == ErrorCode::Offline => None,
            Err(error) => {
                let finding = Check::Access.problem(
                    error.message,
                    format!("git commands with profile {profile} in {region} are likely to be refused, too"),
                );
                Some(finding.hints(&error.hints))
            }
        })
        .collect()
}
