//! What one profile says about where its credentials come from, and which other profile that leads to.

use super::ResolveError;
use super::resolve::{KeyIndex, cycle, location};
use super::role::{Role, value};
use super::source::{Named, Origin, credential_source, has_key, keychain_key, own_source};
use holdfast_aws_files::{ProfileSet, Section};

/// A profile may stand for another, and that for a third; more than these are a mistake.
const MOST_SAME: usize = 16;

/// What a profile says about where its credentials come from.
enum Link<'a> {
    /// Its own source.
    Own(Found<'a>),
    /// A role, assumed with the credentials of another profile.
    Role(Role<'a>, &'a Section),
    /// A role, assumed with credentials that no other section of the files is about.
    RoleOverSource(Role<'a>, Origin),
}

/// What a profile's own source, or the name of one, leads to.
enum Found<'a> {
    Source(Origin),
    /// What this profile has.
    SameAs(&'a Section),
}

/// A link that is followed to its end.
pub(super) enum Settled<'a> {
    Source(Origin),
    Role(Role<'a>, &'a Section),
    RoleOverSource(Role<'a>, Origin),
}

/// The files and keys that profiles are looked up in.
#[derive(Clone, Copy)]
pub(super) struct Lookup<'a> {
    pub(super) profiles: &'a ProfileSet,
    pub(super) keys: &'a dyn KeyIndex,
}

/// What a profile says, with the profiles that it stands for: itself first, the one that says so last.
pub(super) type Said<'a> = (Settled<'a>, Vec<&'a Section>);

impl<'a> Lookup<'a> {
    /// What a profile says for itself.
    pub(super) fn said(&self, section: &'a Section) -> Result<Said<'a>, ResolveError> {
        self.settle(section, self.link(section)?)
    }

    /// What a profile says when others are built on it: an access key counts before a role.
    pub(super) fn said_to_others(&self, section: &'a Section) -> Result<Said<'a>, ResolveError> {
        let link = if has_key(section, self.keys) {
            Link::Own(self.own_source(section)?)
        } else {
            self.link(section)?
        };
        self.settle(section, link)
    }

    /// Follows a link until it is not to a profile that another stands for.
    fn settle(&self, section: &'a Section, mut link: Link<'a>) -> Result<Said<'a>, ResolveError> {
        let mut via = vec![section];
        loop {
            let next = match link {
                Link::Own(Found::Source(source)) => return Ok((Settled::Source(source), via)),
                Link::Own(Found::SameAs(next)) => next,
                Link::Role(role, next) => return Ok((Settled::Role(role, next), via)),
                Link::RoleOverSource(role, source) => {
                    return Ok((Settled::RoleOverSource(role, source), via));
                }
            };
            let last = via.last().copied().unwrap_or(section);
            if let Some(start) = via.iter().position(|known| std::ptr::eq(*known, next)) {
                return Err(asks_itself(&via[start..], last));
            }
            if via.len() >= MOST_SAME {
                return Err(ResolveError::TooLong {
                    profile: section.name().to_owned(),
                    most: MOST_SAME,
                    location: location(section, "credential_process"),
                });
            }
            via.push(next);
            link = self.link(next)?;
        }
    }

    /// The role that a profile assumes with the credentials of another, else its own source.
    fn link(&self, section: &'a Section) -> Result<Link<'a>, ResolveError> {
        let role_arn = value(section, "role_arn");
        let has_token = value(section, "web_identity_token_file").is_some();
        let Some(role_arn) = role_arn.filter(|_| !has_token) else {
            return self.own_source(section).map(Link::Own);
        };
        let role = Role::read(section, role_arn)?;
        let source_profile = value(section, "source_profile");
        let credential_source_name = value(section, "credential_source");
        match (source_profile, credential_source_name) {
            (Some(_), Some(_)) => Err(ResolveError::Conflict {
                profile: section.name().to_owned(),
                keys: ["source_profile", "credential_source"],
                location: location(section, "credential_source"),
            }),
            (Some(name), None) if name == section.name() => match self.own_source(section) {
                Ok(found) => Ok(over(role, found)),
                Err(ResolveError::NoCredentials { .. }) => Err(cycle(&[section], section)),
                Err(error) => Err(error),
            },
            (Some(name), None) => {
                let found = self.named(section, "source_profile", name)?;
                Ok(over(role, found))
            }
            (None, Some(which)) => {
                let source = credential_source(section, which)?;
                Ok(Link::RoleOverSource(role, source))
            }
            (None, None) => Err(ResolveError::RoleWithoutSource {
                profile: section.name().to_owned(),
                location: location(section, "role_arn"),
            }),
        }
    }

    fn own_source(&self, section: &'a Section) -> Result<Found<'a>, ResolveError> {
        match own_source(section, self.profiles, self.keys)? {
            Named::Origin(origin) => Ok(Found::Source(origin)),
            Named::SameAs(name) => self.named(section, "credential_process", name),
        }
    }

    /// The profile that a key of another names: a section of the files, or an access key in the keychain.
    fn named(
        &self,
        section: &'a Section,
        key: &'static str,
        name: &str,
    ) -> Result<Found<'a>, ResolveError> {
        if let Some(next) = self.profiles.profile(name) {
            return Ok(Found::SameAs(next));
        }
        match keychain_key(name, self.keys) {
            Some(source) => Ok(Found::Source(source)),
            None => Err(ResolveError::MissingSourceProfile {
                profile: section.name().to_owned(),
                key,
                source_profile: name.to_owned(),
                location: location(section, key),
                suggestions: Vec::new(),
            }),
        }
    }
}

/// A role on top of what was found.
fn over<'a>(role: Role<'a>, found: Found<'a>) -> Link<'a> {
    match found {
        Found::Source(source) => Link::RoleOverSource(role, source),
        Found::SameAs(next) => Link::Role(role, next),
    }
}

/// The error of profiles that stand for each other; the last one's `credential_process` leads back to the first.
fn asks_itself(circle: &[&Section], last: &Section) -> ResolveError {
    let mut names: Vec<&str> = circle.iter().map(|section| section.name()).collect();
    names.extend(names.first().copied());
    ResolveError::AsksItself {
        profile: last.name().to_owned(),
        path: names.join(" → "),
        location: location(last, "credential_process"),
    }
}
