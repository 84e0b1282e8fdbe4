//! What a profile resolves to: one source of credentials and the steps from there.
//!
//! Resolving is pure, `(profile, files, keys) -> Chain`; the engine executes.

mod arn;
mod error;
mod hint;
mod key;
mod link;
mod nearest;
mod plan;
mod portal;
mod process;
mod resolve;
mod role;
mod source;
mod words;

pub use error::ResolveError;
pub use key::SessionKey;
pub use process::fingerprint;
pub use resolve::{KeyIndex, resolve, resolve_all};

use crate::endpoint::EndpointSettings;
use crate::sso::Portal;
use holdfast_aws_files::Problem;

/// The way from a source of credentials to a profile's credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The profile that was resolved.
    pub profile: String,
    /// Region of the profile.
    pub region: Option<String>,
    /// What the profile says about addresses.
    pub endpoint: EndpointSettings,
    /// Where it starts.
    pub source: Source,
    /// What follows; empty when the source's credentials are the profile's.
    pub steps: Vec<Step>,
    /// What the profiles along the chain ask for and AWS does not grant, or what is ambiguous in
    /// them. The chain works all the same.
    pub problems: Vec<Problem>,
}

/// Where a chain starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A long-lived access key.
    AccessKey {
        /// Access key id: what makes two sources the same.
        access_key_id: String,
        /// Profile that the key belongs to.
        profile: String,
        /// Where its secret is.
        location: KeyLocation,
    },
    /// A temporary key that stands in a file with its `aws_session_token`. Nobody knows when it ends.
    TemporaryKey {
        /// Access key id: what makes two sources the same.
        access_key_id: String,
        /// Profile that the key belongs to.
        profile: String,
    },
    /// The access key in the caller's environment (`AWS_ACCESS_KEY_ID` and so on).
    Environment {
        /// Its access key id: what makes two sources the same; `None` when the caller's environment has none.
        access_key_id: Option<String>,
        /// Profile that says so.
        profile: String,
    },
    /// An access portal of IAM Identity Center.
    Portal {
        /// The portal: what makes two sources the same.
        portal: Portal,
        /// Profile that names it.
        profile: String,
    },
    /// A console session of which the AWS CLI's `aws login` makes credentials.
    ConsoleLogin {
        /// `login_session`: the ARN of who signs in, which makes two sources the same.
        login_session: String,
        /// Profile that names it.
        profile: String,
    },
    /// A token of an OpenID Connect provider.
    WebIdentityToken {
        /// The file that it stands in: what makes two sources the same.
        file: String,
        /// Profile that names it.
        profile: String,
    },
    /// A program of the user's that prints credentials.
    CredentialProcess {
        /// Profile whose `credential_process` it is, which makes two sources the same: the command itself may
        /// contain a secret.
        profile: String,
        /// Which of the profile's commands it is: a number of 16 bits that changes when the command is edited.
        fingerprint: u64,
    },
    /// The role of the EC2 instance.
    InstanceMetadata {
        /// Profile that says so.
        profile: String,
    },
    /// The role of the container.
    Container {
        /// Profile that says so.
        profile: String,
    },
}

/// Where the secret of an access key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyLocation {
    /// In the keychain.
    Keychain,
    /// In plain text in the credentials or config file.
    File,
}

/// One exchange of credentials for others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// `GetSessionToken` with an MFA code.
    GetSessionToken {
        /// Serial number or ARN of the MFA device.
        mfa_serial: String,
        /// Wanted lifetime in seconds; the settings' when absent. Not part of the session's identity.
        duration_seconds: Option<u32>,
    },
    /// `AssumeRole`.
    AssumeRole {
        /// ARN of the role.
        role_arn: String,
        /// Name of the session; made by the agent when absent.
        role_session_name: Option<String>,
        /// External id.
        external_id: Option<String>,
        /// Source identity.
        source_identity: Option<String>,
        /// Wanted lifetime in seconds.
        duration_seconds: Option<u32>,
        /// Serial of the MFA device, when this very call takes the code.
        mfa_serial: Option<String>,
    },
    /// A person signs in with the browser. From a portal this brings an access token, from a console session
    /// credentials; both are renewed silently for as long as the sign-in lasts.
    SignIn,
    /// `GetRoleCredentials` of the portal signed in to.
    GetRoleCredentials {
        /// Account of the role.
        account_id: String,
        /// Name of the role (the permission set).
        role_name: String,
    },
    /// `AssumeRoleWithWebIdentity` with the source's token.
    AssumeRoleWithWebIdentity {
        /// ARN of the role.
        role_arn: String,
        /// Name of the session; made by the agent when absent.
        role_session_name: Option<String>,
        /// Wanted lifetime in seconds.
        duration_seconds: Option<u32>,
    },
    /// The source is asked for its credentials: a program is run, or the machine asked.
    Fetch,
}

/// What it takes to open a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening<'a> {
    /// No person.
    Silent,
    /// The code of the MFA device with this serial.
    Code(&'a str),
    /// A sign-in with the browser.
    Browser,
}

impl Source {
    /// The portal that a person signs in to, where the chain starts at one.
    pub fn portal(&self) -> Option<&Portal> {
        match self {
            Self::Portal { portal, .. } => Some(portal),
            Self::AccessKey { .. }
            | Self::TemporaryKey { .. }
            | Self::Environment { .. }
            | Self::ConsoleLogin { .. }
            | Self::WebIdentityToken { .. }
            | Self::CredentialProcess { .. }
            | Self::InstanceMetadata { .. }
            | Self::Container { .. } => None,
        }
    }
}

impl Step {
    /// What it takes to open its session.
    pub fn opening(&self) -> Opening<'_> {
        match self {
            Self::GetSessionToken { mfa_serial, .. } => Opening::Code(mfa_serial),
            Self::AssumeRole { mfa_serial, .. } => {
                mfa_serial.as_deref().map_or(Opening::Silent, Opening::Code)
            }
            Self::SignIn => Opening::Browser,
            Self::GetRoleCredentials { .. }
            | Self::AssumeRoleWithWebIdentity { .. }
            | Self::Fetch => Opening::Silent,
        }
    }

    /// Whether a person has to open its session.
    pub fn needs_person(&self) -> bool {
        self.opening() != Opening::Silent
    }

    /// Serial of the device whose code the call takes.
    pub fn mfa_serial(&self) -> Option<&str> {
        match self.opening() {
            Opening::Code(serial) => Some(serial),
            Opening::Silent | Opening::Browser => None,
        }
    }

    /// Lifetime in seconds that the profile asks for.
    pub fn duration_seconds(&self) -> Option<u32> {
        match self {
            Self::GetSessionToken {
                duration_seconds, ..
            }
            | Self::AssumeRole {
                duration_seconds, ..
            }
            | Self::AssumeRoleWithWebIdentity {
                duration_seconds, ..
            } => *duration_seconds,
            Self::SignIn | Self::GetRoleCredentials { .. } | Self::Fetch => None,
        }
    }

    /// Shortest and longest lifetime in seconds that AWS grants. A role may have a limit below the longest.
    pub fn duration_limits_seconds(&self) -> (u32, u32) {
        match self {
            Self::GetSessionToken { .. } => (900, 129_600),
            Self::AssumeRole { .. }
            | Self::AssumeRoleWithWebIdentity { .. }
            | Self::SignIn
            | Self::GetRoleCredentials { .. }
            | Self::Fetch => (900, 43_200),
        }
    }
}
