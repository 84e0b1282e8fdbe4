//! From the roles along a chain to its steps: where the MFA code goes, and for how long.

use super::portal::suspicious_start_url;
use super::role::{Mfa, Role, value};
use super::source::Origin;
use super::{Chain, ResolveError, Source, Step};
use crate::endpoint::EndpointSettings;
use holdfast_aws_files::{Problem, ProfileSet, Section};

/// AWS caps a role that is assumed with temporary credentials at one hour.
const CHAINED_ROLE_SECONDS: u32 = 3_600;

/// Makes the chain of the first of the profiles.
///
/// `roles` are those on the way from the profile to its source, the profile's own first; `base` is
/// the profile that the source belongs to.
pub(super) fn plan(
    profile: &Section,
    roles: &[&Role<'_>],
    base: &Section,
    origin: Origin,
    profiles: &ProfileSet,
) -> Result<Chain, ResolveError> {
    let mut problems = Vec::new();
    let Origin { source, mut steps } = origin;
    let mfas: Vec<(&Section, Mfa<'_>)> = roles
        .iter()
        .map(|role| Ok((role.section, role.mfa.clone())))
        .chain([Mfa::read(base).map(|mfa| (base, mfa))])
        .collect::<Result<_, ResolveError>>()?;
    let kind = kind_of(&source, &steps);
    let code = match kind {
        Kind::LongLived => code_for(roles, &mfas, &mut problems),
        Kind::Unknown => code_of_first_role(roles, &mut problems),
        Kind::Role | Kind::SignedIn => {
            problems.extend(
                roles
                    .iter()
                    .filter(|role| role.mfa.serial.is_some())
                    .filter_map(|role| problem(role.section, "mfa_serial", NO_CODE)),
            );
            Code::None
        }
    };
    if let Source::Portal { .. } = source {
        problems.extend(suspicious_start_url(base, profiles));
    }

    if let Code::Session(mfa_serial) = code {
        steps.push(Step::GetSessionToken {
            mfa_serial: mfa_serial.to_owned(),
            duration_seconds: mfas.iter().find_map(|(_, mfa)| mfa.session_seconds),
        });
    }
    for (depth, role) in roles.iter().rev().enumerate() {
        let mfa_serial = match code {
            Code::FirstRole if depth == 0 => role.mfa.serial,
            Code::Session(_) | Code::FirstRole | Code::None => None,
        };
        let signed_by = match code {
            _ if depth > 0 || kind == Kind::Role => Signer::Role,
            Code::Session(_) => Signer::Session,
            Code::FirstRole | Code::None => Signer::Source,
        };
        steps.push(assume_role(role, signed_by, mfa_serial, &mut problems));
    }
    let region = [profile]
        .into_iter()
        .chain(roles.iter().map(|role| role.section))
        .chain([base])
        .find_map(|section| value(section, "region"));
    Ok(Chain {
        profile: profile.name().to_owned(),
        region: region.map(str::to_owned),
        endpoint: EndpointSettings::of(profile, profiles),
        source,
        steps,
        problems,
    })
}

/// Which call takes the MFA code.
#[derive(Clone, Copy)]
enum Code<'a> {
    None,
    /// One `GetSessionToken` right after the access key, with this device; roles follow silently.
    Session(&'a str),
    /// The role right after the source, because it is to last longer than a session lets it, or because the source may
    /// not make a session.
    FirstRole,
}

const NO_CODE: &str = "mfa_serial is not used: AWS takes a code only together with the key of the user whose device it \
                       is, and this profile's source_profile is a role or a sign-in";

/// What is known of the credentials at the start of a chain.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The access key of a user.
    LongLived,
    /// Those of a role: roles that are assumed with them are chained.
    Role,
    /// Those of a person who signed in, with whatever the sign-in asked for.
    SignedIn,
    /// Anything.
    Unknown,
}

fn kind_of(source: &Source, steps: &[Step]) -> Kind {
    let is_role = steps.iter().any(|step| {
        matches!(
            step,
            Step::GetRoleCredentials { .. } | Step::AssumeRoleWithWebIdentity { .. }
        )
    });
    match source {
        _ if is_role => Kind::Role,
        Source::AccessKey { .. } => Kind::LongLived,
        Source::InstanceMetadata { .. } | Source::Container { .. } => Kind::Role,
        Source::ConsoleLogin { login_session, .. } if login_session.contains(":assumed-role/") => {
            Kind::Role
        }
        Source::ConsoleLogin { .. } => Kind::SignedIn,
        Source::TemporaryKey { .. }
        | Source::Environment { .. }
        | Source::Portal { .. }
        | Source::WebIdentityToken { .. }
        | Source::CredentialProcess { .. } => Kind::Unknown,
    }
}

/// A source of unknown kind may be a user's, so the role right above it may take a code. Those above that cannot: they
/// are assumed by a role.
fn code_of_first_role<'a>(roles: &[&Role<'a>], problems: &mut Vec<Problem>) -> Code<'a> {
    let Some((first, above)) = roles.split_last() else {
        return Code::None;
    };
    let unused = above.iter().filter(|role| role.mfa.serial.is_some());
    problems.extend(unused.filter_map(|role| problem(role.section, "mfa_serial", NO_CODE)));
    match first.mfa.serial {
        Some(_) => Code::FirstRole,
        None => Code::None,
    }
}

