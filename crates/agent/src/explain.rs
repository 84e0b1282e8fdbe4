//! Failures in words: what a person or program is told, and what to do next.

mod sign_in;

pub(crate) use sign_in::{
    device_code_forbidden, failure_of, no_browser_sign_in, not_a_start_url, not_signed_in,
    sign_in_cancelled, sign_in_failed, sign_in_required, signed_in_to,
};

pub(crate) use holdfast_agent_proto::with_causes;

use crate::profiles::ReadError;
use holdfast_agent_proto::{AgentError, ErrorCode};
use holdfast_codecommit::Shell;
use holdfast_core::chain::{ResolveError, Step};
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_keychain::{KeychainError, State, Status};

/// A command for a hint, with the profile quoted for a shell.
pub(crate) fn command(verb: &str, profile: &str) -> String {
    const SHELL: Shell = if cfg!(windows) {
        Shell::PowerShell
    } else {
        Shell::Posix
    };
    let quoted = SHELL.quote(profile);
    format!("holdfast {verb} {}", quoted.as_deref().unwrap_or("PROFILE"))
}

/// A profile whose access key is used as it is.
pub(crate) fn nothing_to_sign_in(profile: &str) -> AgentError {
    let message = format!(
        "profile {profile} uses its access key as it is, so there is nothing to sign in to"
    );
    AgentError::new(ErrorCode::Misconfigured, message)
        .hint(format!(
            "add mfa_serial to profile {profile} to work with short-lived credentials"
        ))
        .profile(profile)
}

/// A lifetime that AWS does not grant; found before a code is spent on it.
pub(crate) fn not_granted(step: &Step, seconds: u32, profile: &str) -> Option<AgentError> {
    let (least, most) = step.duration_limits_seconds();
    (!(least..=most).contains(&seconds)).then(|| {
        let message = format!(
            "a session of {seconds} s was asked for profile {profile}, but AWS allows {least} to {most}"
        );
        AgentError::new(ErrorCode::BadRequest, message).profile(profile)
    })
}

/// A failed call to AWS on behalf of a profile.
pub(crate) fn failure(failure: &Failure, profile: &str) -> AgentError {
    let code = match failure.kind {
        FailureKind::WrongCode => ErrorCode::WrongCode,
        FailureKind::MfaMissing | FailureKind::Denied => ErrorCode::Denied,
        FailureKind::KeyInactive => ErrorCode::KeyInactive,
        FailureKind::SessionEnded => ErrorCode::SessionRevoked,
        FailureKind::InvalidRequest => ErrorCode::Misconfigured,
        FailureKind::Exists => ErrorCode::Exists,
        FailureKind::ClockSkew => ErrorCode::ClockSkew,
        FailureKind::Throttled => ErrorCode::Throttled,
        FailureKind::Offline | FailureKind::Intercepted => ErrorCode::Offline,
        FailureKind::Server => ErrorCode::AwsError,
        FailureKind::SourceUnavailable => ErrorCode::KeychainUnavailable,
        FailureKind::AuthorizationPending | FailureKind::SlowDown => ErrorCode::SignInRequired,
        FailureKind::ClientUnknown => ErrorCode::AwsError,
    };
    let error = AgentError::new(code, failure.message.clone()).profile(profile);
    let error = AgentError {
        retry_at: failure.retry_at.map(|at| at.unix_seconds()),
        ..error
    };
    match failure.kind {
        FailureKind::WrongCode => error.hint("enter the code that the device shows now").hint(
            "after several refusals check the device's clock, or resync it in the IAM console",
        ),
        // Signing in helps only after that, and then asks by itself.
        FailureKind::MfaMissing => error.hint(format!(
            "add mfa_serial to profile {profile} or to its source profile"
        )),
        FailureKind::KeyInactive => error
            .hint("activate the key in the IAM console, or store a new one:")
            .hint(command("keys add", profile)),
        FailureKind::SessionEnded => error.hint(command("login", profile)),
        FailureKind::Intercepted => error
            .hint("sign in to the network, or set AWS_CA_BUNDLE to your company's certificates"),
        FailureKind::SourceUnavailable => error.hint("holdfast status").hint("holdfast unlock"),
        FailureKind::Denied => error.hint(format!(
            "when the role demands a recent MFA code: {}",
            command("login", profile)
        )),
        FailureKind::InvalidRequest
        | FailureKind::Exists
        | FailureKind::ClockSkew
        | FailureKind::AuthorizationPending
        | FailureKind::SlowDown
        | FailureKind::ClientUnknown
        | FailureKind::Throttled
        | FailureKind::Offline
        | FailureKind::Server => error,
    }
}

