//! Where a profile's own credentials come from.

use super::role::{invalid, value};
use super::{KeyIndex, KeyLocation, ResolveError, Source, Step};
use crate::endpoint::EndpointSettings;
use crate::sso::{ACCOUNT_ACCESS, Portal};
use holdfast_aws_files::sso::normalized_start_url;
use holdfast_aws_files::{ProfileSet, Section};
use holdfast_codecommit::Region;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Where a chain starts, with the steps that belong to a source of its kind.
#[derive(Clone)]
pub(super) struct Origin {
    pub(super) source: Source,
    pub(super) steps: Vec<Step>,
}

impl Origin {
    fn new(source: Source, steps: impl Into<Vec<Step>>) -> Self {
        Self {
            source,
            steps: steps.into(),
        }
    }
}

/// The access key of a profile: the keychain's, else that of the files. A source profile with one
/// is a source, whatever else it says.
pub(super) fn access_key(section: &Section, keys: &dyn KeyIndex) -> Option<Origin> {
    if let Some(origin) = keychain_key(section.name(), keys) {
        return Some(origin);
    }
    let key = section.access_key()?;
    let (access_key_id, profile) = (key.id.to_owned(), section.name().to_owned());
    let source = if key.session_token.is_some() {
        Source::TemporaryKey {
            access_key_id,
            profile,
        }
    } else {
        Source::AccessKey {
            access_key_id,
            profile,
            location: KeyLocation::File,
        }
    };
    Some(Origin::new(source, []))
}

/// The access key that the keychain holds for a profile.
pub(super) fn keychain_key(profile: &str, keys: &dyn KeyIndex) -> Option<Origin> {
    let access_key_id = keys.access_key_id(profile)?.to_owned();
    let source = Source::AccessKey {
        access_key_id,
        profile: profile.to_owned(),
        location: KeyLocation::Keychain,
    };
    Some(Origin::new(source, []))
}

/// The number that tells a `credential_process` from what it was before an edit.
pub fn fingerprint(command: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    command.hash(&mut hasher);
    hasher.finish()
}

/// The source in a profile itself, without looking at its role.
pub(super) fn own_source(
    section: &Section,
    profiles: &ProfileSet,
    keys: &dyn KeyIndex,
) -> Result<Origin, ResolveError> {
    let in_keychain = keys.access_key_id(section.name()).is_some();
    if !in_keychain && let Some(origin) = sso(section, profiles)? {
        return Ok(origin);
    }
    if let Some(origin) = access_key(section, keys) {
        return Ok(origin);
    }
    let profile = section.name().to_owned();
    if let Some(login_session) = value(section, "login_session") {
        let login_session = login_session.to_owned();
        let source = Source::ConsoleLogin {
            login_session,
            profile,
        };
        return Ok(Origin::new(source, [Step::SignIn]));
    }
    if let Some(command) = value(section, "credential_process") {
        let source = Source::CredentialProcess {
            profile,
            fingerprint: fingerprint(command),
        };
        return Ok(Origin::new(source, [Step::Fetch]));
    }
    Err(nothing(section))
}

/// The source of a role profile with `credential_source`.
pub(super) fn credential_source(section: &Section, which: &str) -> Result<Origin, ResolveError> {
    let profile = section.name().to_owned();
    match which {
        "Environment" => {
            let source = Source::Environment {
                access_key_id: None,
                profile,
            };
            Ok(Origin::new(source, []))
        }
        "Ec2InstanceMetadata" => Ok(Origin::new(
            Source::InstanceMetadata { profile },
            [Step::Fetch],
        )),
        "EcsContainer" => Ok(Origin::new(Source::Container { profile }, [Step::Fetch])),
        _ => Err(invalid(
            section,
            "credential_source",
            "Environment, Ec2InstanceMetadata or EcsContainer",
        )),
    }
}

/// The source of a role profile with `web_identity_token_file`: the role's credentials themselves.
pub(super) fn web_identity(
    section: &Section,
    role_arn: &str,
    token_file: &str,
    duration_seconds: Option<u32>,
) -> Origin {
    let source = Source::WebIdentityToken {
        file: token_file.to_owned(),
        profile: section.name().to_owned(),
    };
    let step = Step::AssumeRoleWithWebIdentity {
        role_arn: role_arn.to_owned(),
        role_session_name: value(section, "role_session_name").map(str::to_owned),
        duration_seconds,
    };
    Origin::new(source, [step])
}

/// The source of a profile with `sso_session`, or with `sso_start_url` as older profiles have it.
fn sso(section: &Section, profiles: &ProfileSet) -> Result<Option<Origin>, ResolveError> {
    let place = match value(section, "sso_session") {
        Some(name) => {
            profiles
                .sso_session(name)
                .ok_or_else(|| ResolveError::MissingSsoSession {
                    profile: section.name().to_owned(),
                    sso_session: name.to_owned(),
                    location: section
                        .location("sso_session")
                        .unwrap_or_else(|| section.header()),
                })?
        }
        None if value(section, "sso_start_url").is_some() => section,
        None => return Ok(None),
    };
    let required = |at: &Section, key: &'static str| {
        value(at, key)
            .map(str::to_owned)
            .ok_or_else(|| ResolveError::MissingValue {
                profile: section.name().to_owned(),
                key,
                location: at.header(),
            })
    };
    let invalid = |key: &'static str, expected: &'static str| ResolveError::InvalidValue {
        profile: section.name().to_owned(),
        key,
        expected,
        location: place.location(key).unwrap_or_else(|| place.header()),
    };
    let scopes = value(place, "sso_registration_scopes").unwrap_or(ACCOUNT_ACCESS);
    let region = required(place, "sso_region")?;
    if Region::parse(&region).is_err() {
        return Err(invalid("sso_region", "a Region such as eu-west-1"));
    }
    let portal = Portal {
        start_url: normalized_start_url(&required(place, "sso_start_url")?).map_err(|_| {
            invalid(
                "sso_start_url",
                "an https address such as https://corp.awsapps.com/start",
            )
        })?,
        region,
        scopes: scopes
            .split(',')
            .map(|scope| scope.trim().to_owned())
            .collect(),
        endpoint: EndpointSettings::of(section, profiles),
    };
    let role = Step::GetRoleCredentials {
        account_id: required(section, "sso_account_id")?,
        role_name: required(section, "sso_role_name")?,
    };
    let source = Source::Portal {
        portal,
        profile: section.name().to_owned(),
    };
    Ok(Some(Origin::new(source, [Step::SignIn, role])))
}

/// Why a profile is no source.
fn nothing(section: &Section) -> ResolveError {
    let profile = section.name().to_owned();
    let parts = [
        ("aws_access_key_id", "aws_secret_access_key"),
        ("aws_secret_access_key", "aws_access_key_id"),
    ];
    for (present, missing) in parts {
        let is_there = value(section, present).is_some() || section.secret(present).is_some();
        if is_there && let Some(location) = section.location(present) {
            return ResolveError::IncompleteAccessKey {
                profile,
                present,
                missing,
                location,
            };
        }
    }
    ResolveError::NoCredentials {
        profile,
        has_source_profile: value(section, "source_profile").is_some(),
        location: section.header(),
    }
}
