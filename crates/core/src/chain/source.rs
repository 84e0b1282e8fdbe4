//! Where a profile's own credentials come from.

use super::role::{invalid, value};
use super::{KeyIndex, KeyLocation, ResolveError, Source};
use holdfast_aws_files::{ProfileSet, Section};

/// The access key of a profile: the keychain's, else that of the files. A source profile with one
/// is a source, whatever else it says.
pub(super) fn access_key(section: &Section, keys: &dyn KeyIndex) -> Option<Source> {
    if let Some(source) = keychain_key(section.name(), keys) {
        return Some(source);
    }
    let key = section.access_key()?;
    Some(if key.session_token.is_some() {
        unsupported(
            section,
            "aws_session_token",
            [key.id],
            "a long-lived access key instead of a temporary one".to_owned(),
        )
    } else {
        Source::AccessKey {
            access_key_id: key.id.to_owned(),
            profile: section.name().to_owned(),
            location: KeyLocation::File,
        }
    })
}

/// The access key that the keychain holds for a profile.
pub(super) fn keychain_key(profile: &str, keys: &dyn KeyIndex) -> Option<Source> {
    let access_key_id = keys.access_key_id(profile)?.to_owned();
    Some(Source::AccessKey {
        access_key_id,
        profile: profile.to_owned(),
        location: KeyLocation::Keychain,
    })
}

/// The source in a profile itself, without looking at its role.
pub(super) fn own_source(
    section: &Section,
    profiles: &ProfileSet,
    keys: &dyn KeyIndex,
) -> Result<Source, ResolveError> {
    let in_keychain = keys.access_key_id(section.name()).is_some();
    if !in_keychain && let Some(source) = sso(section, profiles)? {
        return Ok(source);
    }
    if let Some(source) = access_key(section, keys) {
        return Ok(source);
    }
    if let Some(session) = value(section, "login_session") {
        let needs = "a console sign-in (aws login)".to_owned();
        return Ok(unsupported(section, "login_session", [session], needs));
    }
    if value(section, "credential_process").is_some() {
        // The command may contain a secret, so the profile stands for it.
        let needs = "the output of its credential_process".to_owned();
        return Ok(unsupported(
            section,
            "credential_process",
            [section.name()],
            needs,
        ));
    }
    Err(nothing(section))
}

/// The source of a role profile with `credential_source`.
pub(super) fn credential_source(section: &Section, which: &str) -> Result<Source, ResolveError> {
    if !["Environment", "Ec2InstanceMetadata", "EcsContainer"].contains(&which) {
        return Err(invalid(
            section,
            "credential_source",
            "Environment, Ec2InstanceMetadata or EcsContainer",
        ));
    }
    let needs = format!("the credentials of this machine ({which})");
    Ok(unsupported(section, "credential_source", [which], needs))
}

/// The source of a role profile with `web_identity_token_file`: the role's credentials themselves.
pub(super) fn web_identity(section: &Section, role_arn: &str, token_file: &str) -> Source {
    let session_name = value(section, "role_session_name").unwrap_or_default();
    unsupported(
        section,
        "web_identity_token_file",
        [role_arn, session_name, token_file],
        format!("the web identity token in {token_file}"),
    )
}

/// The source of a profile with `sso_session`, or with `sso_start_url` as older profiles have it.
fn sso(section: &Section, profiles: &ProfileSet) -> Result<Option<Source>, ResolveError> {
    let role = [
        value(section, "sso_account_id").unwrap_or_default(),
        value(section, "sso_role_name").unwrap_or_default(),
    ];
    if let Some(name) = value(section, "sso_session") {
        let session =
            profiles
                .sso_session(name)
                .ok_or_else(|| ResolveError::MissingSsoSession {
                    profile: section.name().to_owned(),
                    sso_session: name.to_owned(),
                    location: section
                        .location("sso_session")
                        .unwrap_or_else(|| section.header()),
                })?;
        let place = value(session, "sso_start_url").unwrap_or(name);
        let needs = format!("a sign-in at {place}");
        let identity = [name, role[0], role[1]];
        return Ok(Some(unsupported(section, "sso_session", identity, needs)));
    }
    Ok(value(section, "sso_start_url").map(|url| {
        let needs = format!("a sign-in at {url}");
        unsupported(section, "sso_start_url", [url, role[0], role[1]], needs)
    }))
}

fn unsupported<const N: usize>(
    section: &Section,
    kind: &'static str,
    identity: [&str; N],
    needs: String,
) -> Source {
    Source::Unsupported {
        profile: section.name().to_owned(),
        kind,
        // Values have no line feeds unless they are continued, and those mean nothing here.
        identity: identity.join("\n"),
        needs,
    }
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
