//! Why a profile does not resolve, and what to do about it.

use holdfast_aws_files::Location;
use std::fmt;

/// Why a profile does not resolve. Each names the profile at fault, which may be a source profile
/// of the one that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResolveError {
    /// There is no profile of this name.
    #[error("there is no profile {}", Name(profile))]
    UnknownProfile {
        /// The name.
        profile: String,
        /// Names of profiles that may have been meant.
        suggestions: Vec<String>,
    },
    /// `source_profile`, or a `credential_process` that asks Holdfast, names a profile that is not there.
    #[error(
        "profile {profile}: {key} names {}, which is in neither file ({location})",
        Name(source_profile)
    )]
    MissingSourceProfile {
        /// The profile.
        profile: String,
        /// The key.
        key: &'static str,
        /// The profile that it names.
        source_profile: String,
        /// Where.
        location: Location,
        /// Names of profiles that may have been meant.
        suggestions: Vec<String>,
    },
    /// `sso_session` names a section that is not there.
    #[error(
        "profile {profile}: there is no section [sso-session {}] ({location})",
        Name(sso_session)
    )]
    MissingSsoSession {
        /// The profile.
        profile: String,
        /// What its `sso_session` says.
        sso_session: String,
        /// Where.
        location: Location,
        /// Names of sections that may have been meant.
        suggestions: Vec<String>,
    },
    /// A profile and its `sso-session` section say different things of the portal.
    #[error(
        "profile {profile}: {key} is not that of [sso-session {}] ({location}; {other})",
        Name(sso_session)
    )]
    Contradiction {
        /// The profile.
        profile: String,
        /// The key.
        key: &'static str,
        /// The name of the section.
        sso_session: String,
        /// Where the profile says it.
        location: Location,
        /// Where the section says it.
        other: Location,
    },
    /// `credential_process` asks Holdfast for what Holdfast would run it for.
    #[error(
        "profile {profile}: credential_process asks Holdfast for the profile itself, {path} ({location})"
    )]
    AsksItself {
        /// The profile whose `credential_process` closes the circle.
        profile: String,
        /// The circle spelled out, `a → b → a`.
        path: String,
        /// Where that `credential_process` stands.
        location: Location,
    },
    /// `source_profile` leads back to where it came from.
    #[error("profile {profile}: source_profile goes in a circle, {path} ({location})")]
    Cycle {
        /// The profile whose `source_profile` enters or closes the circle.
        profile: String,
        /// The circle spelled out, `a → b → a`; shortened in the middle when it is long.
        path: String,
        /// Where the `source_profile` of `profile` stands.
        location: Location,
    },
    /// More profiles on top of each other than anybody has.
    #[error("profile {profile}: more than {most} profiles on top of each other ({location})")]
    TooLong {
        /// The profile.
        profile: String,
        /// How many profiles a chain may have.
        most: usize,
        /// Where it names the next one.
        location: Location,
    },
    /// A value that AWS does not accept.
    #[error("profile {profile}: {key} is not {expected} ({location})")]
    InvalidValue {
        /// The profile.
        profile: String,
        /// The key.
        key: &'static str,
        /// What the value should be, in words.
        expected: &'static str,
        /// Where.
        location: Location,
    },
    /// Values that are needed and not there.
    #[error("profile {profile}: {} missing ({location})", Keys(keys))]
    MissingValue {
        /// The profile.
        profile: String,
        /// The keys.
        keys: Vec<&'static str>,
        /// The section that it belongs in.
        location: Location,
    },
    /// Two keys that exclude each other.
    #[error("profile {profile}: {} and {} exclude each other ({location})", keys[0], keys[1])]
    Conflict {
        /// The profile.
        profile: String,
        /// The keys.
        keys: [&'static str; 2],
        /// Where the second one stands.
        location: Location,
    },
    /// `role_arn` without anything that says whose credentials assume the role.
    #[error("profile {profile}: role_arn without source_profile ({location})")]
    RoleWithoutSource {
        /// The profile.
        profile: String,
        /// Where its `role_arn` stands.
        location: Location,
    },
    /// One part of an access key without the other.
    #[error("profile {profile}: {present} without {missing} ({location})")]
    IncompleteAccessKey {
        /// The profile.
        profile: String,
        /// The part that is there.
        present: &'static str,
        /// The part that is not, or is empty.
        missing: &'static str,
        /// Where the present part stands.
        location: Location,
    },
    /// Nothing in the profile says where credentials come from.
    #[error("profile {profile} has no credentials and no role_arn ({location})")]
    NoCredentials {
        /// The profile.
        profile: String,
        /// It has a `source_profile`, which means nothing without `role_arn`.
        has_source_profile: bool,
        /// Where it stands.
        location: Location,
    },
}

impl ResolveError {
    /// Where the fault is.
    pub fn location(&self) -> Option<&Location> {
        match self {
            Self::UnknownProfile { .. } => None,
            Self::MissingSourceProfile { location, .. }
            | Self::MissingSsoSession { location, .. }
            | Self::Contradiction { location, .. }
            | Self::AsksItself { location, .. }
            | Self::Cycle { location, .. }
            | Self::TooLong { location, .. }
            | Self::InvalidValue { location, .. }
            | Self::MissingValue { location, .. }
            | Self::Conflict { location, .. }
            | Self::RoleWithoutSource { location, .. }
            | Self::IncompleteAccessKey { location, .. }
            | Self::NoCredentials { location, .. } => Some(location),
        }
    }
}

/// Keys with the verb that goes with their number.
struct Keys<'a>(&'a [&'static str]);

impl fmt::Display for Keys<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = if self.0.len() == 1 { "is" } else { "are" };
        write!(f, "{} {verb}", self.0.join(" and "))
    }
}

/// A name that came from outside, without control characters and of bounded length.
pub(super) struct Name<'a>(pub(super) &'a str);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LONGEST: usize = 100;
        for char in self.0.chars().take(LONGEST) {
            if char.is_control() {
                write!(f, "{}", char.escape_default())?;
            } else {
                write!(f, "{char}")?;
            }
        }
        if self.0.chars().nth(LONGEST).is_some() {
            f.write_str("…")?;
        }
        Ok(())
    }
}
