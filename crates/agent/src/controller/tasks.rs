//! What runs beside the controller: calls to AWS and to the keychain. Each ends in a [`Done`].

use super::Controller;
use super::storage;
use crate::explain::with_sources;
use crate::listener::{Caller, ReplySender};
use holdfast_core::chain::{KeyLocation, SessionKey, Source, Step};
use holdfast_core::credentials::Credentials;
use holdfast_core::engine::{Call, Event, Opened, Signer, WaiterId};
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::port::{AssumeRole, Aws, GetSessionToken, MfaCode, Sts};
use holdfast_core::time::Timestamp;
use holdfast_core::totp_ledger::{CodeDigest, Outcome};
use holdfast_keychain::{AccessKey, Keychain, KeychainError, SealedError};
use secrecy::SecretString;
use std::collections::HashMap;
use std::sync::Arc;

/// Something that ran beside the controller has ended.
pub(super) enum Done {
    /// A call to AWS.
    Call {
        key: SessionKey,
        attempt: u64,
        result: Result<Credentials, Failure>,
    },
    /// The secret of a long-lived key for a caller that wants just that.
    AccessKey {
        waiter: WaiterId,
        result: Result<Credentials, Failure>,
    },
    /// The keychain and the sealed store were opened.
    StorageOpened(Box<Result<storage::Opened, KeychainError>>),
    /// The sealed store was written.
    Saved(Result<(), SealedError>),
    /// The keychain was told to forget.
    Locked(Result<(), KeychainError>),
    /// The keychain was asked to unlock.
    Unlocked {
        outcome: Result<(), KeychainError>,
        caller: Arc<Caller>,
        replies: ReplySender,
    },
    /// A key was put into the keychain.
    KeyAdded(super::keys::Added),
    /// A key was removed from the keychain.
    KeyRemoved(super::keys::Removed),
    /// The sign-in service made a link to the console.
    ConsoleLink(super::console::Linked),
    /// CodeCommit listed its repositories.
    Repositories(Box<super::repositories::Listed>),
}

/// Codes that wait for their call, and what is noted of those that are on their way.
#[derive(Default)]
pub(super) struct Codes {
    /// The code that was just typed, for the call that the engine is about to ask for.
    pub(super) typed: Option<Typed>,
    sent: HashMap<u64, Sent>,
}

/// A code that the ledger lets through.
pub(super) struct Typed {
    pub(super) serial: String,
    pub(super) code: SecretString,
    pub(super) digest: CodeDigest,
}

struct Sent {
    serial: String,
    digest: CodeDigest,
    at: Timestamp,
}

impl<S: Aws> Controller<S> {
    pub(super) fn finished(&mut self, done: Done) {
        match done {
            Done::Call {
                key,
                attempt,
                result,
            } => self.call_finished(key, attempt, result),
            Done::AccessKey { waiter, result } => self.access_key_read(waiter, result),
            Done::StorageOpened(opened) => self.storage_opened(*opened),
            Done::Saved(outcome) => self.saved(outcome),
            Done::Locked(outcome) => {
                if let Err(error) = outcome {
                    tracing::info!(error = %with_sources(&error), "the keychain was not locked");
                }
            }
            Done::Unlocked {
                outcome,
                caller,
                replies,
            } => self.unlocked(outcome, &caller, replies),
            Done::KeyAdded(added) => self.key_added(added),
            Done::KeyRemoved(removed) => self.key_removed(removed),
            Done::ConsoleLink(linked) => self.console_linked(linked),
            Done::Repositories(listed) => self.repositories_listed(*listed),
        }
    }

    /// Starts a call of the engine's. It is ended when the session is signed out meanwhile.
    pub(super) fn call(&mut self, call: Call) {
        let attempt = call.attempt;
        let mfa = if call.by_person {
            self.codes.typed.take()
        } else {
            None
        };
        let mfa = mfa.map(|typed| {
            let sent = Sent {
                serial: typed.serial.clone(),
                digest: typed.digest,
                at: self.now(),
            };
            self.codes.sent.insert(attempt, sent);
            MfaCode {
                serial: typed.serial,
                code: typed.code,
            }
        });
        let signing = match &call.signer {
            Signer::Session(key) => Signing::With(self.vault.get(key)),
            Signer::Source => self.signing(&call.source),
        };
        let sts = Arc::clone(&self.aws);
        let key = call.key.clone();
        let steps = self.engine.steps_to(&key).unwrap_or_default();
        let session_name = session_name(&steps);
        let handle = self.tasks.spawn(async move {
            let result = match signing.credentials().await {
                Ok(signer) => execute(&*sts, &signer, call, mfa, session_name).await,
                Err(failure) => Err(failure),
            };
            Done::Call {
                key,
                attempt,
                result,
            }
        });
        self.calls.insert(attempt, handle);
    }