/// The agent is locked.
pub(crate) fn locked() -> AgentError {
    AgentError::new(ErrorCode::Locked, "Holdfast is locked").hint("holdfast unlock")
}

/// A file of the user's that cannot be read.
pub(crate) fn unreadable(error: &ReadError) -> AgentError {
    AgentError::new(ErrorCode::Misconfigured, with_causes(error))
}

/// A profile that does not resolve. Without the keychain, missing keys say nothing about the files.
pub(crate) fn unresolved(error: &ResolveError, keychain: &Status) -> AgentError {
    let code = match error {
        ResolveError::NoCredentials { .. } if is_out_of_reach(keychain) => {
            return without_keychain(&error.to_string(), keychain);
        }
        ResolveError::UnknownProfile { .. } => ErrorCode::UnknownProfile,
        ResolveError::MissingSourceProfile { .. }
        | ResolveError::MissingSsoSession { .. }
        | ResolveError::Contradiction { .. }
        | ResolveError::AsksItself { .. }
        | ResolveError::Cycle { .. }
        | ResolveError::TooLong { .. }
        | ResolveError::InvalidValue { .. }
        | ResolveError::MissingValue { .. }
        | ResolveError::Conflict { .. }
        | ResolveError::RoleWithoutSource { .. }
        | ResolveError::IncompleteAccessKey { .. }
        | ResolveError::NoCredentials { .. } => ErrorCode::Misconfigured,
    };
    let mut told = AgentError::new(code, error.to_string());
    told.hints = error.hints();
    told
}

/// Whether the keychain may hold keys that nobody can see now. One that lives in memory is not asked before it is used.
pub(crate) fn is_out_of_reach(keychain: &Status) -> bool {
    !matches!(keychain.state, State::Ready | State::Unknown)
}

/// Something is missing that the keychain may hold, and it does not say.
pub(crate) fn without_keychain(missing: &str, keychain: &Status) -> AgentError {
    let why = keychain.message.as_ref();
    let why = why
        .map(|message| format!(": {message}"))
        .unwrap_or_default();
    AgentError::new(
        ErrorCode::KeychainUnavailable,
        format!("{missing}, and the keychain cannot be asked for a key{why}"),
    )
    .hint("holdfast unlock")
}

/// A keychain that did not do what was asked.
pub(crate) fn keychain(error: &KeychainError) -> AgentError {
    let (code, hint) = match error {
        KeychainError::Locked
        | KeychainError::PassphraseNeeded { .. }
        | KeychainError::WrongPassphrase { .. } => (ErrorCode::Locked, Some("holdfast unlock")),
        KeychainError::Absent { .. } => (
            ErrorCode::KeychainUnavailable,
            Some(
                "start the desktop's keyring, or set HOLDFAST_KEYCHAIN=file and restart the agent",
            ),
        ),
        KeychainError::Denied { .. } | KeychainError::Unanswered => {
            (ErrorCode::KeychainUnavailable, Some("holdfast unlock"))
        }
        KeychainError::Invalid { .. } | KeychainError::TooLarge { .. } => {
            (ErrorCode::BadRequest, None)
        }
        KeychainError::Hung { .. }
        | KeychainError::DamagedFile { .. }
        | KeychainError::DamagedItem { .. }
        | KeychainError::Ambiguous { .. }
        | KeychainError::Io { .. }
        | KeychainError::Failed { .. } => (ErrorCode::KeychainUnavailable, None),
    };
    let told = AgentError::new(code, with_causes(error));
    match hint {
        Some(hint) => told.hint(hint),
        None => told,
    }
}
