//! A developer who signs in through IAM Identity Center: two portals, profiles of every form, and a role behind one of them.

use super::{Account, PermissionSet, Portal, Repository, Role, Scenario, Trust, allow};

/// The start URL of the first portal.
pub const START_URL: &str = "https://holdfast-demo.awsapps.com/start";
/// The region of the first portal.
pub const SSO_REGION: &str = "eu-central-1";
/// The start URL of the second portal.
pub const OTHER_START_URL: &str = "https://holdfast-partner.awsapps.com/start";
/// The region of the second portal.
pub const OTHER_SSO_REGION: &str = "us-east-1";
/// The person, at both portals.
pub const USER: &str = "jo";
/// The region of the repositories.
pub const REGION: &str = "eu-central-1";
/// The account of the development team.
pub const DEV_ACCOUNT: &str = "222233334444";
/// The account behind the role chain.
pub const LIVE_ACCOUNT: &str = "333344445555";
/// The account of the second portal.
pub const PARTNER_ACCOUNT: &str = "444455556666";
/// The permission set of [`DEV_PROFILE`].
pub const DEV_PERMISSION_SET: &str = "DevTeam";
/// The permission set of [`LEGACY_PROFILE`].
pub const READ_PERMISSION_SET: &str = "ReadOnly";
/// The repository of the development team.
pub const REPOSITORY: &str = "dev-team-app";
/// That repository's HTTPS URL.
pub const CLONE_URL: &str =
    "https://git-codecommit.eu-central-1.amazonaws.com/v1/repos/dev-team-app";
/// The section `[sso-session …]` of the first portal.
pub const SSO_SESSION: &str = "holdfast-demo";
/// The profile over [`SSO_SESSION`].
pub const DEV_PROFILE: &str = "dev-team-profile";
/// A second profile over [`SSO_SESSION`].
pub const READ_PROFILE: &str = "dev-team-read";
/// The profile that names the first portal itself, as older files do.
pub const LEGACY_PROFILE: &str = "dev-team-legacy";
/// The profile of [`LIVE_ROLE_ARN`] on top of [`DEV_PROFILE`].
pub const CHAIN_PROFILE: &str = "live-support";
/// The role behind [`CHAIN_PROFILE`].
pub const LIVE_ROLE_ARN: &str = "arn:aws:iam::333344445555:role/LiveSupport";
/// The repository in [`LIVE_ACCOUNT`].
pub const LIVE_REPOSITORY: &str = "live-runbooks";
/// The profile at the second portal.
pub const PARTNER_PROFILE: &str = "partner";

const CONFIG: &str = "\
[sso-session holdfast-demo]
sso_start_url = https://holdfast-demo.awsapps.com/start
sso_region = eu-central-1
sso_registration_scopes = sso:account:access

[profile dev-team-profile]
sso_session = holdfast-demo
sso_account_id = 222233334444
sso_role_name = DevTeam
region = eu-central-1

[profile dev-team-read]
sso_session = holdfast-demo
sso_account_id = 222233334444
sso_role_name = ReadOnly
region = eu-central-1

[profile dev-team-legacy]
sso_start_url = https://holdfast-demo.awsapps.com/start
sso_region = eu-central-1
sso_account_id = 222233334444
sso_role_name = ReadOnly
region = eu-central-1

[profile live-support]
role_arn = arn:aws:iam::333344445555:role/LiveSupport
source_profile = dev-team-profile
region = eu-central-1

[sso-session holdfast-partner]
sso_start_url = https://holdfast-partner.awsapps.com/start
sso_region = us-east-1
sso_registration_scopes = sso:account:access

[profile partner]
sso_session = holdfast-partner
sso_account_id = 444455556666
sso_role_name = Contributor
region = eu-central-1
";

impl Scenario {
    /// [`USER`] at two portals. At the first, [`DEV_PERMISSION_SET`] lets clone and push in [`DEV_ACCOUNT`] and leads on to
    /// [`LIVE_ROLE_ARN`]; at the second there is one more account.
    pub fn sso() -> Self {
        let everything = || allow(&["codecommit:*"], &["*"]);
        let repository =
            |name: &str, text: &str| Repository::new(REGION, name).description(text).commits(5);
        let live = Role::new("LiveSupport", Trust::of(DEV_ACCOUNT)).policy(everything());
        let dev = PermissionSet::new(DEV_PERMISSION_SET)
            .policy(everything())
            .policy(allow(&["sts:AssumeRole"], &[LIVE_ROLE_ARN]));
        let read = PermissionSet::new(READ_PERMISSION_SET).policy(allow(
            &[
                "codecommit:GitPull",
                "codecommit:Get*",
                "codecommit:List*",
                "codecommit:BatchGet*",
            ],
            &["*"],
        ));
        Self::new()
            .account(
                Account::new(DEV_ACCOUNT)
                    .repository(repository(REPOSITORY, "What the team works on"))
                    .repository(repository("dev-team-tools", "What helps it")),
            )
            .account(
                Account::new(LIVE_ACCOUNT)
                    .role(live)
                    .repository(repository(LIVE_REPOSITORY, "What to do at night")),
            )
            .account(
                Account::new(PARTNER_ACCOUNT).repository(repository("exchange", "Shared files")),
            )
            .portal(
                Portal::new("holdfast-demo", SSO_REGION)
                    .user(USER)
                    .account_name(DEV_ACCOUNT, "Development")
                    .account_name(LIVE_ACCOUNT, "Live")
                    .permission_set(dev)
                    .permission_set(read)
                    .assign(USER, DEV_ACCOUNT, DEV_PERMISSION_SET)
                    .assign(USER, DEV_ACCOUNT, READ_PERMISSION_SET)
                    .assign(USER, LIVE_ACCOUNT, READ_PERMISSION_SET),
            )
            .portal(
                Portal::new("holdfast-partner", OTHER_SSO_REGION)
                    .user(USER)
                    .account_name(PARTNER_ACCOUNT, "Partner")
                    .permission_set(PermissionSet::new("Contributor").policy(everything()))
                    .assign(USER, PARTNER_ACCOUNT, "Contributor"),
            )
            .config(CONFIG)
    }
}
