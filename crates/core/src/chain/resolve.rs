//! Follows `source_profile` from a profile to its source.

use super::link::{Lookup, Settled};
use super::nearest::nearest;
use super::plan::plan;
use super::role::Role;
use super::source::{Origin, keychain_key};
use super::{Chain, ResolveError};
use crate::endpoint::EndpointSettings;
use holdfast_aws_files::{Location, ProfileSet, Section};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// A chain of more roles is a mistake; the bound keeps the work for a whole file small.
const MOST_ROLES: usize = 1_000;
/// Profiles of a circle that are named in an error.
const MOST_NAMED: usize = 8;

/// Which profiles have an access key in the keychain.
pub trait KeyIndex {
    /// Id of the access key that the keychain holds for this profile.
    fn access_key_id(&self, profile: &str) -> Option<&str>;
}

impl KeyIndex for BTreeMap<String, String> {
    fn access_key_id(&self, profile: &str) -> Option<&str> {
        self.get(profile).map(String::as_str)
    }
}

/// Resolves one profile. One that no file names may still have an access key in the keychain.
///
/// # Errors
/// When the profile, or one that it is built on, is not there or says something that cannot work.
pub fn resolve(
    profile: &str,
    profiles: &ProfileSet,
    keys: &dyn KeyIndex,
) -> Result<Chain, ResolveError> {
    let names = || profiles.profiles().map(Section::name);
    let Some(section) = profiles.profile(profile) else {
        let origin = keychain_key(profile, keys).ok_or_else(|| ResolveError::UnknownProfile {
            profile: profile.to_owned(),
            suggestions: nearest(profile, names()),
        })?;
        return Ok(Chain {
            profile: profile.to_owned(),
            region: None,
            endpoint: EndpointSettings::default(),
            source: origin.source,
            steps: origin.steps,
            problems: Vec::new(),
        });
    };
    let mut error = match Resolver::new(profiles, keys).resolve(section) {
        Ok(chain) => return Ok(chain),
        Err(error) => error,
    };
    if let ResolveError::MissingSourceProfile {
        source_profile,
        suggestions,
        ..
    } = &mut error
    {
        *suggestions = nearest(source_profile, names());
    } else if let ResolveError::MissingSsoSession {
        sso_session,
        suggestions,
        ..
    } = &mut error
    {
        *suggestions = nearest(sso_session, profiles.sso_sessions().map(Section::name));
    }
    Err(error)
}

/// Resolves every profile, in the order of the files. Takes time in proportion to the files and the
/// lengths of the chains; errors carry no suggestions.
pub fn resolve_all<'a>(
    profiles: &'a ProfileSet,
    keys: &'a dyn KeyIndex,
) -> impl Iterator<Item = (&'a str, Result<Chain, ResolveError>)> {
    let mut resolver = Resolver::new(profiles, keys);
    profiles
        .profiles()
        .map(move |section| (section.name(), resolver.resolve(section)))
}

/// A role whose source profile is being resolved.
struct Pending<'a> {
    /// The profile that others are built on, and those that it stands for; the last has the role.
    via: Vec<&'a Section>,
    role: Role<'a>,
}

/// A profile that others are built on, resolved.
struct Node<'a> {
    /// The profile that says so: itself, or the one that it stands for.
    section: &'a Section,
    role: Option<Role<'a>>,
    below: Below,
    /// Roles from here to the source.
    roles: usize,
}

/// What a profile's role, if any, is assumed with.
enum Below {
    Source(Origin),
    Node(usize),
}

/// Why nothing can be built on a profile; shared by all that try.
#[derive(Clone)]
enum Fault<'a> {
    Error(Rc<ResolveError>),
    /// The profiles of the circle, each built on the next and the last on the first.
    Cycle(Rc<[&'a Section]>),
}

impl From<ResolveError> for Fault<'_> {
    fn from(error: ResolveError) -> Self {
        Self::Error(Rc::new(error))
    }
}

struct Resolver<'a> {
    lookup: Lookup<'a>,
    nodes: Vec<Node<'a>>,
    /// By name of the profile, for profiles that others are built on.
    known: HashMap<&'a str, Result<usize, Fault<'a>>>,
}

impl<'a> Resolver<'a> {
    fn new(profiles: &'a ProfileSet, keys: &'a dyn KeyIndex) -> Self {
        Self {
            lookup: Lookup { profiles, keys },
            nodes: Vec::new(),
            known: HashMap::new(),
        }
    }

    fn resolve(&mut self, section: &'a Section) -> Result<Chain, ResolveError> {
        let (said, via) = self.lookup.said(section)?;
        let profiles = self.lookup.profiles;
        let base = via.last().copied().unwrap_or(section);
        match said {
            Settled::Source(source) => plan(section, &[], base, source, profiles),
            Settled::RoleOverSource(role, source) => {
                plan(section, &[&role], base, source, profiles)
            }
            Settled::Role(role, next) => {
                let node = self
                    .node(next)
                    .map_err(|fault| fault.for_profile(section))?;
                self.chain(section, &role, node)
            }
        }
    }

