//! Sessions that end soon: announced at the lead times, put off by the person, done when renewed.

use holdfast_agent_proto::view::{PortalSessionView, SessionKind, SessionView};
use std::collections::BTreeMap;

/// How long "later" is, in seconds.
const SNOOZE: i64 = 10 * 60;

/// The last moment before the end at which telling again is of use, in seconds.
const LAST_CHANCE: i64 = 60;

/// A clock that is set right moves ends by seconds; what is renewed ends much later.
const SAME_END: i64 = 60;

/// A session that ends soon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ending {
    pub(super) title: String,
    /// What is signed in to again, and how long that lasts.
    pub(super) portal: Option<PortalSessionView>,
    /// It is renewed with the browser, and not with a code.
    pub(super) by_browser: bool,
    pub(super) profiles: Vec<String>,
    /// When, in seconds since 1970.
    pub(super) until: i64,
}

/// Every session that ends soon and was announced.
#[derive(Debug, Default)]
pub(super) struct Expiry {
    ending: BTreeMap<String, Ending>,
    /// Something is new to tell.
    announced: bool,
    snoozed_until: Option<i64>,
}

impl Expiry {
    /// The agent announced the end of a session.
    pub(super) fn announce(&mut self, session: &SessionView) {
        if let Some(until) = end_of(session) {
            let ending = Ending {
                title: session.title.clone(),
                portal: session.portal.as_deref().cloned(),
                by_browser: matches!(
                    session.kind,
                    SessionKind::Portal | SessionKind::ConsoleLogin
                ),
                profiles: session.profiles.clone(),
                until,
            };
            self.ending.insert(session.id.clone(), ending);
            self.announced = true;
        }
    }

    /// Forgets what was renewed, signed out of or has ended.
    pub(super) fn look(&mut self, sessions: &[SessionView], now: i64) {
        self.ending.retain(|id, ending| {
            let session = sessions.iter().find(|session| session.id == *id);
            let until = session.and_then(end_of);
            ending.until > now && until.is_some_and(|until| until <= ending.until + SAME_END)
        });
        if self.ending.is_empty() {
            self.announced = false;
            self.snoozed_until = None;
        }
    }

    /// What there is to tell now, soonest first; empty when nothing is new.
    pub(super) fn due(&mut self, now: i64) -> Vec<Ending> {
        let asleep = self.snoozed_until.is_some_and(|until| now < until);
        if asleep || !(self.announced || self.snoozed_until.is_some()) {
            return Vec::new();
        }
        self.announced = false;
        self.snoozed_until = None;
        let mut ending: Vec<Ending> = self.ending.values().cloned().collect();
        ending.sort_by_key(|ending| ending.until);
        ending
    }

    /// Nothing ends soon any more.
    pub(super) fn is_over(&self) -> bool {
        self.ending.is_empty()
    }

    /// The person wants to be told again later, which is never after the end.
    pub(super) fn snooze(&mut self, now: i64) {
        let end = self.ending.values().map(|ending| ending.until).min();
        let again = end.map(|end| (now + SNOOZE).min(end - LAST_CHANCE));
        self.snoozed_until = again.filter(|again| *again > now);
        self.announced = false;
    }

    /// When to look again.
    pub(super) fn next(&self) -> Option<i64> {
        let ends = self.ending.values().map(|ending| ending.until);
        ends.chain(self.snoozed_until).min()
    }
}

/// When a person is needed: what is renewed by itself until then ends earlier, again and again.
fn end_of(session: &SessionView) -> Option<i64> {
    session.needs_person_at.or(session.expires_at)
}
