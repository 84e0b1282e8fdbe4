//! The credentials that sign a call: those of a session, or a key of the keychain, of a file or of the environment.

use super::super::Controller;
use super::super::tasks::Done;
use crate::explain::with_causes;
use holdfast_core::chain::{KeyLocation, Source};
use holdfast_core::credentials::Credentials;
use holdfast_core::engine::{Call, Signer, WaiterId};
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::port::Aws;
use holdfast_keychain::{AccessKey, Keychain};
use std::sync::Arc;

impl<S: Aws> Controller<S> {
    /// Reads a key for a caller that uses it as it is.
    pub(in super::super) fn read_access_key(&mut self, waiter: WaiterId, source: &Source) {
        let signing = self.signing(source);
        self.tasks.spawn(async move {
            let result = signing.credentials().await;
            Done::AccessKey { waiter, result }
        });
    }

    /// What signs a call of the engine's.
    pub(super) fn signing_of(&mut self, call: &Call) -> Signing {
        match &call.signer {
            Signer::Session(key) => Signing::With(self.vault.credentials(key)),
            Signer::Source => self.signing(&call.source),
        }
    }

    /// What to say when AWS does not take the key that signs a call any more, where that key cannot be renewed from
    /// here.
    pub(super) fn renewed_elsewhere(&self, call: &Call) -> Option<String> {
        let whose = match (&call.signer, &call.source) {
            (
                Signer::Source,
                Source::TemporaryKey {
                    access_key_id,
                    profile,
                },
            ) => {
                let location = self
                    .files
                    .location(profile, "aws_access_key_id", access_key_id);
                let place = location.map(|location| format!(" ({location})"));
                format!("of profile {profile}{}", place.unwrap_or_default())
            }
            (Signer::Source, Source::Environment { .. }) => "in the environment".to_owned(),
            _ => return None,
        };
        Some(format!(
            "the temporary key {whose} has ended; renew it where it came from"
        ))
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
            }
            | Source::TemporaryKey {
                profile,
                access_key_id,
            } => Signing::With(self.files.access_key(profile, access_key_id).map(Arc::new)),
            Source::Environment { access_key_id, .. } => {
                let id = access_key_id.as_deref();
                Signing::With(id.and_then(|id| self.surroundings.key(id)))
            }
            // Their credentials are those of a session.
            Source::Portal { .. }
            | Source::ConsoleLogin { .. }
            | Source::WebIdentityToken { .. }
            | Source::CredentialProcess { .. }
            | Source::InstanceMetadata { .. }
            | Source::Container { .. } => Signing::With(None),
        }
    }
}

/// Where the credentials that sign a call come from.
pub(super) enum Signing {
    With(Option<Arc<Credentials>>),
    Keychain { keychain: Keychain, profile: String },
}

impl Signing {
    pub(super) async fn credentials(self) -> Result<Arc<Credentials>, Failure> {
        match self {
            Self::With(credentials) => credentials.ok_or_else(nothing_to_sign_with),
            Self::Keychain { keychain, profile } => match keychain.access_key(&profile).await {
                Ok(Some(key)) => Ok(Arc::new(long_lived(key))),
                Ok(None) => Err(source_unavailable(format!(
                    "the access key of profile {profile} is not in the keychain any more"
                ))),
                Err(error) => Err(source_unavailable(with_causes(&error))),
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

pub(super) fn nothing_to_sign_with() -> Failure {
    source_unavailable("the credentials that sign the call are not there any more".to_owned())
}

pub(super) fn source_unavailable(message: String) -> Failure {
    Failure {
        kind: FailureKind::SourceUnavailable,
        message,
        answered: false,
        retry_at: None,
    }
}
