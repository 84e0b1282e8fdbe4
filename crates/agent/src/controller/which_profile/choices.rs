//! Choices between profiles that wait for a person, one repository after the other.

use crate::listener::{Caller, ReplySender};
use holdfast_agent_proto::AgentError;
use holdfast_agent_proto::view::CandidateView;
use holdfast_codecommit::RepositoryAddress;
use holdfast_core::time::Timestamp;
use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;

/// Choices are numbered from here on, and the engine's prompts from 1: a number names one of them.
const FIRST: u64 = 1 << 32;

/// Those that wait, the oldest first, and the declined ones that are remembered.
#[derive(Default)]
pub(in super::super) struct Choices {
    pub(super) waiting: VecDeque<Choice>,
    /// Clients were told of the first.
    pub(super) first_is_shown: bool,
    last: u64,
    declined: BTreeMap<Subject, Timestamp>,
}

/// What is chosen for: a repository, by host and name, and the config file that has the profiles.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Subject {
    host: String,
    repository: String,
    config_file: PathBuf,
}

/// A choice that nobody has made yet.
pub(super) struct Choice {
    pub(super) id: u64,
    pub(super) subject: Subject,
    pub(super) address: RepositoryAddress,
    pub(super) candidates: Vec<CandidateView>,
    /// The profile that was remembered and is gone.
    pub(super) forgotten: Option<String>,
    pub(super) opened_at: Timestamp,
    pub(super) callers: Vec<Waiting>,
}

/// A caller that waits for a choice.
pub(super) struct Waiting {
    pub(super) caller: Arc<Caller>,
    pub(super) address: RepositoryAddress,
    /// Its person is at a terminal.
    pub(super) is_interactive: bool,
    pub(super) deadline: Timestamp,
    pub(super) replies: ReplySender,
}

impl Subject {
    pub(super) fn of(address: &RepositoryAddress, caller: &Caller) -> Self {
        Self {
            host: address.host().canonical().to_owned(),
            repository: address.repository().as_str().to_owned(),
            config_file: caller.context.config_file.clone(),
        }
    }
}

impl Choice {
    /// Somebody waits at a terminal.
    pub(super) fn is_interactive(&self) -> bool {
        self.callers.iter().any(|waiting| waiting.is_interactive)
    }
}

impl Waiting {
    pub(super) fn refuse(self, error: AgentError) {
        self.replies.error(error);
    }
}

impl Choices {
    /// Clients know of a choice.
    pub(in super::super) fn is_shown(&self) -> bool {
        self.shown().is_some()
    }

    /// The choice that clients know of.
    pub(super) fn shown(&self) -> Option<&Choice> {
        self.waiting.front().filter(|_| self.first_is_shown)
    }

    /// The number of a new choice.
    pub(super) fn next_id(&mut self) -> u64 {
        self.last += 1;
        FIRST + self.last
    }

    /// When the first caller's patience ends.
    pub(in super::super) fn next_deadline(&self) -> Option<Timestamp> {
        let callers = self.waiting.iter().flat_map(|choice| &choice.callers);
        callers.map(|waiting| waiting.deadline).min()
    }

    pub(super) fn remember_decline(&mut self, subject: Subject, until: Timestamp) {
        self.declined.insert(subject, until);
    }

    pub(super) fn forget_decline(&mut self, subject: &Subject) {
        self.declined.remove(subject);
    }

    /// Until when nobody is asked about this again.
    pub(super) fn declined_until(
        &mut self,
        subject: &Subject,
        now: Timestamp,
    ) -> Option<Timestamp> {
        self.declined.retain(|_, until| now < *until);
        self.declined.get(subject).copied()
    }
}
