//! A person in a team: one user with an MFA device, and roles and repositories in several accounts.

use super::{Account, Repository, Role, Scenario, Trust, User, allow};

/// The account of the user.
const PEOPLE: &str = "111111111111";
/// The accounts of the projects.
const ALPHA: &str = "222222222222";
const DATA: &str = "333333333333";
const LIVE: &str = "444444444444";

const REGION: &str = "eu-central-1";

/// The user.
pub const USER: &str = "jo";
/// The serial number of the user's virtual MFA device.
pub const MFA_SERIAL: &str = "arn:aws:iam::111111111111:mfa/jo";
/// The profile with the user's access key.
pub const KEY_PROFILE: &str = "jo";

const CONFIG: &str = "\
[profile jo]
region = eu-central-1
mfa_serial = arn:aws:iam::111111111111:mfa/jo
get_session_token_duration_seconds = 36000

[profile project-alpha]
region = eu-central-1
role_arn = arn:aws:iam::222222222222:role/Developer
source_profile = jo
mfa_serial = arn:aws:iam::111111111111:mfa/jo

[profile data-platform]
region = eu-central-1
role_arn = arn:aws:iam::333333333333:role/Analyst
source_profile = jo
mfa_serial = arn:aws:iam::111111111111:mfa/jo

[profile production-support]
region = eu-central-1
role_arn = arn:aws:iam::444444444444:role/Support
source_profile = jo
mfa_serial = arn:aws:iam::111111111111:mfa/jo
";

impl Scenario {
    /// [`USER`] with an access key and a virtual MFA device, and three accounts with a role each that
    /// demands a one-time code.
    pub fn team() -> Self {
        let assume = allow(&["sts:AssumeRole"], &["arn:aws:iam::*:role/*"]);
        let user = User::new(USER).access_key().virtual_mfa().policy(assume);
        let role = |name: &str| {
            let everything = allow(&["codecommit:*"], &["*"]);
            Role::new(name, Trust::of(PEOPLE).mfa()).policy(everything)
        };
        let repository =
            |name: &str, text: &str| Repository::new(REGION, name).description(text).commits(5);
        Self::new()
            .account(Account::new(PEOPLE).user(user))
            .account(
                Account::new(ALPHA)
                    .role(role("Developer"))
                    .repository(repository("project-alpha", "The web shop"))
                    .repository(repository(
                        "project-alpha-infrastructure",
                        "Its accounts and networks",
                    ))
                    .repository(repository("shared-libraries", "What all projects use")),
            )
            .account(
                Account::new(DATA)
                    .role(role("Analyst"))
                    .repository(repository("ingest", "From the shop into the lake"))
                    .repository(repository("warehouse-models", "Tables and their tests")),
            )
            .account(Account::new(LIVE).role(role("Support")))
            .config(CONFIG)
            .key_profile(KEY_PROFILE, USER)
    }
}

#[cfg(test)]
mod tests {
    use super::{CONFIG, MFA_SERIAL, Scenario};

    #[test]
    fn every_role_profile_asks_the_one_device() {
        assert_eq!(CONFIG.matches(MFA_SERIAL).count(), 4);
        assert_eq!(Scenario::team().accounts.len(), 4);
    }
}
