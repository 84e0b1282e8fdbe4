//! Errors as the agent reports them: a stable code, a sentence and what to do next.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a request failed. Never contains a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct AgentError {
    /// For programs.
    pub code: ErrorCode,
    /// For people: lower case, no full stop, names the profile, file or host.
    pub message: String,
    /// What to do next, each a command or a short sentence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<String>,
    /// The profile concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// When another try can succeed, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_at: Option<i64>,
    /// With [`ErrorCode::MfaRequired`], [`ErrorCode::WrongCode`] and [`ErrorCode::CodeUsed`]: what to ask for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mfa: Option<MfaChallenge>,
    /// With [`ErrorCode::SignInRequired`]: what to sign in to, in words, for example `corp.awsapps.com`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub portal: Option<String>,
}

impl AgentError {
    /// An error with a code and a sentence.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            hints: Vec::new(),
            profile: None,
            retry_at: None,
            mfa: None,
            portal: None,
        }
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Names the profile concerned.
    #[must_use]
    pub fn profile(mut self, profile: impl Into<String>) -> Self {
        self.profile = Some(profile.into());
        self
    }
}

impl fmt::Display for AgentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for AgentError {}

/// Which MFA code is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct MfaChallenge {
    /// Serial number or ARN of the device, for example `arn:aws:iam::111122223333:mfa/MyRepositoryUser`.
    pub serial: String,
    /// Names of the profiles that the code unlocks.
    pub profiles: Vec<String>,
    /// Lifetime in seconds that the session will be asked for.
    pub duration_seconds: u32,
}

/// Stable codes; a consumer may match on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorCode {
    /// An MFA code is needed.
    MfaRequired,
    /// A sign-in in the browser is needed.
    SignInRequired,
    /// AWS refused the MFA code.
    WrongCode,
    /// AWS has already answered this code; wait for the next.
    CodeUsed,
    /// The person ended the sign-in in the browser, or refused it there.
    SignInCancelled,
    /// The person declined the prompt.
    Declined,
    /// Nobody answered the prompt in time.
    PromptTimeout,
    /// AWS refused the call: principal, action and resource are in the message.
    Denied,
    /// The access key is unknown or deactivated.
    KeyInactive,
    /// AWS ended the session early.
    SessionRevoked,
    /// A file of the user's says something that cannot work.
    Misconfigured,
    /// There is no such profile.
    UnknownProfile,
    /// The profile is of a kind that this version does not serve.
    Unsupported,
    /// The agent is locked.
    Locked,
    /// The keychain is locked, absent or does not answer.
    KeychainUnavailable,
    /// AWS cannot be reached: offline, captive portal, proxy or TLS interception.
    Offline,
    /// AWS asked to slow down.
    Throttled,
    /// The clock is off, and AWS refused because of it.
    ClockSkew,
    /// AWS answered with an error of its own.
    AwsError,
    /// The same key or value is already there.
    Exists,
    /// What is named is not there.
    NotFound,
    /// The request is not well formed, or too large.
    BadRequest,
    /// Agent and client speak different versions of the protocol.
    ProtocolMismatch,
    /// The agent is ending or too busy; try again.
    Unavailable,
    /// A fault in the agent.
    Internal,
}

impl ErrorCode {
    /// A human has to act before the same request can succeed.
    pub fn requires_human(self) -> bool {
        matches!(
            self,
            Self::MfaRequired
                | Self::SignInRequired
                | Self::SignInCancelled
                | Self::WrongCode
                | Self::CodeUsed
                | Self::Declined
                | Self::PromptTimeout
                | Self::Locked
        )
    }
}

/// An error and its causes in one text.
pub fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}
