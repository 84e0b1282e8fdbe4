//! Profiles of IAM Identity Center: with an `sso-session` section, or with everything in the profile as older ones have
//! it (<https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html>).

use super::nearest::nearest;
use super::resolve::location;
use super::role::{invalid, text, value};
use super::source::Origin;
use super::{ResolveError, Source, Step};
use crate::endpoint::EndpointSettings;
use crate::sso::{ACCOUNT_ACCESS, Portal};
use holdfast_aws_files::sso::normalized_start_url;
use holdfast_aws_files::{Problem, ProfileSet, Section};
use holdfast_codecommit::Region;

/// The keys that say which role.
const ROLE_KEYS: [&str; 2] = ["sso_account_id", "sso_role_name"];
/// The keys that say which portal.
const PORTAL_KEYS: [&str; 2] = ["sso_start_url", "sso_region"];

const START_URL: &str = "an https address such as https://corp.awsapps.com/start";
const REGION: &str = "a Region such as eu-west-1";
const ACCOUNT_ID: &str = "an account id of twelve digits";
const ROLE_NAME: &str = "the name of a role, of 1 to 64 letters, digits and + = , . @ - _";

/// Whether a profile has to do with a portal, although it may not say enough for a role.
pub(super) fn is_meant_for_portal(section: &Section) -> bool {
    ["sso_session", "sso_start_url"]
        .iter()
        .any(|key| value(section, key).is_some())
}

/// What is wrong with a profile that names a portal and no role there.
pub(super) fn missing_role(section: &Section, profiles: &ProfileSet) -> ResolveError {
    match Place::of(section, profiles) {
        Ok(_) => ResolveError::MissingValue {
            profile: section.name().to_owned(),
            keys: ROLE_KEYS.to_vec(),
            location: section.header(),
        },
        Err(error) => error,
    }
}

/// The source of a profile with a role of a portal. One that names neither account nor role has its credentials from
/// elsewhere, if at all.
pub(super) fn portal_role(
    section: &Section,
    profiles: &ProfileSet,
) -> Result<Option<Origin>, ResolveError> {
    if ROLE_KEYS.iter().all(|key| value(section, key).is_none()) {
        return Ok(None);
    }
    let place = Place::of(section, profiles)?;
    let portal = Portal {
        start_url: place.start_url()?,
        region: place.region()?,
        scopes: place.scopes(),
        endpoint: EndpointSettings::of(section, profiles),
    };
    let missing: Vec<&str> = missing(section, ROLE_KEYS);
    if !missing.is_empty() {
        return Err(ResolveError::MissingValue {
            profile: section.name().to_owned(),
            keys: missing,
            location: section.header(),
        });
    }
    let is_account = |id: &&str| id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_digit());
    let account_id = value(section, "sso_account_id")
        .filter(is_account)
        .ok_or_else(|| invalid(section, "sso_account_id", ACCOUNT_ID))?;
    let role_name = text(section, "sso_role_name", 1..=64, "+=,.@-_", ROLE_NAME)?;
    let role = Step::GetRoleCredentials {
        account_id: account_id.to_owned(),
        role_name: role_name.unwrap_or_default().to_owned(),
    };
    let source = Source::Portal {
        portal,
        profile: section.name().to_owned(),
    };
    Ok(Some(Origin::new(source, [Step::SignIn, role])))
}

