//! What clients send.

use crate::context::CallerContext;
use crate::secret;
use crate::view::SignInMethod;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

/// The first frame of a connection. The client need not wait for an answer before its first request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Hello {
    /// Version of the protocol that the client speaks.
    pub protocol: u32,
    /// Name of the client program, for example `git-credential-holdfast`.
    pub client: String,
    /// Version of the client program.
    pub version: String,
    /// The caller's surroundings.
    pub context: CallerContext,
}

/// Every later frame from a client.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ClientMessage {
    /// Chosen by the client; the answer carries the same number.
    pub id: u64,
    /// What is asked.
    pub request: Request,
}

/// What a client may ask. Holds secrets, so it has no `Debug`.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum Request {
    /// Is the agent there? Answered with [`Reply::Pong`](crate::Reply::Pong).
    Ping,
    /// User name and password for a CodeCommit repository over https.
    /// Answered with [`Reply::GitCredential`](crate::Reply::GitCredential).
    GitCredential {
        /// Host as git sent it, without a port.
        host: String,
        /// Path as git sent it, without a leading slash, for example `v1/repos/myRepository`.
        path: String,
        /// Profile named on the helper's command line.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        profile: Option<String>,
        /// How long the caller waits for a human, in seconds.
        wait_seconds: u32,
    },
    /// The server refused the password given for this repository (git's `erase`). Answered with `Done`.
    GitRejected {
        /// Host as git sent it, without a port.
        host: String,
        /// Path as git sent it, without a leading slash.
        path: String,
    },
    /// The git endpoint of a repository that a `codecommit://` URL names.
    /// Answered with [`Reply::RepositoryEndpoint`](crate::Reply::RepositoryEndpoint).
    RepositoryEndpoint {
        /// Name of the repository.
        repository: String,
        /// Profile in the URL.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        profile: Option<String>,
        /// Region in the URL. The caller's counts next, and then the profile's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        region: Option<String>,
        /// `AWS_USE_FIPS_ENDPOINT`, which counts before the profile's `use_fips_endpoint`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        use_fips_endpoint: Option<bool>,
    },
    /// AWS credentials of a profile. Answered with [`Reply::Credentials`](crate::Reply::Credentials).
    Credentials {
        /// Name of the profile.
        profile: String,
        /// How long the caller waits for a human, in seconds.
        wait_seconds: u32,
    },
    /// Signs in: with the code when one is given, else says what is needed
    /// ([`ErrorCode::MfaRequired`](crate::ErrorCode::MfaRequired) with the challenge).
    /// Answered with [`Reply::LoggedIn`](crate::Reply::LoggedIn).
    Login {
        /// Name of the profile.
        profile: String,
        /// The code that the MFA device shows.
        #[serde(default, with = "secret::option")]
        code: Option<SecretString>,
        /// Wanted lifetime of the session in seconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        duration_seconds: Option<u32>,
    },
    /// Begins a sign-in with the browser, or joins the one that is under way. Also when the session is still good:
    /// a person wants it. Answered with [`Reply::SignInStarted`](crate::Reply::SignInStarted) as soon as there is a
    /// page to open.
    SignIn {
        /// What to sign in to.
        target: SignInTarget,
        /// How.
        method: SignInMethod,
    },
    /// Waits until a sign-in is done. Answered with [`Reply::LoggedIn`](crate::Reply::LoggedIn).
    AwaitSignIn {
        /// Number of the sign-in.
        sign_in: u64,
        /// Hanging up before the answer ends the sign-in, as [`Request::CancelSignIn`] does: the person gave up.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        or_cancel: bool,
    },
    /// The person does not want to go on signing in. Answered with `Done`.
    CancelSignIn {
        /// Number of the sign-in.
        sign_in: u64,
    },
    /// The portals that the caller's files name. Answered with [`Reply::Portals`](crate::Reply::Portals).
    Portals,
    /// The accounts of a portal, as they become known. Hanging up pauses; what is known by then is kept.
    /// Answered with one or more [`Reply::SsoAccounts`](crate::Reply::SsoAccounts).
    SsoAccounts {
        /// Start URL of the portal.
        start_url: String,
        /// Region of the identity center.
        region: String,
        /// The roles in each account, too.
        roles: bool,
        /// Ask AWS even when the answer to an earlier request is still there.
        refresh: bool,
    },
    /// Renews before the end, because a person asked for it: an earlier "declined" does not count, and a prompt is
    /// shown at once. Answered with [`Reply::LoggedIn`](crate::Reply::LoggedIn).
    Renew {
        /// Name of the profile.
        profile: String,
        /// Ask for a new code even while the MFA session is good. Otherwise what needs no person is renewed now, and
        /// a code is asked for only when the MFA session is absent, has ended or ends soon.
        with_code: bool,
        /// How long the caller waits for the person, in seconds.
        wait_seconds: u32,
    },
    /// Ends the sessions of one profile, or of all. Answered with `Done`.
    Logout {
        /// Name of the profile; all sessions when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        profile: Option<String>,
    },
    /// Forgets every secret in memory and refuses to serve until unlocked. Answered with `Done`.
    Lock,
    /// Serves again. Answered with `Done`.
    Unlock {
        /// Passphrase of the sealed key file, where the keychain is a file.
        #[serde(default, with = "secret::option")]
        passphrase: Option<SecretString>,
    },
    /// Answered with [`Reply::Status`](crate::Reply::Status).
    Status,
    /// Answered with one or more [`Reply::Profiles`](crate::Reply::Profiles).
    Profiles,
    /// Puts a long-lived access key into the keychain. Answered with `Done`.
    AddKey {
        /// Profile that the key belongs to.
        profile: String,
        /// Access key id.
        access_key_id: String,
        /// Secret access key.
        #[serde(with = "secret")]
        secret_access_key: SecretString,
        /// Replace a different key that is already there.
        replace: bool,
    },
    /// Answered with [`Reply::Keys`](crate::Reply::Keys).
    ListKeys,
    /// Removes a profile's access key from the keychain. Answered with `Done`.
    RemoveKey {
        /// Name of the profile.
        profile: String,
    },
    /// Sends [`Event`](crate::Event)s on this connection from now on. Answered with `Status`.
    Subscribe {
        /// This client can ask the person for MFA codes.
        prompts: bool,
        /// This client shows what the agent does, and is sent [`Event::Activity`](crate::Event::Activity).
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        activity: bool,
    },
    /// The person typed a code into a prompt. Answered with `LoggedIn` or an error that says whether
    /// the prompt stays open.
    AnswerPrompt {
        /// The prompt's number.
        prompt: u64,
        /// The code that the MFA device shows.
        #[serde(with = "secret")]
        code: SecretString,
        /// Wanted lifetime of the session in seconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        duration_seconds: Option<u32>,
    },
    /// The person chose a profile in a prompt that has a
    /// [`choice`](crate::view::PromptView::choice). Answered with `Done`; who waited goes on with that profile.
    ChooseProfile {
        /// The prompt's number.
        prompt: u64,
        /// One of the profiles to choose from.
        profile: String,
        /// Use it for this repository from now on.
        remember: bool,
    },
    /// Remembers which profile opens a repository, or forgets it. Answered with `Done`.
    UseProfile {
        /// Host of the repository, without a port.
        host: String,
        /// Path of the repository, without a leading slash, for example `v1/repos/myRepository`.
        path: String,
        /// Name of the profile; none to forget what is remembered.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        profile: Option<String>,
    },
    /// Which profile is remembered for a repository.
    /// Answered with [`Reply::RememberedProfile`](crate::Reply::RememberedProfile).
    RememberedProfile {
        /// Host of the repository, without a port.
        host: String,
        /// Path of the repository, without a leading slash.
        path: String,
    },
    /// The person closed a prompt. Answered with `Done`.
    DeclinePrompt {
        /// The prompt's number.
        prompt: u64,
    },
    /// What the agent did, newest first. Answered with [`Reply::Activity`](crate::Reply::Activity).
    Activity {
        /// Only entries with a smaller number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<u64>,
        /// At most so many entries.
        limit: u32,
    },
    /// Reads the settings again. Answered with `Done`, or with an error that names file and line; the settings from
    /// before stay then.
    ReloadSettings,
    /// A link that opens the AWS console signed in. Answered with [`Reply::ConsoleLink`](crate::Reply::ConsoleLink).
    ConsoleLink {
        /// Name of the profile.
        profile: String,
        /// Page of the console to open; its home when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        destination: Option<String>,
        /// Wanted lifetime of the console session in seconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        duration_seconds: Option<u32>,
    },
    /// The CodeCommit repositories that a profile can list.
    /// Answered with one or more [`Reply::Repositories`](crate::Reply::Repositories).
    Repositories {
        /// Name of the profile.
        profile: String,
        /// Region to look in; the profile's when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        region: Option<String>,
        /// Ask AWS even when the answer to an earlier request is still there.
        refresh: bool,
    },
    /// Makes an empty CodeCommit repository. Answered with [`Reply::RepositoryCreated`](crate::Reply::RepositoryCreated).
    CreateRepository {
        /// Name of the profile.
        profile: String,
        /// Region to make it in; the profile's when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        region: Option<String>,
        /// Name of the repository.
        name: String,
        /// What it is for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        description: Option<String>,
    },
    /// Ends the agent. Answered with `Done` before it stops listening.
    Stop,
}

/// What to sign in to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum SignInTarget {
    /// What a profile's chain needs.
    Profile(String),
    /// What a prompt asks for.
    Prompt(u64),
    /// A portal that no profile need name.
    Portal {
        /// Its start URL.
        start_url: String,
        /// Region of the identity center.
        region: String,
    },
}
