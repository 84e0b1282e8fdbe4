//! The form of chains in the sealed store: where a session's chain starts, and its steps.

use holdfast_core::chain::{KeyLocation, Source, Step};
use holdfast_core::endpoint::EndpointSettings;
use holdfast_core::sso::Portal;
use serde::{Deserialize, Serialize};

/// Where a chain starts; only names, never a secret.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum StoredSource {
    /// A long-lived access key, as the first version has it.
    AccessKey(StoredAccessKey),
    /// Another source, by its kind.
    Other(StoredOrigin),
}

/// A long-lived access key.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct StoredAccessKey {
    access_key_id: String,
    profile: String,
    in_keychain: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub(super) enum StoredOrigin {
    TemporaryKey {
        access_key_id: String,
        profile: String,
    },
    Environment {
        access_key_id: Option<String>,
        profile: String,
    },
    Portal {
        start_url: String,
        region: String,
        scopes: Vec<String>,
        profile: String,
    },
    ConsoleLogin {
        login_session: String,
        profile: String,
    },
    WebIdentityToken {
        file: String,
        profile: String,
    },
    CredentialProcess {
        profile: String,
        fingerprint: u64,
    },
    InstanceMetadata {
        profile: String,
    },
    Container {
        profile: String,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub(super) enum StoredStep {
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
    SignIn,
    GetRoleCredentials {
        account_id: String,
        role_name: String,
    },
    AssumeRoleWithWebIdentity {
        role_arn: String,
        role_session_name: Option<String>,
        duration_seconds: Option<u32>,
    },
    Fetch,
}

impl StoredSource {
    pub(super) fn of(source: Source) -> Self {
        Self::Other(match source {
            Source::AccessKey {
                access_key_id,
                profile,
                location,
            } => {
                return Self::AccessKey(StoredAccessKey {
                    access_key_id,
                    profile,
                    in_keychain: location == KeyLocation::Keychain,
                });
            }
            Source::TemporaryKey {
                access_key_id,
                profile,
            } => StoredOrigin::TemporaryKey {
                access_key_id,
                profile,
            },
            Source::Environment {
                access_key_id,
                profile,
            } => StoredOrigin::Environment {
                access_key_id,
                profile,
            },
            Source::Portal { portal, profile } => StoredOrigin::Portal {
                start_url: portal.start_url,
                region: portal.region,
                scopes: portal.scopes,
                profile,
            },
            Source::ConsoleLogin {
                login_session,
                profile,
            } => StoredOrigin::ConsoleLogin {
                login_session,
                profile,
            },
            Source::WebIdentityToken { file, profile } => {
                StoredOrigin::WebIdentityToken { file, profile }
            }
            Source::CredentialProcess {
                profile,
                fingerprint,
            } => StoredOrigin::CredentialProcess {
                profile,
                fingerprint,
            },
            Source::InstanceMetadata { profile } => StoredOrigin::InstanceMetadata { profile },
            Source::Container { profile } => StoredOrigin::Container { profile },
        })
    }

    pub(super) fn restore(self) -> Source {
        let origin = match self {
            Self::AccessKey(key) => {
                return Source::AccessKey {
                    access_key_id: key.access_key_id,
                    profile: key.profile,
                    location: if key.in_keychain {
                        KeyLocation::Keychain
                    } else {
                        KeyLocation::File
                    },
                };
            }
            Self::Other(origin) => origin,
        };
        match origin {
            StoredOrigin::TemporaryKey {
                access_key_id,
                profile,
            } => Source::TemporaryKey {
                access_key_id,
                profile,
            },
            StoredOrigin::Environment {
                access_key_id,
                profile,
            } => Source::Environment {
                access_key_id,
                profile,
            },
            StoredOrigin::Portal {
                start_url,
                region,
                scopes,
                profile,
            } => Source::Portal {
                portal: Portal {
                    start_url,
                    region,
                    scopes,
                    // Not kept: the files say it again at the next request.
                    endpoint: EndpointSettings::default(),
                },
                profile,
            },
            StoredOrigin::ConsoleLogin {
                login_session,
                profile,
            } => Source::ConsoleLogin {
                login_session,
                profile,
            },
            StoredOrigin::WebIdentityToken { file, profile } => {
                Source::WebIdentityToken { file, profile }
            }
            StoredOrigin::CredentialProcess {
                profile,
                fingerprint,
            } => Source::CredentialProcess {
                profile,
                fingerprint,
            },
            StoredOrigin::InstanceMetadata { profile } => Source::InstanceMetadata { profile },
            StoredOrigin::Container { profile } => Source::Container { profile },
        }
    }
}

impl StoredStep {
    pub(super) fn of(step: Step) -> Self {
        match step {
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
            Step::SignIn => Self::SignIn,
            Step::GetRoleCredentials {
                account_id,
                role_name,
            } => Self::GetRoleCredentials {
                account_id,
                role_name,
            },
            Step::AssumeRoleWithWebIdentity {
                role_arn,
                role_session_name,
                duration_seconds,
            } => Self::AssumeRoleWithWebIdentity {
                role_arn,
                role_session_name,
                duration_seconds,
            },
            Step::Fetch => Self::Fetch,
        }
    }

    pub(super) fn restore(self) -> Step {
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
            Self::SignIn => Step::SignIn,
            Self::GetRoleCredentials {
                account_id,
                role_name,
            } => Step::GetRoleCredentials {
                account_id,
                role_name,
            },
            Self::AssumeRoleWithWebIdentity {
                role_arn,
                role_session_name,
                duration_seconds,
            } => Step::AssumeRoleWithWebIdentity {
                role_arn,
                role_session_name,
                duration_seconds,
            },
            Self::Fetch => Step::Fetch,
        }
    }
}
