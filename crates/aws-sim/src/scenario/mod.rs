//! What a simulated AWS starts with: accounts, users, roles, repositories, and the AWS files that fit them.

pub mod blog;
mod blog_many;
mod build;
mod policies;
pub mod sources;
pub mod sso;
pub mod sso_many;
mod sso_portal;
pub mod team;

use serde_json::Value;

pub use policies::{Trust, allow};
pub use sso_portal::{PermissionSet, Portal};

/// A world to start with. Keys, codes and seeds are random and different at every start.
#[derive(Clone, Debug)]
pub struct Scenario {
    pub(crate) accounts: Vec<Account>,
    pub(crate) portals: Vec<Portal>,
    pub(crate) config: String,
    /// Profile and user: which profile of the credentials file holds whose access key.
    pub(crate) key_profiles: Vec<(String, String)>,
    pub(crate) page_size: usize,
    /// ARNs of those who are signed in to the console in the browser.
    pub(crate) console_people: Vec<String>,
    /// Issuer and subject of the token in the file of web identities.
    pub(crate) web_identity_file: Option<(String, String)>,
    /// ARN of the role of the EC2 instance.
    pub(crate) instance_role: Option<String>,
    /// ARN of the role of the container.
    pub(crate) container_role: Option<String>,
}

impl Default for Scenario {
    fn default() -> Self {
        Self::new()
    }
}

impl Scenario {
    /// A world without accounts.
    pub fn new() -> Self {
        Self {
            accounts: Vec::new(),
            portals: Vec::new(),
            config: String::new(),
            key_profiles: Vec::new(),
            page_size: 100,
            console_people: Vec::new(),
            web_identity_file: None,
            instance_role: None,
            container_role: None,
        }
    }

    /// Adds an account.
    #[must_use]
    pub fn account(mut self, account: Account) -> Self {
        self.accounts.push(account);
        self
    }

    /// Adds text to `~/.aws/config`.
    #[must_use]
    pub fn config(mut self, text: &str) -> Self {
        self.config.push_str(text);
        self
    }

    /// Puts the first access key of `user` into the section `profile` of `~/.aws/credentials`.
    #[must_use]
    pub fn key_profile(mut self, profile: &str, user: &str) -> Self {
        self.key_profiles
            .push((profile.to_owned(), user.to_owned()));
        self
    }

    /// Adds repositories to an account that is there already.
    #[must_use]
    pub fn repositories(
        mut self,
        account: &str,
        repositories: impl IntoIterator<Item = Repository>,
    ) -> Self {
        let known = self.accounts.iter_mut().find(|known| known.id == account);
        if let Some(known) = known {
            known.repositories.extend(repositories);
        }
        self
    }

    /// Signs somebody in to the console in the browser, so that `aws login` can take the session over: a user, or the session
    /// of a role (`arn:aws:sts::ACCOUNT:assumed-role/ROLE/NAME`).
    #[must_use]
    pub fn console_session(mut self, arn: &str) -> Self {
        self.console_people.push(arn.to_owned());
        self
    }

    /// Keeps a token of this issuer for this subject in `web-identity-token` in the folder of the simulated AWS, good for 30
    /// days. In the text of `~/.aws/config`, `{folder}` stands for that folder.
    #[must_use]
    pub fn web_identity_file(mut self, issuer: &str, subject: &str) -> Self {
        self.web_identity_file = Some((issuer.to_owned(), subject.to_owned()));
        self
    }

    /// Attaches the role of this ARN to the EC2 instance that programs run on.
    #[must_use]
    pub fn instance_role(mut self, role_arn: &str) -> Self {
        self.instance_role = Some(role_arn.to_owned());
        self
    }

    /// Attaches the role of this ARN to the container that programs run in.
    #[must_use]
    pub fn container_role(mut self, role_arn: &str) -> Self {
        self.container_role = Some(role_arn.to_owned());
        self
    }

    /// How many names one page of a CodeCommit list holds; 100 unless told.
    #[must_use]
    pub fn page_size(mut self, names: usize) -> Self {
        self.page_size = names.max(1);
        self
    }
}

