//! Calls to STS that are signed: `GetSessionToken` and `AssumeRole`, with the code that a person typed.

use super::super::Controller;
use super::signing::nothing_to_sign_with;
use super::{Brought, Running};
use holdfast_core::chain::Step;
use holdfast_core::credentials::Credentials;
use holdfast_core::engine::Call;
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::port::{AssumeRole, Aws, GetSessionToken, MfaCode, Sts};
use holdfast_core::time::Timestamp;
use holdfast_core::totp_ledger::{CodeDigest, Outcome};
use secrecy::SecretString;
use std::collections::HashMap;
use std::sync::Arc;

/// Codes that wait for their call, and what is noted of those that are on their way.
#[derive(Default)]
pub(in super::super) struct Codes {
    /// The code that was just typed, for the call that the engine is about to ask for.
    pub(in super::super) typed: Option<Typed>,
    sent: HashMap<u64, Sent>,
}

/// A code that the ledger lets through.
pub(in super::super) struct Typed {
    pub(in super::super) serial: String,
    pub(in super::super) code: SecretString,
    pub(in super::super) digest: CodeDigest,
}

struct Sent {
    serial: String,
    digest: CodeDigest,
    at: Timestamp,
}

impl<S: Aws> Controller<S> {
    pub(super) fn sts_call(&mut self, call: Call) -> Running {
        let mfa = self.code_for(&call);
        let signing = self.signing_of(&call);
        let sts = Arc::clone(&self.aws);
        let steps = self.engine.steps_to(&call.key).unwrap_or_default();
        let session_name = session_name(&steps);
        let renewed_elsewhere = self.renewed_elsewhere(&call);
        Box::pin(async move {
            let signer = signing.credentials().await?;
            match execute(&*sts, &signer, call, mfa, session_name).await {
                Ok(credentials) => Brought::credentials(credentials),
                Err(failure) => Err(match renewed_elsewhere {
                    Some(message) if failure.kind == FailureKind::SessionEnded => Failure {
                        kind: FailureKind::InvalidRequest,
                        message,
                        ..failure
                    },
                    _ => failure,
                }),
            }
        })
    }

    /// The code that goes with a call that a person caused.
    fn code_for(&mut self, call: &Call) -> Option<MfaCode> {
        if !call.by_person {
            return None;
        }
        let typed = self.codes.typed.take()?;
        let sent = Sent {
            serial: typed.serial.clone(),
            digest: typed.digest,
            at: self.now(),
        };
        self.codes.sent.insert(call.attempt, sent);
        Some(MfaCode {
            serial: typed.serial,
            code: typed.code,
        })
    }

    /// Whether a code went with this attempt.
    pub(super) fn had_code(&self, attempt: u64) -> bool {
        self.codes.sent.contains_key(&attempt)
    }

    /// Notes what became of a code.
    pub(super) fn note_code(&mut self, attempt: u64, outcome: Outcome) {
        if let Some(sent) = self.codes.sent.remove(&attempt) {
            self.ledger
                .record(&sent.serial, sent.digest, sent.at, outcome);
            self.save();
        }
    }
}

async fn execute<S: Sts>(
    sts: &S,
    signer: &Credentials,
    call: Call,
    mfa: Option<MfaCode>,
    session_name: String,
) -> Result<Credentials, Failure> {
    match call.step {
        Step::GetSessionToken {
            duration_seconds, ..
        } => {
            let duration_seconds = call.duration_seconds.or(duration_seconds);
            let request = GetSessionToken {
                region: call.region,
                endpoint: call.endpoint,
                mfa,
                duration_seconds: duration_seconds.unwrap_or(DEFAULT_SESSION_SECONDS),
            };
            sts.get_session_token(signer, request).await
        }
        Step::AssumeRole {
            role_arn,
            role_session_name,
            external_id,
            source_identity,
            duration_seconds,
            mfa_serial: _,
        } => {
            let request = AssumeRole {
                region: call.region,
                endpoint: call.endpoint,
                role_session_name: role_session_name.unwrap_or(session_name),
                role_arn,
                external_id,
                source_identity,
                duration_seconds: call.duration_seconds.or(duration_seconds),
                mfa,
            };
            sts.assume_role(signer, request).await
        }
        Step::SignIn
        | Step::GetRoleCredentials { .. }
        | Step::AssumeRoleWithWebIdentity { .. }
        | Step::Fetch => Err(nothing_to_sign_with()),
    }
}

/// AWS's own default for `GetSessionToken`, in seconds.
const DEFAULT_SESSION_SECONDS: u32 = 12 * 3600;

/// A role session's name where the profile has none: that of the MFA device on the way, which is mostly
/// the user's, so that CloudTrail tells who it was.
pub(super) fn session_name(steps: &[Step]) -> String {
    steps
        .iter()
        .find_map(Step::mfa_serial)
        .and_then(|serial| serial.rsplit_once(":mfa/"))
        .map(|(_, path)| path.rsplit('/').next().unwrap_or(path))
        .filter(|device| device.len() >= 2)
        .map_or_else(
            || "holdfast".to_owned(),
            |device| device.chars().take(64).collect(),
        )
}

/// What an answer says of the code that was sent.
pub(super) fn outcome<T>(result: &Result<T, Failure>) -> Outcome {
    match result {
        Ok(_) => Outcome::Accepted,
        Err(failure) if failure.kind == FailureKind::WrongCode => Outcome::Refused,
        Err(failure) if failure.answered => Outcome::Answered,
        Err(_) => Outcome::Unanswered,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn role_sessions_are_named_after_the_mfa_device() {
        let role = Step::AssumeRole {
            role_arn: "arn:aws:iam::222233334444:role/R".to_owned(),
            role_session_name: None,
            external_id: None,
            source_identity: None,
            duration_seconds: None,
            mfa_serial: None,
        };
        let check = |serial: &str, expect: &str| {
            let session = Step::GetSessionToken {
                mfa_serial: serial.to_owned(),
                duration_seconds: None,
            };
            assert_eq!(session_name(&[session, role.clone()]), expect, "{serial}");
        };
        check("arn:aws:iam::111122223333:mfa/jane", "jane");
        check("arn:aws:iam::111122223333:mfa/team/jane", "jane");
        check("arn:aws:iam::111122223333:mfa/j", "holdfast");
        check("GAHT12345678", "holdfast");
        assert_eq!(session_name(std::slice::from_ref(&role)), "holdfast");
    }
}
