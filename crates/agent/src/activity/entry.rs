//! Something that the agent did or refused, without secrets.

use crate::listener::Caller;
use holdfast_agent_proto::AgentError;
use holdfast_agent_proto::view::{ActivityError, ActivityKind, ActivityView, CallerView};
use holdfast_codecommit::RepositoryAddress;
use std::sync::Arc;

/// Longest text that is kept, in characters; names of profiles come from files and callers.
const TEXT_LENGTH: usize = 300;

/// How long something that happens again is counted and not listed, in seconds.
const REPEATS_WITHIN: u64 = 60;

/// What the controller tells: an entry before it has a number, and before its caller was looked at.
#[derive(Clone)]
pub(crate) struct Note {
    /// When, in seconds since 1970.
    pub(crate) at: i64,
    /// What.
    pub(crate) kind: ActivityKind,
    /// The profile concerned.
    pub(crate) profile: Option<String>,
    /// Who asked.
    pub(crate) caller: Option<Arc<Caller>>,
    /// The repository concerned.
    pub(crate) repository: Option<Repository>,
    /// Title of the session concerned.
    pub(crate) session: Option<String>,
    /// Why it was refused or failed.
    pub(crate) error: Option<ActivityError>,
}

impl Note {
    /// A note of just that.
    pub(crate) fn new(kind: ActivityKind, at: i64) -> Self {
        Self {
            at,
            kind,
            profile: None,
            caller: None,
            repository: None,
            session: None,
            error: None,
        }
    }

    /// Who asked.
    pub(crate) fn caller(mut self, caller: &Arc<Caller>) -> Self {
        self.caller = Some(Arc::clone(caller));
        self
    }

    /// The profile concerned.
    pub(crate) fn profile(mut self, profile: &str) -> Self {
        self.profile = Some(shortened(profile));
        self
    }

    /// The repository concerned.
    pub(crate) fn repository(mut self, address: &RepositoryAddress) -> Self {
        self.repository = Some(Repository {
            name: address.repository().as_str().to_owned(),
            region: address.region().as_str().to_owned(),
            host: address.host().canonical().to_owned(),
        });
        self
    }

    /// Title of the session concerned.
    pub(crate) fn session(mut self, title: Option<String>) -> Self {
        self.session = title.as_deref().map(shortened);
        self
    }

    /// Why it was refused or failed.
    pub(crate) fn error(mut self, error: &AgentError) -> Self {
        self.error = Some(ActivityError {
            code: error.code,
            message: shortened(&error.message),
        });
        self
    }

    /// The entry with its number and the caller in words.
    pub(super) fn into_entry(self, id: u64, caller: Option<CallerView>) -> Entry {
        Entry {
            id,
            at: self.at,
            kind: self.kind,
            profile: self.profile,
            caller,
            repository: self.repository,
            session: self.session,
            error: self.error,
            times: 1,
        }
    }
}

/// A repository that git asked a password for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Repository {
    pub(crate) name: String,
    pub(crate) region: String,
    pub(crate) host: String,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) id: u64,
    pub(super) at: i64,
    pub(super) kind: ActivityKind,
    pub(super) profile: Option<String>,
    pub(super) caller: Option<CallerView>,
    pub(super) repository: Option<Repository>,
    pub(super) session: Option<String>,
    pub(super) error: Option<ActivityError>,
    /// How often it happened.
    pub(super) times: u32,
}

impl Entry {
    /// Whether another is the same again, within the same minute.
    pub(super) fn is_repeated_by(&self, other: &Self) -> bool {
        self.at.abs_diff(other.at) < REPEATS_WITHIN
            && self.kind == other.kind
            && self.profile == other.profile
            && self.repository == other.repository
            && self.caller == other.caller
            && self.session == other.session
            && self.error.as_ref().map(|error| error.code)
                == other.error.as_ref().map(|error| error.code)
    }

    /// Whether nothing that happens now can be the same again.
    pub(super) fn is_past(&self, now: i64) -> bool {
        self.at.abs_diff(now) >= REPEATS_WITHIN
    }

    /// Seconds until then, at least one.
    pub(super) fn seconds_open(&self, now: i64) -> u64 {
        REPEATS_WITHIN.saturating_sub(self.at.abs_diff(now)).max(1)
    }

    /// As clients see it.
    pub(super) fn view(&self) -> ActivityView {
        let repository = self.repository.as_ref();
        ActivityView {
            id: self.id,
            at: self.at,
            kind: self.kind,
            profile: self.profile.clone(),
            caller: self.caller.clone(),
            repository: repository.map(|repository| repository.name.clone()),
            region: repository.map(|repository| repository.region.clone()),
            session: self.session.clone(),
            times: self.times,
            error: self.error.clone(),
        }
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(TEXT_LENGTH) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}
