//! A portal of a large organisation: many accounts with a few permission sets each.

use super::{PermissionSet, Portal, Scenario, allow};

/// The start URL of the portal.
pub const START_URL: &str = "https://holdfast-large.awsapps.com/start";
/// The region of the portal.
pub const SSO_REGION: &str = "eu-central-1";
/// The person.
pub const USER: &str = "jo";

/// The names of the first permission sets.
const NAMES: [&str; 5] = [
    "Administrator",
    "Billing",
    "Developer",
    "ReadOnly",
    "Support",
];

/// The number from which account ids are counted up.
const FIRST_ACCOUNT: u64 = 100_000_000_000;

const CONFIG: &str = "\
[sso-session holdfast-large]
sso_start_url = https://holdfast-large.awsapps.com/start
sso_region = eu-central-1
sso_registration_scopes = sso:account:access
";

impl Scenario {
    /// [`USER`] with `permission_sets` permission sets in each of `accounts` accounts, and no profile yet.
    pub fn sso_many(accounts: u32, permission_sets: u32) -> Self {
        let names: Vec<String> = (0..permission_sets)
            .map(|number| {
                let place = usize::try_from(number).unwrap_or(usize::MAX);
                NAMES
                    .get(place)
                    .map_or_else(|| format!("Set{number}"), |name| (*name).to_owned())
            })
            .collect();
        let mut portal = Portal::new("holdfast-large", SSO_REGION).user(USER);
        for name in &names {
            let set = PermissionSet::new(name).policy(allow(&["codecommit:*"], &["*"]));
            portal = portal.permission_set(set);
        }
        for number in 0..accounts {
            let id = account_id(number);
            portal = portal.account_name(&id, &format!("Team {number:04}"));
            for name in &names {
                portal = portal.assign(USER, &id, name);
            }
        }
        Self::new().portal(portal).config(CONFIG)
    }
}

/// The id of the account with this number, counted from 0.
pub fn account_id(number: u32) -> String {
    (FIRST_ACCOUNT + u64::from(number)).to_string()
}
