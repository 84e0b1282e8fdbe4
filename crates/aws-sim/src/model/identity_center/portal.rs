//! Portals: the people who sign in there, and which permission sets they have in which accounts.

use std::collections::{BTreeMap, BTreeSet};

use super::throttle::Throttle;
use super::{DevicePage, PortalPolicy};

/// One instance of IAM Identity Center, known by its start URL.
#[derive(Debug)]
pub(crate) struct Portal {
    pub(crate) start_url: String,
    pub(crate) region: String,
    pub(crate) users: Vec<String>,
    /// Names by account id.
    pub(crate) account_names: BTreeMap<String, String>,
    /// Length of role sessions in seconds, by permission set.
    pub(crate) permission_sets: BTreeMap<String, i64>,
    /// By user and account.
    pub(crate) assignments: BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
    /// The roles that stand for permission sets, by account and permission set.
    pub(crate) roles: BTreeMap<(String, String), String>,
    pub(crate) policy: PortalPolicy,
    pub(crate) throttle: Throttle,
}

/// A permission set that somebody has in an account.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Assigned {
    /// The name of the role that stands for it.
    pub(crate) role: String,
    /// How long its sessions last.
    pub(crate) seconds: i64,
}

impl Portal {
    /// Whether people know it under this start URL and in this region.
    pub(crate) fn is_at(&self, start_url: &str, region: &str) -> bool {
        self.region == region && same_start_url(&self.start_url, start_url)
    }

    /// The name people gave an account; its id when they gave none.
    pub(crate) fn account_name<'p>(&'p self, account: &'p str) -> &'p str {
        self.account_names
            .get(account)
            .map_or(account, String::as_str)
    }

    /// The accounts in which a user has anything.
    pub(crate) fn accounts_of(&self, user: &str) -> impl Iterator<Item = &str> {
        let accounts = self.assignments.get(user).into_iter().flatten();
        accounts
            .filter(|(_, sets)| !sets.is_empty())
            .map(|(account, _)| account.as_str())
    }

    /// The permission sets that a user has in an account.
    pub(crate) fn permission_sets_of(
        &self,
        user: &str,
        account: &str,
    ) -> impl Iterator<Item = &str> {
        let sets = self.assignments.get(user).and_then(|of| of.get(account));
        sets.into_iter().flatten().map(String::as_str)
    }

    /// What stands for a permission set that a user has in an account.
    pub(crate) fn assigned(&self, user: &str, account: &str, set: &str) -> Option<Assigned> {
        self.assignments.get(user)?.get(account)?.get(set)?;
        let role = self.roles.get(&(account.to_owned(), set.to_owned()))?;
        Some(Assigned {
            role: role.clone(),
            seconds: *self.permission_sets.get(set)?,
        })
    }

    /// Gives a user a permission set in an account, or takes it away. Says whether both exist there.
    pub(crate) fn assign(&mut self, user: &str, account: &str, set: &str, assigned: bool) -> bool {
        let place = (account.to_owned(), set.to_owned());
        if !self.users.iter().any(|known| known == user) || !self.roles.contains_key(&place) {
            return false;
        }
        let accounts = self.assignments.entry(user.to_owned()).or_default();
        let sets = accounts.entry(account.to_owned()).or_default();
        if assigned {
            sets.insert(set.to_owned());
        } else {
            sets.remove(set);
        }
        true
    }

    /// Where people type the code of a device.
    pub(crate) fn device_page(&self) -> String {
        match self.policy.device_page {
            DevicePage::StartUrl => format!("{}/#/device", self.start_url),
            DevicePage::Regional => {
                let suffix = if self.region.starts_with("cn-") {
                    ".cn"
                } else {
                    ""
                };
                format!("https://device.sso.{}.amazonaws.com{suffix}/", self.region)
            }
        }
    }
}

/// Whether two texts name the same portal: AWS does not mind what people copy from a browser's address bar.
pub(crate) fn same_start_url(one: &str, other: &str) -> bool {
    fn plain(url: &str) -> &str {
        url.trim_end_matches(['/', '#'])
    }
    plain(one) == plain(other)
}

#[cfg(test)]
mod tests {
    use super::same_start_url;

    #[test]
    fn start_urls_as_people_copy_them() {
        let known = "https://demo.awsapps.com/start";
        for copied in ["", "/", "#", "#/", "/#", "/#/"] {
            assert!(
                same_start_url(known, &format!("{known}{copied}")),
                "{copied}"
            );
        }
        assert!(!same_start_url(known, "https://dem.awsapps.com/start"));
        assert!(!same_start_url(known, "https://demo.awsapps.com"));
    }
}
