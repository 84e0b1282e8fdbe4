//! What time brings about: ends, notices of ends, and silent renewals ahead of them.

use super::Engine;
use super::effect::Effect;
use super::policy::{Policy, SERVE_MARGIN_SECONDS};
use super::session::Session;
use crate::chain::{Opening, SessionKey};
use crate::time::Timestamp;

/// The longest that a sign-in to a portal may last
/// (<https://docs.aws.amazon.com/singlesignon/latest/userguide/configure-user-session.html>). A refresh token that
/// nobody used for so long is of no use.
const LONGEST_SIGN_IN_SECONDS: i64 = 90 * 24 * 3600;

impl Engine {
    pub(super) fn tick(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        self.end_expired(now, effects);
        self.announce_expiry(now, effects);
        self.refresh_ahead(now, effects);
        self.advance_all(now, effects);
        self.time_out_waiters(now, effects);
    }

    fn end_expired(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        for session in self.sessions.values_mut() {
            if session.drop_expired(now) || session.is_out_of_use(now) {
                session.end();
                effects.push(Effect::Forget {
                    key: session.node.key.clone(),
                });
            }
        }
        let (policy, waiters) = (&self.policy, &self.waiters);
        self.sessions.retain(|key, session| {
            !session.is_forgotten(policy, now)
                || waiters.values().any(|waiter| waiter.passes_through(key))
        });
    }

    fn announce_expiry(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        for session in self.sessions.values_mut() {
            if let Some(seconds_left) = session.due_notice(&self.policy, now) {
                effects.push(Effect::ExpiringSoon {
                    key: session.node.key.clone(),
                    seconds_left,
                });
            }
        }
    }

    /// Renews, ahead of their end, the sessions in use that need no person.
    fn refresh_ahead(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if self.locked {
            return;
        }
        let due: Vec<SessionKey> = self
            .sessions
            .values()
            .filter(|session| session.is_due(&self.policy, now) && self.can_sign(session, now))
            .map(|session| session.node.key.clone())
            .collect();
        for key in due {
            self.start_call(&key, false, None, effects);
        }
    }
}

impl Session {
    /// Whether it is time to renew it silently.
    fn is_due(&self, policy: &Policy, now: Timestamp) -> bool {
        let Some(lifetime) = self.credentials else {
            return false;
        };
        let whole = lifetime.expires_at.seconds_since(lifetime.opened_at);
        let left = lifetime.expires_at.seconds_since(now);
        let opening = self.node.step.opening();
        (opening == Opening::Silent || self.refreshable())
            && self.in_flight.is_none()
            && (self.is_doubted() || left <= policy.refresh_ahead_seconds(opening, whole))
            && now.seconds_since(self.last_used) <= policy.keep_alive_seconds
            && self
                .failure
                .as_ref()
                .is_none_or(|failed| failed.retry_at <= now)
    }

    /// Seconds left, when the person has to be told now.
    fn due_notice(&mut self, policy: &Policy, now: Timestamp) -> Option<u32> {
        match self.node.step.opening() {
            Opening::Silent => None,
            Opening::Code(_) => self.due_code_notice(policy, now),
            Opening::Browser => self.due_sign_in_notice(policy, now),
        }
    }

    /// Seconds until a code is needed; each lead time is used once.
    fn due_code_notice(&mut self, policy: &Policy, now: Timestamp) -> Option<u32> {
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

    /// Whether it ends so soon that the person should know.
    pub(super) fn ends_soon(&self, policy: &Policy, now: Timestamp) -> bool {
        let lead = policy.notice_seconds.iter().copied().max().unwrap_or(0);
        let ends_within = |seconds| self.seconds_left(now).is_some_and(|left| left <= seconds);
        match self.node.step.opening() {
            Opening::Silent => ends_within(SERVE_MARGIN_SECONDS),
            Opening::Code(_) => ends_within(i64::from(lead)),
            Opening::Browser => self.sign_in_ends_within(lead, now),
        }
    }

    /// Whether what could be refreshed was not asked for so long that it cannot be any more.
    fn is_out_of_use(&self, now: Timestamp) -> bool {
        self.refreshable()
            && self.in_flight.is_none()
            && self.seconds_left(now).is_some_and(|left| left <= 0)
            && now.seconds_since(self.last_used) > LONGEST_SIGN_IN_SECONDS
    }

    fn is_forgotten(&self, policy: &Policy, now: Timestamp) -> bool {
        self.credentials.is_none()
            && self.in_flight.is_none()
            && now.seconds_since(self.last_used) > policy.list_seconds
    }
}