    /// Ends a call that nobody wants any more.
    pub(super) fn abandon(&mut self, attempt: u64) {
        if let Some(handle) = self.calls.remove(&attempt) {
            handle.abort();
        }
        // Whether AWS has seen the code is not known, so it counts as used.
        self.note_code(attempt, Outcome::Answered);
        self.vault.abandon(attempt);
    }

    fn call_finished(
        &mut self,
        key: SessionKey,
        attempt: u64,
        result: Result<Credentials, Failure>,
    ) {
        self.calls.remove(&attempt);
        let with_code = self.codes.sent.contains_key(&attempt);
        self.note_code(attempt, outcome(&result));
        if let Some(online) = reached_aws(&result) {
            self.online = Some(online);
        }
        let result = result.and_then(|credentials| {
            let expires_at = credentials.expires_at.ok_or_else(|| Failure {
                kind: FailureKind::Server,
                message: "AWS gave credentials without an end".to_owned(),
                answered: true,
                retry_at: None,
            })?;
            self.vault.bring(attempt, credentials);
            Ok(expires_at)
        });
        self.note_call(&key, with_code, &result);
        self.step(Event::CallFinished {
            key,
            attempt,
            result: result.map(Opened::until),
        });
        self.tell_status();
    }

    fn note_code(&mut self, attempt: u64, outcome: Outcome) {
        if let Some(sent) = self.codes.sent.remove(&attempt) {
            self.ledger
                .record(&sent.serial, sent.digest, sent.at, outcome);
            self.save();
        }
    }

    /// Reads a long-lived key for a caller that uses it as it is.
    pub(super) fn read_access_key(&mut self, waiter: WaiterId, source: &Source) {
        let signing = self.signing(source);
        self.tasks.spawn(async move {
            let result = match signing.credentials().await {
                Ok(credentials) => Arc::try_unwrap(credentials).map_err(|_| nothing_to_sign_with()),
                Err(failure) => Err(failure),
            };
            Done::AccessKey { waiter, result }
        });
    }

    fn signing(&mut self, source: &Source) -> Signing {
        match source {
            Source::AccessKey {
                profile,
                location: KeyLocation::Keychain,
                ..
            } => Signing::Keychain {
                keychain: self.keychain.clone(),
                profile: profile.clone(),
            },
            Source::AccessKey {
                profile,
                access_key_id,
                location: KeyLocation::File,
            } => Signing::With(self.files.access_key(profile, access_key_id).map(Arc::new)),
            _ => Signing::With(None),
        }
    }
}

/// Makes the keychain forget its passphrase, where it has one.
pub(super) async fn lock_keychain(keychain: Keychain) -> Done {
    Done::Locked(keychain.lock().await)
}

/// Where the credentials that sign a call come from.
enum Signing {
    With(Option<Arc<Credentials>>),
    Keychain { keychain: Keychain, profile: String },
}

impl Signing {
    async fn credentials(self) -> Result<Arc<Credentials>, Failure> {
        match self {
            Self::With(credentials) => credentials.ok_or_else(nothing_to_sign_with),
            Self::Keychain { keychain, profile } => match keychain.access_key(&profile).await {
                Ok(Some(key)) => Ok(Arc::new(long_lived(key))),
                Ok(None) => Err(source_unavailable(format!(
                    "the access key of profile {profile} is not in the keychain any more"
                ))),
                Err(error) => Err(source_unavailable(with_sources(&error))),
            },
        }
    }
}

fn long_lived(key: AccessKey) -> Credentials {
    Credentials {
        access_key_id: key.access_key_id,
        secret_access_key: key.secret_access_key,
        session_token: None,
        expires_at: None,
    }
}

fn nothing_to_sign_with() -> Failure {
    source_unavailable("the credentials that sign the call are not there any more".to_owned())
}

fn source_unavailable(message: String) -> Failure {
    Failure {
        kind: FailureKind::SourceUnavailable,
        message,
        answered: false,
        retry_at: None,
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
fn session_name(steps: &[Step]) -> String {
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

fn outcome(result: &Result<Credentials, Failure>) -> Outcome {
    match result {
        Ok(_) => Outcome::Accepted,
        Err(failure) if failure.kind == FailureKind::WrongCode => Outcome::Refused,
        Err(failure) if failure.answered => Outcome::Answered,
        Err(_) => Outcome::Unanswered,
    }
}

/// Whether the call shows that AWS can or cannot be reached.
pub(super) fn reached_aws<T>(result: &Result<T, Failure>) -> Option<bool> {
    match result {
        Err(failure) if failure.kind == FailureKind::SourceUnavailable => None,
        Err(failure) => Some(failure.answered),
        Ok(_) => Some(true),
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
