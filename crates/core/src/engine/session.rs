//! One session: what it is, until when it has credentials, and what happened last.

use super::effect::Effect;
use super::policy::{Policy, SIGN_MARGIN_SECONDS};
use super::route::{Node, Route};
use super::sign_in::SignIn;
use crate::chain::{Opening, SessionKey, Source};
use crate::failure::{Failure, FailureKind};
use crate::time::Timestamp;
use std::collections::BTreeSet;

/// Credentials younger than this that AWS refuses are not worth fetching again at once.
pub(super) const NEW_SECONDS: i64 = 30;

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
    pub(super) in_flight: Option<InFlight>,
    /// The attempt that brought its last credentials.
    pub(super) opened_by: u64,
    pub(super) failure: Option<Failed>,
    /// What is known of the sign-in, when it is one that a person signs in to.
    pub(super) sign_in: SignIn,
    /// The smallest lead time that was announced for the credentials it has.
    pub(super) noticed_seconds: Option<u32>,
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
    pub(super) opened_at: Timestamp,
    pub(super) expires_at: Timestamp,
}

/// A call that is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct InFlight {
    pub(super) attempt: u64,
    /// A person is part of it.
    pub(super) by_person: bool,
    /// The attempt that brought the credentials which sign it; 0 when the source's do.
    pub(super) signed_by: u64,
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
    /// No credentials; they come without a person when somebody asks.
    Absent,
    /// No credentials yet; AWS is being asked.
    Refreshing,
    /// Has credentials.
    Valid,
    /// Has credentials that end soon, or the sign-in that renews them does.
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
            sign_in: SignIn::default(),
            noticed_seconds: None,
        }
    }

    /// When its credentials end, or ended when they can be refreshed.
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

    /// Whether a person is signing in to it with the browser.
    pub fn is_signing_in(&self) -> bool {
        self.node.step.opening() == Opening::Browser
            && self.in_flight.is_some_and(|call| call.by_person)
    }

    /// Why the last call failed.
    pub fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref().map(|failed| &failed.failure)
    }

    pub(super) fn state(&self, policy: &Policy, now: Timestamp) -> SessionState {
        if self.is_usable(SIGN_MARGIN_SECONDS, now) {
            return if self.ends_soon(policy, now) {
                SessionState::Expiring
            } else {
                SessionState::Valid
            };
        }
        if self.in_flight.is_some() {
            return SessionState::Refreshing;
        }
        match &self.failure {
            Some(failed) if self.stands_in_the_way(failed.failure.kind) => SessionState::Failed {
                failure: failed.failure.clone(),
                retry_at: failed.retry_at,
            },
            _ => match self.node.step.opening() {
                Opening::Code(_) => SessionState::NeedsMfa,
                Opening::Browser if self.refreshable() => SessionState::Absent,
                Opening::Browser => SessionState::NeedsSignIn,
                Opening::Silent => SessionState::Absent,
            },
        }
    }

    /// Whether a failure of this kind is what has to be mended, rather than the person being asked once more.
    fn stands_in_the_way(&self, kind: FailureKind) -> bool {
        match self.node.step.opening() {
            Opening::Silent => true,
            Opening::Code(_) => kind != FailureKind::WrongCode,
            Opening::Browser => kind.is_transient() || kind == FailureKind::SourceUnavailable,
        }
    }

    /// Whether its credentials have so many seconds left and AWS has not refused them.
    pub(super) fn is_usable(&self, margin_seconds: i64, now: Timestamp) -> bool {
        !self.is_doubted()
            && self
                .seconds_left(now)
                .is_some_and(|left| left >= margin_seconds)
    }

    pub(super) fn seconds_left(&self, now: Timestamp) -> Option<i64> {
        self.expires_at().map(|end| end.seconds_since(now))
    }

    /// Whether its credentials were given at least [`NEW_SECONDS`] ago.
    pub(super) fn has_old_credentials(&self, now: Timestamp) -> bool {
        self.opened_at()
            .is_some_and(|opened_at| now.seconds_since(opened_at) >= NEW_SECONDS)
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

    /// A call brought credentials.
    pub(super) fn opened(&mut self, opened: Opened, attempt: u64, by_person: bool, now: Timestamp) {
        if self.node.step.opening() == Opening::Browser {
            let before = self.credentials.filter(|_| !by_person);
            self.signed_in(opened, attempt, before, now);
        }
        self.opened_by = attempt;
        self.credentials = Some(Lifetime {
            opened_at: now,
            expires_at: opened.expires_at,
        });
        self.in_flight = None;
        self.failure = None;
        self.ended = false;
        self.noticed_seconds = None;
    }

    /// A call failed. Nothing that it has is lost by that.
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
        let old = self.has_old_credentials(now);
        if old {
            self.end();
        }
        old
    }

    /// Its credentials are of no use any more, and neither is what would renew them.
    pub(super) fn end(&mut self) {
        self.credentials = None;
        self.sign_in = SignIn::default();
        self.ended = true;
    }

    pub(super) fn sign_out(&mut self, effects: &mut Vec<Effect>) {
        if let Some(call) = self.in_flight.take() {
            effects.push(Effect::Abandon {
                attempt: call.attempt,
            });
        }
        effects.push(Effect::Forget {
            key: self.node.key.clone(),
        });
        self.end();
        self.failure = None;
        self.ended = false;
        self.noticed_seconds = None;
    }

    /// Ends it when its time is over and it cannot be refreshed. What can be refreshed is kept for that.
    pub(super) fn drop_expired(&mut self, now: Timestamp) -> bool {
        let expired = self.seconds_left(now).is_some_and(|left| left <= 0) && !self.refreshable();
        if expired {
            self.end();
        }
        expired
    }
}