    /// The chain of a role over a profile that is resolved.
    fn chain(
        &self,
        section: &'a Section,
        role: &Role<'a>,
        mut at: usize,
    ) -> Result<Chain, ResolveError> {
        let mut roles = Vec::with_capacity(self.nodes[at].roles + 1);
        roles.push(role);
        loop {
            let node = &self.nodes[at];
            roles.extend(&node.role);
            match &node.below {
                Below::Source(source) => {
                    return plan(
                        section,
                        &roles,
                        node.section,
                        source.clone(),
                        self.lookup.profiles,
                    );
                }
                Below::Node(below) => at = *below,
            }
        }
    }

    /// Resolves a profile that another is built on: without recursion, and each profile once.
    fn node(&mut self, start: &'a Section) -> Result<usize, Fault<'a>> {
        let mut pending: Vec<Pending<'a>> = Vec::new();
        let mut positions: HashMap<&'a str, usize> = HashMap::new();
        let mut at = start;
        let mut result = loop {
            if let Some(known) = self.known.get(at.name()) {
                break known.clone();
            }
            if let Some(&position) = positions.get(at.name()) {
                let circle = pending[position..].iter().flat_map(|it| &it.via).copied();
                break Err(Fault::Cycle(circle.collect()));
            }
            let (said, via) = match self.lookup.said_to_others(at) {
                Ok(said) => said,
                Err(error) => break self.remember(at, Err(error.into())),
            };
            match said {
                Settled::Source(source) => break self.add(&via, None, Below::Source(source)),
                Settled::RoleOverSource(role, source) => {
                    break self.add(&via, Some(role), Below::Source(source));
                }
                Settled::Role(role, next) => {
                    positions.insert(at.name(), pending.len());
                    pending.push(Pending { via, role });
                    at = next;
                }
            }
        };
        while let Some(Pending { via, role }) = pending.pop() {
            result = match result {
                Ok(below) => self.add(&via, Some(role), Below::Node(below)),
                Err(fault) => self.remember(via[0], Err(fault)),
            };
        }
        result
    }

    /// Adds what the first of the profiles is, which the last one says.
    fn add(
        &mut self,
        via: &[&'a Section],
        role: Option<Role<'a>>,
        below: Below,
    ) -> Result<usize, Fault<'a>> {
        let (first, section) = (via[0], via[via.len() - 1]);
        let roles_below = match below {
            Below::Source(_) => 0,
            Below::Node(at) => self.nodes[at].roles,
        };
        let roles = roles_below + usize::from(role.is_some());
        if roles >= MOST_ROLES {
            let error = ResolveError::TooLong {
                profile: section.name().to_owned(),
                most: MOST_ROLES,
                location: location(section, "source_profile"),
            };
            return self.remember(first, Err(error.into()));
        }
        self.nodes.push(Node {
            section,
            role,
            below,
            roles,
        });
        self.remember(first, Ok(self.nodes.len() - 1))
    }

    fn remember(
        &mut self,
        section: &'a Section,
        result: Result<usize, Fault<'a>>,
    ) -> Result<usize, Fault<'a>> {
        self.known.insert(section.name(), result.clone());
        result
    }
}

impl<'a> Fault<'a> {
    /// The error as the profile meets it: a circle that it is part of starts at it.
    fn for_profile(self, section: &'a Section) -> ResolveError {
        match self {
            Self::Error(error) => Rc::unwrap_or_clone(error),
            Self::Cycle(circle) => cycle(&circle, section),
        }
    }
}

/// The error of profiles that are built on each other, as the first of them meets it.
pub(super) fn cycle(circle: &[&Section], first: &Section) -> ResolveError {
    let start = circle
        .iter()
        .position(|section| std::ptr::eq(*section, first))
        .unwrap_or(0);
    let around = || circle.iter().cycle().skip(start).take(circle.len());
    let mut names: Vec<String> = around()
        .take(MOST_NAMED)
        .map(|section| section.name().to_owned())
        .collect();
    if circle.len() > MOST_NAMED {
        names.push(format!("… {} more", circle.len() - MOST_NAMED));
    }
    names.extend(names.first().cloned());
    let profile = circle.get(start).copied().unwrap_or(first);
    ResolveError::Cycle {
        profile: profile.name().to_owned(),
        path: names.join(" → "),
        location: location(profile, "source_profile"),
    }
}

/// Where a key stands, or its section when it does not.
pub(super) fn location(section: &Section, key: &str) -> Location {
    section.location(key).unwrap_or_else(|| section.header())
}
