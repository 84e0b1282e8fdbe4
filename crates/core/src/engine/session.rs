//! One session: what it is, until when it has credentials, and what happened last.

use super::effect::Effect;
use super::policy::{Policy, SERVE_MARGIN_SECONDS, SIGN_MARGIN_SECONDS};
use super::route::{Node, Route};
use crate::chain::{Opening, SessionKey, Source};
use crate::failure::{Failure, FailureKind};
use crate::time::Timestamp;
use std::collections::BTreeSet;

/// Credentials younger than this that AWS refuses are not worth fetching again at once.
const NEW_SECONDS: i64 = 30;

/// One session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// What it is and how it is opened.
    pub node: Node,
    /// The session whose credentials open it; the source's when absent.
    pub parent: Option<SessionKey>,
    /// Where its chain starts.
    pub source: Source,
    /// Profiles whose chain passes through it.
    pub profiles: BTreeSet<String>,
    /// When it was last asked for.
    pub last_used: Timestamp,
    /// It had credentials before, which ended.
    pub ended: bool,
    pub(super) credentials: Option<Lifetime>,
    pub(super) in_flight: Option<u64>,
    /// The attempt that brought its last credentials.
    pub(super) opened_by: u64,
    pub(super) failure: Option<Failed>,
    /// The smallest lead time that was announced for the credentials it has.
    noticed_seconds: Option<u32>,
}

/// What a call brought, without the secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opened {
    /// When the credentials or the token end.
    pub expires_at: Timestamp,
    /// A session that a person opened can be renewed without one: there is a refresh token.
    pub refreshable: bool,
    /// When the sign-in behind a refreshable session ends, as far as that is known.
    pub sign_in_ends_at: Option<Timestamp>,
}

impl Opened {
    /// Credentials that end at this time and cannot be refreshed by themselves.
    pub fn until(expires_at: Timestamp) -> Self {
        Self {
            expires_at,
            refreshable: false,
            sign_in_ends_at: None,
        }
    }
}

/// How long the credentials live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lifetime {
    opened_at: Timestamp,
    expires_at: Timestamp,
}

/// The last calls failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failed {
    pub(super) failure: Failure,
    pub(super) retry_at: Timestamp,
    count: u32,
}

/// How a session is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionState {
    /// No credentials, and nobody has asked.
    Absent,
    /// No credentials yet; AWS is being asked.
    Refreshing,
    /// Has credentials.
    Valid,
    /// Has credentials that end soon.
    Expiring,
    /// Needs a code.
    NeedsMfa,
    /// Needs a sign-in with the browser.
    NeedsSignIn,
    /// Has no credentials, and the last call failed.
    Failed {
        /// Why.
        failure: Failure,
        /// When it is tried again at the earliest.
        retry_at: Timestamp,
    },
}

impl Session {
    /// The session at `index` of a route, without credentials.
    pub fn absent(route: &Route, index: usize) -> Self {
        Self {
            node: route.nodes[index].clone(),
            parent: route.parent_of(index).cloned(),
            source: route.source.clone(),
            profiles: BTreeSet::new(),
            last_used: Timestamp::default(),
            ended: false,
            credentials: None,
            in_flight: None,
            opened_by: 0,
            failure: None,
            noticed_seconds: None,
        }
    }

