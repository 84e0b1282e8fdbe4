//! The form of the sealed store's contents: JSON, versioned, decoded by hand into our own types.

use holdfast_agent_proto::secret;
use holdfast_core::chain::{Chain, KeyLocation, Source, Step};
use holdfast_core::credentials::Credentials;
use holdfast_core::endpoint::EndpointSettings;
use holdfast_core::time::Timestamp;
use holdfast_core::totp_ledger::{AnsweredCode, CodeDigest};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// Version of the form that this release writes.
const VERSION: u32 = 1;

/// Everything that outlives the agent.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Stored {
    version: u32,
    pub(crate) sessions: Vec<StoredSession>,
    pub(crate) answered_codes: Vec<StoredCode>,
    pub(crate) clock_offset_seconds: i64,
}

/// One session with its credentials.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct StoredSession {
    pub(crate) profiles: Vec<String>,
    last_used: i64,
    region: Option<String>,
    source: StoredSource,
    steps: Vec<StoredStep>,
    access_key_id: String,
    #[serde(with = "secret")]
    secret_access_key: SecretString,
    #[serde(default, with = "secret::option")]
    session_token: Option<SecretString>,
    expires_at: i64,
}

/// A long-lived access key as the start of a chain; only its name, never its secret.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct StoredSource {
    access_key_id: String,
    profile: String,
    in_keychain: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case")]
enum StoredStep {
    GetSessionToken {
        mfa_serial: String,
        duration_seconds: Option<u32>,
    },
    AssumeRole {
        role_arn: String,
        role_session_name: Option<String>,
        external_id: Option<String>,
        source_identity: Option<String>,
        duration_seconds: Option<u32>,
        mfa_serial: Option<String>,
    },
}

/// A one-time code that AWS has answered, as its digest.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct StoredCode {
    serial: String,
    digest: u64,
    step: i64,
}

impl Stored {
    pub(crate) fn new(
        sessions: Vec<StoredSession>,
        answered_codes: Vec<StoredCode>,
        clock_offset_seconds: i64,
    ) -> Self {
        Self {
            version: VERSION,
            sessions,
            answered_codes,
            clock_offset_seconds,
        }
    }

    /// The contents in a buffer that is erased when dropped.
    pub(crate) fn encode(&self) -> Zeroizing<Vec<u8>> {
        // Room for all of it, so that no growing buffer leaves a copy behind.
        let bytes = 4096 * (self.sessions.len() + 1) + 256 * self.answered_codes.len();
        let mut contents = Zeroizing::new(Vec::with_capacity(bytes));
        // Writing plain data into memory cannot fail.
        if serde_json::to_writer(&mut *contents, self).is_err() {
            contents.clear();
        }
        contents
    }

    /// Decodes the store; `None` when a newer release wrote it or it is not ours.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice::<Self>(bytes)
            .ok()
            .filter(|stored| stored.version == VERSION)
    }
}

impl StoredSession {
    /// A session as it is kept; `None` for a source that is not kept, or without an end.
    pub(crate) fn of(
        chain: &Chain,
        profiles: Vec<String>,
        last_used: Timestamp,
        credentials: &Credentials,
    ) -> Option<Self> {
        let Source::AccessKey {
            access_key_id,
            profile,
            location,
        } = &chain.source
        else {
            return None;
        };
        Some(Self {
            profiles,
            last_used: last_used.unix_seconds(),
            region: chain.region.clone(),
            source: StoredSource {
                access_key_id: access_key_id.clone(),
                profile: profile.clone(),
                in_keychain: *location == KeyLocation::Keychain,
            },
            steps: chain
                .steps
                .iter()
                .map(StoredStep::of)
                .collect::<Option<_>>()?,
            access_key_id: credentials.access_key_id.clone(),
            secret_access_key: credentials.secret_access_key.clone(),
            session_token: credentials.session_token.clone(),
            expires_at: credentials.expires_at?.unix_seconds(),
        })
    }

    /// When it was last asked for.
    pub(crate) fn last_used(&self) -> Timestamp {
        Timestamp::from_unix_seconds(self.last_used)
    }

    /// The chain, its credentials and when they end.
    pub(crate) fn restore(self) -> (Chain, Credentials, Timestamp) {
        let expires_at = Timestamp::from_unix_seconds(self.expires_at);
        let chain = Chain {
            profile: self.profiles.first().cloned().unwrap_or_default(),
            region: self.region,
            // Not kept: the files say it again at the next request.
            endpoint: EndpointSettings::default(),
            source: Source::AccessKey {
                access_key_id: self.source.access_key_id,
                profile: self.source.profile,
                location: if self.source.in_keychain {
                    KeyLocation::Keychain
                } else {
                    KeyLocation::File
                },
            },
            steps: self.steps.into_iter().map(StoredStep::restore).collect(),
            problems: Vec::new(),
        };
        let credentials = Credentials {
            access_key_id: self.access_key_id,
            secret_access_key: self.secret_access_key,
            session_token: self.session_token,
            expires_at: Some(expires_at),
        };
        (chain, credentials, expires_at)
    }
}

impl StoredStep {
    fn of(step: &Step) -> Option<Self> {
        Some(match step.clone() {
            Step::GetSessionToken {
                mfa_serial,
                duration_seconds,
            } => Self::GetSessionToken {
                mfa_serial,
                duration_seconds,
            },
            Step::AssumeRole {
                role_arn,
                role_session_name,
                external_id,
                source_identity,
                duration_seconds,
                mfa_serial,
            } => Self::AssumeRole {
                role_arn,
                role_session_name,
                external_id,
                source_identity,
                duration_seconds,
                mfa_serial,
            },
            Step::SignIn
            | Step::GetRoleCredentials { .. }
            | Step::AssumeRoleWithWebIdentity { .. }
            | Step::Fetch => return None,
        })
    }

    fn restore(self) -> Step {
        match self {
            Self::GetSessionToken {
                mfa_serial,
                duration_seconds,
            } => Step::GetSessionToken {
                mfa_serial,
                duration_seconds,
            },
            Self::AssumeRole {
                role_arn,
                role_session_name,
                external_id,
                source_identity,
                duration_seconds,
                mfa_serial,
            } => Step::AssumeRole {
                role_arn,
                role_session_name,
                external_id,
                source_identity,
                duration_seconds,
                mfa_serial,
            },
        }
    }
}

impl StoredCode {
    pub(crate) fn of(serial: &str, code: AnsweredCode) -> Self {
        Self {
            serial: serial.to_owned(),
            digest: code.digest.0,
            step: code.step,
        }
    }

    pub(crate) fn restore(self) -> (String, AnsweredCode) {
        let code = AnsweredCode {
            digest: CodeDigest(self.digest),
            step: self.step,
        };
        (self.serial, code)
    }
}
