//! What the agent sends.

use crate::error::AgentError;
use crate::event::Event;
use crate::secret;
use crate::view::{
    ActivityView, KeyView, PortalView, ProfileView, RepositoryView, SessionView, SignInView,
    SsoAccountView, StatusView,
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

/// Every frame from the agent.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ServerMessage {
    /// The answer to a request.
    Reply {
        /// The request's number.
        id: u64,
        /// The answer.
        reply: Reply,
    },
    /// The request failed.
    Error {
        /// The request's number; 0 when the failure concerns the connection.
        id: u64,
        /// Why.
        error: AgentError,
    },
    /// Something happened; only sent to subscribers.
    Event(Event),
}

/// An answer. Holds secrets, so it has no `Debug`.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum Reply {
    /// The agent is there.
    Pong {
        /// Version of the agent.
        version: String,
        /// Process id of the agent.
        pid: u32,
    },
    /// User name and password for git.
    GitCredential {
        /// Access key id, with the session token behind a `%` where there is one.
        #[serde(with = "secret")]
        username: SecretString,
        /// The CodeCommit git password.
        #[serde(with = "secret")]
        password: SecretString,
        /// When the password ends, in seconds since 1970 by the caller's own clock.
        expires_at: i64,
    },
    /// Where git finds a repository.
    RepositoryEndpoint {
        /// Host name, without a port.
        host: String,
        /// Profile to take the credentials from, where the URL, the caller or a usable `default` names one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        profile: Option<String>,
    },
    /// Which profile is remembered for a repository.
    RememberedProfile {
        /// Its name; none when nothing is remembered.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        profile: Option<String>,
    },
    /// AWS credentials.
    Credentials {
        /// Access key id.
        access_key_id: String,
        /// Secret access key.
        #[serde(with = "secret")]
        secret_access_key: SecretString,
        /// Session token of temporary credentials.
        #[serde(default, with = "secret::option")]
        session_token: Option<SecretString>,
        /// When the credentials end, in seconds since 1970; absent for long-lived keys.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expires_at: Option<i64>,
        /// Region of the profile, or of the caller.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        region: Option<String>,
        /// Account that the credentials belong to, when known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account_id: Option<String>,
    },
    /// Signed in.
    LoggedIn {
        /// The session that was opened.
        session: SessionView,
    },
    /// A sign-in with the browser has begun. The page is for the client to open.
    SignInStarted {
        /// The sign-in.
        sign_in: SignInView,
    },
    /// The portals of IAM Identity Center.
    Portals {
        /// By start URL.
        portals: Vec<PortalView>,
    },
    /// Some of a portal's accounts.
    SsoAccounts {
        /// Those that are newly known, with their roles when those were asked for.
        accounts: Vec<SsoAccountView>,
        /// How many accounts are known completely.
        done: u32,
        /// How many accounts there are, as far as that is known.
        total: u32,
        /// When AWS was asked, in seconds since 1970.
        fetched_at: i64,
        /// Another answer with the same number follows.
        more: bool,
    },
    /// Done, nothing to tell.
    Done,
    /// The state of the agent.
    Status(StatusView),
    /// Some of the profiles.
    Profiles {
        /// At most a few hundred profiles.
        profiles: Vec<ProfileView>,
        /// Another answer with the same number follows.
        more: bool,
    },
    /// The access keys in the keychain, without their secrets.
    Keys {
        /// One entry per profile.
        keys: Vec<KeyView>,
    },
    /// What the agent did.
    Activity {
        /// Newest first.
        entries: Vec<ActivityView>,
        /// There are older ones.
        more: bool,
    },
    /// A link that opens the AWS console signed in.
    ConsoleLink {
        /// The link. Whoever has it is signed in, so it is a secret.
        #[serde(with = "secret")]
        url: SecretString,
        /// When the console session ends that the link opens, in seconds since 1970.
        expires_at: i64,
    },
    /// Some of the repositories.
    Repositories {
        /// At most a few hundred repositories.
        repositories: Vec<RepositoryView>,
        /// When AWS was asked, in seconds since 1970.
        fetched_at: i64,
        /// Another answer with the same number follows.
        more: bool,
    },
    /// There is a new repository.
    RepositoryCreated {
        /// The repository.
        repository: RepositoryView,
    },
}