    /// When its credentials end.
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.credentials.map(|lifetime| lifetime.expires_at)
    }

    /// When the credentials it has were given.
    pub fn opened_at(&self) -> Option<Timestamp> {
        self.credentials.map(|lifetime| lifetime.opened_at)
    }

    /// Whether AWS is being asked for it.
    pub fn is_in_flight(&self) -> bool {
        self.in_flight.is_some()
    }

    /// Why the last call failed.
    pub fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref().map(|failed| &failed.failure)
    }

    pub(super) fn state(&self, policy: &Policy, now: Timestamp) -> SessionState {
        if self.is_usable(SIGN_MARGIN_SECONDS, now) {
            return if self.is_near_end(policy, now) {
                SessionState::Expiring
            } else {
                SessionState::Valid
            };
        }
        if self.in_flight.is_some() {
            return SessionState::Refreshing;
        }
        match &self.failure {
            Some(failed) if failed.failure.kind != FailureKind::WrongCode => SessionState::Failed {
                failure: failed.failure.clone(),
                retry_at: failed.retry_at,
            },
            _ => match self.node.step.opening() {
                Opening::Code(_) => SessionState::NeedsMfa,
                Opening::Browser => SessionState::NeedsSignIn,
                Opening::Silent => SessionState::Absent,
            },
        }
    }

    fn is_near_end(&self, policy: &Policy, now: Timestamp) -> bool {
        let lead = policy.notice_seconds.iter().max().copied().unwrap_or(0);
        let lead = if self.node.needs_person() {
            i64::from(lead)
        } else {
            SERVE_MARGIN_SECONDS
        };
        self.seconds_left(now).is_some_and(|left| left <= lead)
    }

    pub(super) fn is_usable(&self, margin_seconds: i64, now: Timestamp) -> bool {
        self.seconds_left(now)
            .is_some_and(|left| left >= margin_seconds)
    }

    fn seconds_left(&self, now: Timestamp) -> Option<i64> {
        self.credentials
            .map(|lifetime| lifetime.expires_at.seconds_since(now))
    }

    pub(super) fn used_by(&mut self, profile: &str, route: &Route, index: usize, now: Timestamp) {
        if !self.profiles.contains(profile) {
            self.profiles.insert(profile.to_owned());
        }
        self.last_used = now;
        // A duration or region may have been edited since; neither is part of what a session is.
        self.node = route.nodes[index].clone();
        self.source = route.source.clone();
    }

    pub(super) fn opened(&mut self, expires_at: Timestamp, attempt: u64, now: Timestamp) {
        self.opened_by = attempt;
        self.credentials = Some(Lifetime {
            opened_at: now,
            expires_at,
        });
        self.in_flight = None;
        self.failure = None;
        self.ended = false;
        self.noticed_seconds = None;
    }

    pub(super) fn refused(
        &mut self,
        failure: Failure,
        policy: &Policy,
        attempt: u64,
        now: Timestamp,
    ) {
        self.in_flight = None;
        let count = self.failure.as_ref().map_or(0, |failed| failed.count) + 1;
        self.failure = Some(Failed {
            retry_at: policy.retry_at(&failure, count, attempt, now),
            failure,
            count,
        });
    }

    /// AWS refused the credentials. False, and nothing changes, when they are brand new.
    pub(super) fn end_early(&mut self, now: Timestamp) -> bool {
        let old = self
            .credentials
            .is_some_and(|lifetime| now.seconds_since(lifetime.opened_at) >= NEW_SECONDS);
        if old {
            self.credentials = None;
            self.ended = true;
        }
        old
    }

    pub(super) fn sign_out(&mut self, effects: &mut Vec<Effect>) {
        if let Some(attempt) = self.in_flight.take() {
            effects.push(Effect::Abandon { attempt });
        }
        effects.push(Effect::Forget {
            key: self.node.key.clone(),
        });
        self.credentials = None;
        self.failure = None;
        self.ended = false;
        self.noticed_seconds = None;
    }

    pub(super) fn drop_expired(&mut self, now: Timestamp) -> bool {
        let expired = self.seconds_left(now).is_some_and(|left| left <= 0);
        if expired {
            self.credentials = None;
            self.ended = true;
        }
        expired
    }

    pub(super) fn is_forgotten(&self, policy: &Policy, now: Timestamp) -> bool {
        self.credentials.is_none()
            && self.in_flight.is_none()
            && now.seconds_since(self.last_used) > policy.list_seconds
    }

    /// Whether it is time to renew it silently.
    pub(super) fn is_due(&self, policy: &Policy, now: Timestamp) -> bool {
        let Some(lifetime) = self.credentials else {
            return false;
        };
        let whole = lifetime.expires_at.seconds_since(lifetime.opened_at);
        let left = lifetime.expires_at.seconds_since(now);
        !self.node.needs_person()
            && self.in_flight.is_none()
            && left <= policy.refresh_ahead_seconds(whole)
            && now.seconds_since(self.last_used) <= policy.keep_alive_seconds
            && self
                .failure
                .as_ref()
                .is_none_or(|failed| failed.retry_at <= now)
    }

    /// Seconds left, when the person has to be told now; each lead time is used once.
    pub(super) fn due_notice(&mut self, policy: &Policy, now: Timestamp) -> Option<u32> {
        if !self.node.needs_person() {
            return None;
        }
        let left = u32::try_from(self.seconds_left(now)?).ok()?;
        let lead = policy
            .notice_seconds
            .iter()
            .copied()
            .filter(|lead| left <= *lead)
            .min()?;
        if self.noticed_seconds.is_some_and(|noticed| noticed <= lead) {
            return None;
        }
        self.noticed_seconds = Some(lead);
        Some(left)
    }
}
