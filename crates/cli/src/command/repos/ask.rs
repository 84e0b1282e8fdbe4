//! Asking for the repositories of several profiles and Regions at the same time.

use crate::agent::Agent;
use crate::outcome::{Failure, Result};
use holdfast_agent_proto::Interaction;
use holdfast_agent_proto::view::RepositoryView;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Lists that are asked for at the same time. The agent sees to it that no account and Region is asked too often.
const AT_ONCE: usize = 6;

/// Whose repositories, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Name of the profile.
    pub(crate) profile: String,
    /// Region; the profile's when absent.
    pub(crate) region: Option<String>,
}

impl Place {
    /// A failure that says where.
    pub(super) fn failed(&self, failure: Failure) -> Failure {
        failure.about(&self.profile, self.region.as_deref())
    }
}

/// What the agent said about one place.
pub(crate) struct Answer {
    /// The place.
    pub(crate) place: Place,
    /// The repositories and when AWS was asked, or why there are none.
    pub(crate) outcome: Result<(Vec<RepositoryView>, i64)>,
}

impl Answer {
    /// The repositories, if they came.
    pub(crate) fn repositories(&self) -> &[RepositoryView] {
        match &self.outcome {
            Ok((repositories, _)) => repositories,
            Err(_) => &[],
        }
    }

    /// Whether they would come if a person signed in.
    pub(crate) fn needs_person(&self) -> bool {
        let failed = self.outcome.as_ref().err();
        let told = failed.and_then(Failure::agent);
        told.is_some_and(|error| error.code.requires_human())
    }
}

/// Asks for all of them; nobody is asked to sign in. The answers are in the order of the places.
pub(super) fn all(places: &[Place]) -> Vec<Answer> {
    let next = AtomicUsize::new(0);
    let answers = Mutex::new(Vec::with_capacity(places.len()));
    let work = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(place) = places.get(at) else {
                return;
            };
            let answer = Answer {
                place: place.clone(),
                outcome: one(place),
            };
            let mut answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
            answers.push((at, answer));
        }
    };
    thread::scope(|scope| {
        for _ in 0..places.len().min(AT_ONCE) {
            scope.spawn(work);
        }
    });
    let mut answers = answers.into_inner().unwrap_or_else(PoisonError::into_inner);
    answers.sort_by_key(|(at, _)| *at);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

fn one(place: &Place) -> Result<(Vec<RepositoryView>, i64)> {
    let mut agent = Agent::connect_or_start(Some(Interaction::Never))?;
    let listed = agent.repositories(&place.profile, place.region.as_deref());
    listed.map_err(|failure| place.failed(failure))
}
