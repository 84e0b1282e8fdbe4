//! The keys of a profile that concern roles and MFA, checked.

use super::{ResolveError, arn};
use holdfast_aws_files::Section;
use std::ops::RangeInclusive;

/// Lifetimes that `AssumeRole` accepts, in seconds
/// (<https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>).
const ROLE_SECONDS: RangeInclusive<u32> = 900..=43_200;
/// Lifetimes that `GetSessionToken` accepts, in seconds
/// (<https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html>).
const SESSION_SECONDS: RangeInclusive<u32> = 900..=129_600;

/// A role that a profile assumes.
#[derive(Clone)]
pub(super) struct Role<'a> {
    /// The profile.
    pub(super) section: &'a Section,
    pub(super) role_arn: &'a str,
    pub(super) role_session_name: Option<&'a str>,
    pub(super) external_id: Option<&'a str>,
    pub(super) source_identity: Option<&'a str>,
    pub(super) duration_seconds: Option<u32>,
    pub(super) mfa: Mfa<'a>,
}

/// What a profile says about MFA.
#[derive(Clone)]
pub(super) struct Mfa<'a> {
    pub(super) serial: Option<&'a str>,
    /// `get_session_token_duration_seconds`.
    pub(super) session_seconds: Option<u32>,
}

/// The value of a key, when it is there and not empty.
pub(super) fn value<'a>(section: &'a Section, key: &str) -> Option<&'a str> {
    section.get(key).filter(|value| !value.is_empty())
}

/// The fault in a value. The key must be in the section.
pub(super) fn invalid(
    section: &Section,
    key: &'static str,
    expected: &'static str,
) -> ResolveError {
    ResolveError::InvalidValue {
        profile: section.name().to_owned(),
        key,
        expected,
        location: section.location(key).unwrap_or_else(|| section.header()),
    }
}

impl<'a> Role<'a> {
    /// Reads a profile that has a `role_arn`.
    pub(super) fn read(section: &'a Section, role_arn: &'a str) -> Result<Self, ResolveError> {
        if arn::parse(role_arn, "role").is_none() {
            return Err(invalid(
                section,
                "role_arn",
                "the ARN of a role, such as arn:aws:iam::111122223333:role/NAME",
            ));
        }
        Ok(Self {
            section,
            role_arn,
            role_session_name: text(
                section,
                "role_session_name",
                2..=64,
                "+=,.@-_",
                SESSION_NAME,
            )?,
            external_id: text(section, "external_id", 2..=1224, "+=,.@:/-_", EXTERNAL_ID)?,
            source_identity: text(section, "source_identity", 2..=64, "+=,.@-_", SESSION_NAME)?,
            duration_seconds: seconds(
                section,
                "duration_seconds",
                ROLE_SECONDS,
                "a number of seconds from 900 to 43200",
            )?,
            mfa: Mfa::read(section)?,
        })
    }
}

impl<'a> Mfa<'a> {
    /// Reads what a profile says about MFA.
    pub(super) fn read(section: &'a Section) -> Result<Self, ResolveError> {
        Ok(Self {
            serial: text(section, "mfa_serial", 9..=256, "+=/:,.@-_", MFA_SERIAL)?,
            session_seconds: seconds(
                section,
                "get_session_token_duration_seconds",
                SESSION_SECONDS,
                "a number of seconds from 900 to 129600",
            )?,
        })
    }
}

const SESSION_NAME: &str = "a name of 2 to 64 letters, digits and + = , . @ - _";
const EXTERNAL_ID: &str = "an id of 2 to 1224 letters, digits and + = , . @ : / - _";
const MFA_SERIAL: &str =
    "the ARN or serial number of an MFA device, such as arn:aws:iam::111122223333:mfa/NAME";

/// A value of a key, of this length and out of letters, digits and this punctuation.
pub(super) fn text<'a>(
    section: &'a Section,
    key: &'static str,
    length: RangeInclusive<usize>,
    punctuation: &str,
    expected: &'static str,
) -> Result<Option<&'a str>, ResolveError> {
    let Some(text) = value(section, key) else {
        return Ok(None);
    };
    let is_allowed = |char: char| char.is_ascii_alphanumeric() || punctuation.contains(char);
    if length.contains(&text.len()) && text.chars().all(is_allowed) {
        Ok(Some(text))
    } else {
        Err(invalid(section, key, expected))
    }
}

fn seconds(
    section: &Section,
    key: &'static str,
    range: RangeInclusive<u32>,
    expected: &'static str,
) -> Result<Option<u32>, ResolveError> {
    let Some(text) = value(section, key) else {
        return Ok(None);
    };
    match text.parse() {
        Ok(seconds) if range.contains(&seconds) => Ok(Some(seconds)),
        _ => Err(invalid(section, key, expected)),
    }
}
