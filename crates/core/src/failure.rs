//! Failed calls to AWS, classified by what can be done about them.

use crate::time::Timestamp;

/// A failed call to AWS.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// What can be done about it.
    pub kind: FailureKind,
    /// For people: lower case, no full stop, names principal, action, role or host; never a secret.
    pub message: String,
    /// Whether AWS itself answered. A one-time code counts as used exactly then.
    pub answered: bool,
    /// When AWS asked to come back (`Retry-After`).
    pub retry_at: Option<Timestamp>,
}

/// What can be done about a failed call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailureKind {
    /// AWS refused the MFA code.
    WrongCode,
    /// The call needs MFA that the credentials do not carry, or that is too old.
    MfaMissing,
    /// The access key is unknown or deactivated (`InvalidClientTokenId` for a long-lived key).
    KeyInactive,
    /// The temporary credentials or the token that the call was made with have ended or were revoked.
    SessionEnded,
    /// AWS does not allow the call.
    Denied,
    /// The request cannot succeed as it is. AWS refuses it, for example for a duration beyond the role's maximum; or
    /// what the profile names brings nothing to make it with: a program failed, a file is missing.
    InvalidRequest,
    /// What AWS was asked to make is there already.
    Exists,
    /// The signature was refused because of the clock, even after correcting it.
    ClockSkew,
    /// AWS asked to slow down.
    Throttled,
    /// AWS cannot be reached: no network, DNS, proxy, reset, time-out.
    Offline,
    /// Something else than AWS answered: captive portal, TLS interception, an HTML page.
    Intercepted,
    /// AWS answered with a fault of its own (5xx) or with something unexpected.
    Server,
    /// The person has not answered yet on the other device (`authorization_pending`).
    AuthorizationPending,
    /// The token was asked for too often (`slow_down`).
    SlowDown,
    /// The server does not know the client, or not any more (`invalid_client`): it has to be registered again.
    ClientUnknown,
    /// The secret that would sign the call cannot be had: the keychain is locked, absent or does not
    /// answer. AWS was not asked.
    SourceUnavailable,
}

impl FailureKind {
    /// The same call can succeed later without anybody doing anything.
    pub fn is_transient(self) -> bool {
        match self {
            Self::Throttled | Self::Offline | Self::Intercepted | Self::Server => true,
            Self::WrongCode
            | Self::MfaMissing
            | Self::KeyInactive
            | Self::SessionEnded
            | Self::Denied
            | Self::InvalidRequest
            | Self::Exists
            | Self::ClockSkew
            | Self::AuthorizationPending
            | Self::SlowDown
            | Self::ClientUnknown
            | Self::SourceUnavailable => false,
        }
    }
}