/// An AWS account.
#[derive(Clone, Debug)]
pub struct Account {
    pub(crate) id: String,
    pub(crate) partition: &'static str,
    pub(crate) users: Vec<User>,
    pub(crate) roles: Vec<Role>,
    /// Issuer and audience.
    pub(crate) oidc_providers: Vec<(String, String)>,
    pub(crate) repositories: Vec<Repository>,
}

impl Account {
    /// An empty account in the commercial partition.
    pub fn new(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            partition: "aws",
            users: Vec::new(),
            roles: Vec::new(),
            oidc_providers: Vec::new(),
            repositories: Vec::new(),
        }
    }

    /// Moves the account to another partition, such as `aws-cn`.
    #[must_use]
    pub fn partition(mut self, partition: &'static str) -> Self {
        self.partition = partition;
        self
    }

    /// Adds an IAM user.
    #[must_use]
    pub fn user(mut self, user: User) -> Self {
        self.users.push(user);
        self
    }

    /// Adds an IAM role.
    #[must_use]
    pub fn role(mut self, role: Role) -> Self {
        self.roles.push(role);
        self
    }

    /// Adds an OpenID Connect provider, which stands ready to issue tokens: its issuer (`https://…`) and the audience that
    /// the account accepts.
    #[must_use]
    pub fn oidc_provider(mut self, issuer: &str, audience: &str) -> Self {
        self.oidc_providers
            .push((issuer.to_owned(), audience.to_owned()));
        self
    }

    /// Adds a CodeCommit repository.
    #[must_use]
    pub fn repository(mut self, repository: Repository) -> Self {
        self.repositories.push(repository);
        self
    }
}

/// An IAM user.
#[derive(Clone, Debug)]
pub struct User {
    pub(crate) name: String,
    pub(crate) access_keys: usize,
    pub(crate) virtual_mfa: bool,
    pub(crate) policies: Vec<Value>,
}

impl User {
    /// A user without keys, devices and permissions.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            access_keys: 0,
            virtual_mfa: false,
            policies: Vec::new(),
        }
    }

    /// Gives the user one more access key.
    #[must_use]
    pub fn access_key(mut self) -> Self {
        self.access_keys += 1;
        self
    }

    /// Gives the user a virtual MFA device named after it: `arn:aws:iam::ACCOUNT:mfa/NAME`.
    #[must_use]
    pub fn virtual_mfa(mut self) -> Self {
        self.virtual_mfa = true;
        self
    }

    /// Attaches a policy document.
    #[must_use]
    pub fn policy(mut self, document: Value) -> Self {
        self.policies.push(document);
        self
    }
}

/// An IAM role.
#[derive(Clone, Debug)]
pub struct Role {
    pub(crate) name: String,
    pub(crate) trust: Value,
    pub(crate) policies: Vec<Value>,
    pub(crate) max_session_duration: i64,
}

impl Role {
    /// A role without permissions and with sessions of at most an hour. `trust` is its trust policy: a document, or a
    /// [`Trust`] turned into one.
    pub fn new(name: &str, trust: impl Into<Value>) -> Self {
        Self {
            name: name.to_owned(),
            trust: trust.into(),
            policies: Vec::new(),
            max_session_duration: 3600,
        }
    }

    /// Attaches a policy document.
    #[must_use]
    pub fn policy(mut self, document: Value) -> Self {
        self.policies.push(document);
        self
    }

    /// The longest session, in seconds (3600 to 43200).
    #[must_use]
    pub fn max_session_duration(mut self, seconds: i64) -> Self {
        self.max_session_duration = seconds;
        self
    }
}

/// A CodeCommit repository.
#[derive(Clone, Debug)]
pub struct Repository {
    pub(crate) region: String,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) commits: u32,
}

impl Repository {
    /// An empty repository.
    pub fn new(region: &str, name: &str) -> Self {
        Self {
            region: region.to_owned(),
            name: name.to_owned(),
            description: None,
            commits: 0,
        }
    }

    /// Sets the description.
    #[must_use]
    pub fn description(mut self, text: &str) -> Self {
        self.description = Some(text.to_owned());
        self
    }

    /// Gives the repository this many commits on `main`, made by real git.
    #[must_use]
    pub fn commits(mut self, number: u32) -> Self {
        self.commits = number;
        self
    }
}
