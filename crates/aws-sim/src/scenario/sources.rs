//! A machine at AWS and a person at a console: every source of a session besides keys and portals.

use super::{Account, Repository, Role, Scenario, Trust, User, allow};

/// The account.
pub const ACCOUNT: &str = "111122223333";
/// The region of the profiles.
pub const REGION: &str = "us-east-1";
/// The OpenID Connect provider, which vouches for builds.
pub const ISSUER: &str = "https://tokens.example.com";
/// Whom the token in the file is about.
pub const SUBJECT: &str = "build-7";
/// The role of builds, of the EC2 instance and of the container.
pub const ROLE_ARN: &str = "arn:aws:iam::111122223333:role/Worker";
/// A role that [`ROLE_ARN`] may assume.
pub const TARGET_ARN: &str = "arn:aws:iam::111122223333:role/Target";
/// Who is signed in to the console in the browser.
pub const PERSON: &str = "arn:aws:sts::111122223333:assumed-role/Worker/jo";
/// The repository that both roles may read and write.
pub const REPOSITORY: &str = "build-tools";
/// The profile over a web identity token.
pub const WEB_PROFILE: &str = "web";
/// The profile of [`TARGET_ARN`] over the EC2 instance.
pub const INSTANCE_PROFILE: &str = "instance";
/// The profile of [`TARGET_ARN`] over the container.
pub const CONTAINER_PROFILE: &str = "container";
/// The profile over [`PERSON`]'s console session.
pub const CONSOLE_PROFILE: &str = "console";

const CONFIG: &str = "\
[profile web]
region = us-east-1
role_arn = arn:aws:iam::111122223333:role/Worker
role_session_name = ci
web_identity_token_file = {folder}/web-identity-token

[profile instance]
region = us-east-1
role_arn = arn:aws:iam::111122223333:role/Target
credential_source = Ec2InstanceMetadata

[profile container]
region = us-east-1
role_arn = arn:aws:iam::111122223333:role/Target
credential_source = EcsContainer

[profile console]
region = us-east-1
login_session = arn:aws:sts::111122223333:assumed-role/Worker/jo
";

impl Scenario {
    /// [`ROLE_ARN`], which builds, an EC2 instance and a container get credentials of, and which [`PERSON`] is signed in to the
    /// console as; [`TARGET_ARN`] behind it, and [`REPOSITORY`].
    pub fn sources() -> Self {
        let git = allow(&["codecommit:*"], &["*"]);
        let worker = Role::new("Worker", Trust::of_provider(ACCOUNT, ISSUER, "build-*"))
            .policy(allow(&["sts:AssumeRole"], &["*"]))
            .policy(git.clone());
        let account = Account::new(ACCOUNT)
            .oidc_provider(ISSUER, "sts.amazonaws.com")
            .user(User::new("jo"))
            .role(worker)
            .role(Role::new("Target", Trust::of(ROLE_ARN)).policy(git))
            .repository(Repository::new(REGION, REPOSITORY).commits(3));
        Self::new()
            .account(account)
            .web_identity_file(ISSUER, SUBJECT)
            .instance_role(ROLE_ARN)
            .container_role(ROLE_ARN)
            .console_session(PERSON)
            .config(CONFIG)
    }
}
