//! The profiles and the `sso-session` section that a portal has in the files, wherever they stand.

use super::choice::Portal;
use super::name::safe;
use holdfast_aws_files::sso::normalized_start_url;
use holdfast_aws_files::{ProfileSet, Section};
use std::collections::HashMap;

/// A role in an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct RoleId<'a> {
    account_id: &'a str,
    role_name: &'a str,
}

impl<'a> RoleId<'a> {
    pub(super) fn new(account_id: &'a str, role_name: &'a str) -> Self {
        Self {
            account_id,
            role_name,
        }
    }
}

/// What the files have of a portal.
pub(super) struct PortalProfiles {
    session: Option<String>,
    /// Names of the profiles by account and role.
    profiles: HashMap<(String, String), Vec<String>>,
}

impl PortalProfiles {
    pub(super) fn of(portal: &Portal, set: &ProfileSet) -> Self {
        let is_of_portal = |section: &Section| {
            let url = section.get("sso_start_url").map(normalized_start_url);
            url.is_some_and(|url| url.is_ok_and(|url| url == portal.start_url))
                && section.get("sso_region") == Some(&portal.region)
        };
        let mut profiles: HashMap<(String, String), Vec<String>> = HashMap::new();
        for profile in set.profiles() {
            let place = match profile.get("sso_session") {
                Some(name) => set.sso_session(name),
                None => Some(profile),
            };
            if let Some(place) = place
                && let Some(account_id) = profile.get("sso_account_id")
                && let Some(role_name) = profile.get("sso_role_name")
                && is_of_portal(place)
            {
                let role = (account_id.to_owned(), role_name.to_owned());
                let names = profiles.entry(role).or_default();
                names.push(profile.name().to_owned());
            }
        }
        let session = set.sso_sessions().find(|section| is_of_portal(section));
        Self {
            session: session.map(|section| section.name().to_owned()),
            profiles,
        }
    }

    /// Name of the first `sso-session` section of the portal.
    pub(super) fn session(&self) -> Option<&str> {
        self.session.as_deref()
    }

    /// Names of the profiles that have a role.
    pub(super) fn of_role(&self, role: &RoleId<'_>) -> &[String] {
        let key = (role.account_id.to_owned(), role.role_name.to_owned());
        self.profiles.get(&key).map_or(&[], Vec::as_slice)
    }
}

/// A name for the `sso-session` section of a portal that no other section has: the portal's own, as its address has it.
pub(super) fn new_session_name(portal: &Portal, set: &ProfileSet) -> String {
    let address = portal.start_url.trim_start_matches("https://");
    let (host, path) = address.split_once('/').unwrap_or((address, ""));
    let directory = path.strip_prefix("directory/").map(safe);
    let label = || safe(host.split(['.', ':']).next().unwrap_or_default());
    let name = directory
        .filter(|name| !name.is_empty())
        .unwrap_or_else(label);
    let is_free = |name: &String| set.sso_session(name).is_none();
    let numbered = (2_u32..).map(|number| format!("{name}-{number}"));
    std::iter::once(name.clone())
        .chain(numbered)
        .find(is_free)
        .unwrap_or(name)
}