fn code_for<'a>(
    roles: &[&Role<'_>],
    mfas: &[(&Section, Mfa<'a>)],
    problems: &mut Vec<Problem>,
) -> Code<'a> {
    let mut serials = mfas
        .iter()
        .filter_map(|(section, mfa)| mfa.serial.map(|serial| (*section, serial)));
    let Some((_, nearest)) = serials.next() else {
        return Code::None;
    };
    let is_direct = roles.last().is_some_and(|role| {
        role.mfa.serial.is_some()
            && role
                .duration_seconds
                .is_some_and(|seconds| seconds > CHAINED_ROLE_SECONDS)
    });
    let used = match roles.last() {
        Some(role) if is_direct => role.mfa.serial.unwrap_or(nearest),
        _ => nearest,
    };
    for (section, mfa) in mfas {
        if mfa.serial.is_some_and(|serial| serial != used) {
            problems.extend(problem(
                section,
                "mfa_serial",
                "mfa_serial differs from that of another profile on the same chain and is not used",
            ));
        }
    }
    if is_direct {
        Code::FirstRole
    } else {
        Code::Session(nearest)
    }
}

/// Whose credentials a role is assumed with.
#[derive(Clone, Copy)]
enum Signer {
    Source,
    Session,
    Role,
}

fn assume_role(
    role: &Role<'_>,
    signed_by: Signer,
    mfa_serial: Option<&str>,
    problems: &mut Vec<Problem>,
) -> Step {
    let over_an_hour = role
        .duration_seconds
        .is_some_and(|seconds| seconds > CHAINED_ROLE_SECONDS);
    let cap = match signed_by {
        Signer::Session if over_an_hour => Some(
            "duration_seconds is over 3600, but AWS caps a role that is assumed from an MFA session \
             at one hour; it is asked for one hour and renewed; with mfa_serial in this profile, \
             the role is assumed with the code itself and lasts",
        ),
        Signer::Role if over_an_hour => Some(
            "duration_seconds is over 3600, but AWS caps a role that is assumed from another role \
             at one hour; it is asked for one hour and renewed",
        ),
        Signer::Source | Signer::Session | Signer::Role => None,
    };
    if let Some(message) = cap {
        problems.extend(problem(role.section, "duration_seconds", message));
    }
    let duration_seconds = match cap {
        Some(_) => Some(CHAINED_ROLE_SECONDS),
        None => role.duration_seconds,
    };
    Step::AssumeRole {
        role_arn: role.role_arn.to_owned(),
        role_session_name: role.role_session_name.map(str::to_owned),
        external_id: role.external_id.map(str::to_owned),
        source_identity: role.source_identity.map(str::to_owned),
        duration_seconds,
        mfa_serial: mfa_serial.map(str::to_owned),
    }
}

fn problem(section: &Section, key: &str, message: &str) -> Option<Problem> {
    Some(Problem {
        location: section.location(key)?,
        message: format!("profile {}: {message}", section.name()),
    })
}
