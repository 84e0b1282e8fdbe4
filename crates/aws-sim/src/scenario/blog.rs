//! The scenario Holdfast exists for: a user with an MFA device in one account, a repository behind a role in another.

use serde_json::json;

use super::{Account, Repository, Role, Scenario, Trust, User};

/// The account of the user.
pub const ACCOUNT_A: &str = "111122223333";
/// The account of role and repository.
pub const ACCOUNT_B: &str = "222233334444";
/// The region of the repository.
pub const REGION: &str = "us-east-1";
/// The user.
pub const USER: &str = "MyRepositoryUser";
/// The user's ARN.
pub const USER_ARN: &str = "arn:aws:iam::111122223333:user/MyRepositoryUser";
/// The serial number of the user's virtual MFA device.
pub const MFA_SERIAL: &str = "arn:aws:iam::111122223333:mfa/MyRepositoryUser";
/// The role that demands a one-time code given less than a day ago.
pub const ROLE: &str = "MyRepositoryContributorRole";
/// The role's ARN.
pub const ROLE_ARN: &str = "arn:aws:iam::222233334444:role/MyRepositoryContributorRole";
/// The repository.
pub const REPOSITORY: &str = "myRepository";
/// The repository's HTTPS URL.
pub const CLONE_URL: &str = "https://git-codecommit.us-east-1.amazonaws.com/v1/repos/myRepository";
/// The profile with the user's access key.
pub const KEY_PROFILE: &str = "FetchMfaCredentials";
/// The profile of the role.
pub const ROLE_PROFILE: &str = "MyRepositoryContributor";

/// Seconds for which a one-time code opens the role.
const MFA_AGE: u32 = 86_400;

const CONFIG: &str = "\
[profile FetchMfaCredentials]
region = us-east-1
mfa_serial = arn:aws:iam::111122223333:mfa/MyRepositoryUser
get_session_token_duration_seconds = 43200

[profile MyRepositoryContributor]
region = us-east-1
role_arn = arn:aws:iam::222233334444:role/MyRepositoryContributorRole
source_profile = FetchMfaCredentials
mfa_serial = arn:aws:iam::111122223333:mfa/MyRepositoryUser
";

impl Scenario {
    /// [`USER`] in account A with an access key and a virtual MFA device; [`ROLE`] in account B, which trusts account A and
    /// demands a young one-time code; [`REPOSITORY`] with history in account B.
    pub fn blog() -> Self {
        let user = User::new(USER)
            .access_key()
            .virtual_mfa()
            .policy(assume_policy())
            .policy(own_credentials_policy());
        let role = Role::new(ROLE, Trust::of(ACCOUNT_A).mfa_younger_than(MFA_AGE))
            .policy(contributor_policy());
        let repository = Repository::new(REGION, REPOSITORY)
            .description("My Repository")
            .commits(12);
        Self::new()
            .account(Account::new(ACCOUNT_A).user(user))
            .account(Account::new(ACCOUNT_B).role(role).repository(repository))
            .config(CONFIG)
            .key_profile(KEY_PROFILE, USER)
    }
}

fn assume_policy() -> serde_json::Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Action": ["sts:AssumeRole"],
            "Resource": [ROLE_ARN],
            "Condition": { "NumericLessThan": { "aws:MultiFactorAuthAge": MFA_AGE.to_string() } },
        }],
    })
}

/// What a user needs to see and rotate its own keys.
fn own_credentials_policy() -> serde_json::Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Action": [
                "iam:GetUser",
                "iam:ListMFADevices",
                "iam:ListAccessKeys",
                "iam:CreateAccessKey",
                "iam:UpdateAccessKey",
                "iam:DeleteAccessKey",
                "iam:GetAccessKeyLastUsed",
            ],
            "Resource": [USER_ARN],
        }],
    })
}

/// Everything in CodeCommit but deleting repositories.
fn contributor_policy() -> serde_json::Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [
            { "Effect": "Allow", "Action": "codecommit:*", "Resource": "*" },
            { "Effect": "Deny", "Action": "codecommit:DeleteRepository", "Resource": "*" },
        ],
    })
}
