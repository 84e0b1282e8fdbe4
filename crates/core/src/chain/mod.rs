//! What a profile resolves to: one source of credentials and the steps from there.
//!
//! Resolving is pure, `(profile, files, keys) -> Chain`; the engine executes.

mod arn;
mod error;
mod key;
mod nearest;
mod plan;
mod resolve;
mod role;
mod source;
mod words;

pub use error::ResolveError;
pub use key::SessionKey;
pub use resolve::{KeyIndex, resolve, resolve_all};

use crate::endpoint::EndpointSettings;
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
    /// A source of a kind that this version does not serve yet.
    Unsupported {
        /// Profile that names it.
        profile: String,
        /// The kind in AWS's words, for example `sso_session`.
        kind: &'static str,
        /// Identity of the source: what makes two sources the same.
        identity: String,
        /// What it needs, in words, for example `a sign-in at https://corp.awsapps.com/start`.
        needs: String,
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
}

impl Step {
    /// Serial of the device whose code the call takes.
    pub fn mfa_serial(&self) -> Option<&str> {
        match self {
            Self::GetSessionToken { mfa_serial, .. } => Some(mfa_serial),
            Self::AssumeRole { mfa_serial, .. } => mfa_serial.as_deref(),
        }
    }

    /// Shortest and longest lifetime in seconds that AWS grants. A role may have a limit below the longest.
    pub fn duration_limits_seconds(&self) -> (u32, u32) {
        match self {
            Self::GetSessionToken { .. } => (900, 129_600),
            Self::AssumeRole { .. } => (900, 43_200),
        }
    }
}
