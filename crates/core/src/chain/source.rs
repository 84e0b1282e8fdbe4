//! Where a profile's own credentials come from.
//!
//! A profile may name several sources. The AWS CLI takes the first that is there, in this order (botocore's
//! `ProfileProviderBuilder`): web identity, IAM Identity Center, the access key of the credentials file,
//! `login_session`, `credential_process`, the access key of the config file. A key in the keychain stands where it would
//! in the credentials file.

use super::portal::{is_meant_for_portal, missing_role, portal_role};
use super::process::{self, fingerprint};
use super::resolve::location;
use super::role::{Role, invalid, value};
use super::{KeyIndex, KeyLocation, ResolveError, Source, Step};
use holdfast_aws_files::{FileKind, ProfileSet, Section};

/// Where a chain starts, with the steps that belong to a source of its kind.
#[derive(Clone)]
pub(super) struct Origin {
    pub(super) source: Source,
    pub(super) steps: Vec<Step>,
}

impl Origin {
    pub(super) fn new(source: Source, steps: impl Into<Vec<Step>>) -> Self {
        Self {
            source,
            steps: steps.into(),
        }
    }
}

/// What a profile names as its source.
pub(super) enum Named<'a> {
    /// A source.
    Origin(Origin),
    /// What another profile has: its `credential_process` is Holdfast itself, asked for that profile.
    SameAs(&'a str),
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

/// Whether a profile has an access key of its own, or a part of one. Others that are built on it use that key, whatever
/// role it names.
pub(super) fn has_key(section: &Section, keys: &dyn KeyIndex) -> bool {
    keys.access_key_id(section.name()).is_some()
        || value(section, "aws_access_key_id").is_some()
        || section.secret("aws_secret_access_key").is_some()
}

/// The source in a profile itself, without looking at a role that is assumed with another profile's credentials.
pub(super) fn own_source<'a>(
    section: &'a Section,
    profiles: &ProfileSet,
    keys: &dyn KeyIndex,
) -> Result<Named<'a>, ResolveError> {
    if let Some(origin) = web_identity(section)? {
        return Ok(Named::Origin(origin));
    }
    if let Some(origin) = portal_role(section, profiles)? {
        return Ok(Named::Origin(origin));
    }
    let in_keychain = keychain_key(section.name(), keys);
    if let Some(origin) = in_keychain.or_else(|| file_key(section, FileKind::Credentials)) {
        return Ok(Named::Origin(origin));
    }
    if let Some(login_session) = value(section, "login_session") {
        let source = Source::ConsoleLogin {
            login_session: login_session.to_owned(),
            profile: section.name().to_owned(),
        };
        return Ok(Named::Origin(Origin::new(source, [Step::SignIn])));
    }
    if let Some(command) = value(section, "credential_process") {
        return Ok(match process::profile_of_holdfast(command) {
            Some(profile) => Named::SameAs(profile),
            None => Named::Origin(credential_process(section, command)),
        });
    }
    if let Some(origin) = file_key(section, FileKind::Config) {
        return Ok(Named::Origin(origin));
    }
    Err(nothing(section, profiles))
}

/// The access key of a profile in one of the files.
fn file_key(section: &Section, file: FileKind) -> Option<Origin> {
    let key = section.access_key().filter(|key| key.file == file)?;
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

fn credential_process(section: &Section, command: &str) -> Origin {
    let source = Source::CredentialProcess {
        profile: section.name().to_owned(),
        fingerprint: fingerprint(command),
    };
    Origin::new(source, [Step::Fetch])
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

/// The source of a profile with `web_identity_token_file`: the credentials of its role.
fn web_identity(section: &Section) -> Result<Option<Origin>, ResolveError> {
    let Some(file) = value(section, "web_identity_token_file") else {
        return Ok(None);
    };
    let Some(role_arn) = value(section, "role_arn") else {
        return Err(ResolveError::MissingValue {
            profile: section.name().to_owned(),
            keys: vec!["role_arn"],
            location: location(section, "web_identity_token_file"),
        });
    };
    let role = Role::read(section, role_arn)?;
    let source = Source::WebIdentityToken {
        file: file.to_owned(),
        profile: section.name().to_owned(),
    };
    let step = Step::AssumeRoleWithWebIdentity {
        role_arn: role_arn.to_owned(),
        role_session_name: role.role_session_name.map(str::to_owned),
        duration_seconds: role.duration_seconds,
    };
    Ok(Some(Origin::new(source, [step])))
}

/// Why a profile is no source.
fn nothing(section: &Section, profiles: &ProfileSet) -> ResolveError {
    if is_meant_for_portal(section) {
        return missing_role(section, profiles);
    }
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