/// What looks like a typing mistake in the start URL of a profile.
pub(super) fn suspicious_start_url(section: &Section, profiles: &ProfileSet) -> Option<Problem> {
    let session = value(section, "sso_session").and_then(|name| profiles.sso_session(name));
    let says = session.unwrap_or(section);
    let url = normalized_start_url(value(says, "sso_start_url")?).ok()?;
    let address = url.strip_prefix("https://")?;
    let (host, path) = address.split_once('/').unwrap_or((address, ""));
    let domain = host
        .rmatch_indices('.')
        .nth(1)
        .map_or(host, |(at, _)| &host[at + 1..]);
    let message = if is_nearly(domain, "awsapps.com") {
        "sso_start_url is nearly an address below awsapps.com; look for a typing mistake if the sign-in page does \
         not open"
    } else if domain == "awsapps.com" && is_nearly(path, "start") {
        "the address in sso_start_url nearly ends in /start; look for a typing mistake if the sign-in page does not \
         open"
    } else {
        return None;
    };
    Some(Problem {
        location: says.location("sso_start_url")?,
        message: format!("profile {}: {message}", section.name()),
    })
}

/// Whether a text is another with a slip of the finger.
fn is_nearly(text: &str, meant: &str) -> bool {
    text != meant && !nearest(text, std::iter::once(meant)).is_empty()
}

/// Where a profile says which portal it is.
struct Place<'a> {
    profile: &'a Section,
    says: &'a Section,
}

impl<'a> Place<'a> {
    /// The `sso-session` section of a profile, or the profile itself. What both say has to be the same.
    fn of(profile: &'a Section, profiles: &'a ProfileSet) -> Result<Self, ResolveError> {
        let Some(name) = value(profile, "sso_session") else {
            return Ok(Self {
                profile,
                says: profile,
            });
        };
        let says = profiles
            .sso_session(name)
            .ok_or_else(|| ResolveError::MissingSsoSession {
                profile: profile.name().to_owned(),
                sso_session: name.to_owned(),
                location: location(profile, "sso_session"),
                suggestions: Vec::new(),
            })?;
        let keys = ["sso_start_url", "sso_region", "sso_registration_scopes"];
        for key in keys {
            let (own, session) = (value(profile, key), value(says, key));
            if own.is_some() && session.is_some() && own != session {
                return Err(ResolveError::Contradiction {
                    profile: profile.name().to_owned(),
                    key,
                    sso_session: name.to_owned(),
                    location: location(profile, key),
                    other: location(says, key),
                });
            }
        }
        Ok(Self { profile, says })
    }

    fn start_url(&self) -> Result<String, ResolveError> {
        let text = self.required("sso_start_url")?;
        normalized_start_url(text).map_err(|_| self.invalid("sso_start_url", START_URL))
    }

    fn region(&self) -> Result<String, ResolveError> {
        let name = self.required("sso_region")?;
        match Region::parse(name) {
            Ok(_) => Ok(name.to_owned()),
            Err(_) => Err(self.invalid("sso_region", REGION)),
        }
    }

    /// The scopes that are asked for, with the one that accounts and roles take.
    fn scopes(&self) -> Vec<String> {
        let named = value(self.says, "sso_registration_scopes").unwrap_or_default();
        let mut scopes: Vec<String> = Vec::new();
        for scope in named.split(',').map(str::trim).chain([ACCOUNT_ACCESS]) {
            if !scope.is_empty() && !scopes.iter().any(|known| known == scope) {
                scopes.push(scope.to_owned());
            }
        }
        scopes
    }

    fn required(&self, key: &'static str) -> Result<&'a str, ResolveError> {
        value(self.says, key).ok_or_else(|| {
            // A profile without anything that names a portal lacks all of it.
            let keys = missing(self.says, PORTAL_KEYS);
            ResolveError::MissingValue {
                profile: self.profile.name().to_owned(),
                keys: if keys.is_empty() { vec![key] } else { keys },
                location: self.says.header(),
            }
        })
    }

    fn invalid(&self, key: &'static str, expected: &'static str) -> ResolveError {
        ResolveError::InvalidValue {
            profile: self.profile.name().to_owned(),
            key,
            expected,
            location: location(self.says, key),
        }
    }
}

fn missing<const N: usize>(section: &Section, keys: [&'static str; N]) -> Vec<&'static str> {
    let is_missing = |key: &&str| value(section, key).is_none();
    keys.into_iter().filter(is_missing).collect()
}
