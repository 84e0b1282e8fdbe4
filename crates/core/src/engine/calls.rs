//! Calls to AWS: one at a time for each session, and what follows from their outcome.

use super::Engine;
use super::effect::{Call, Effect, Refusal};
use super::policy::SERVE_MARGIN_SECONDS;
use super::prompt::PromptError;
use super::session::{InFlight, Opened};
use crate::chain::{Opening, SessionKey};
use crate::failure::{Failure, FailureKind};
use crate::time::Timestamp;

/// What it means that AWS refused the credentials which signed a call.
enum SignerRefused {
    /// The session that signed has to be refreshed or opened anew, or has been already: this failure says nothing
    /// about the call's own session.
    Passed,
    /// It is so new that another would be no better, or there is none: the failure stands.
    Stands,
}

impl Engine {
    pub(super) fn in_flight(&self, key: &SessionKey) -> Option<InFlight> {
        self.sessions.get(key).and_then(|session| session.in_flight)
    }

    /// Starts the one call that may be under way for a session.
    pub(super) fn start_call(
        &mut self,
        key: &SessionKey,
        by_person: bool,
        duration_seconds: Option<u32>,
        effects: &mut Vec<Effect>,
    ) -> u64 {
        self.attempts += 1;
        let attempt = self.attempts;
        let parent = self.sessions.get(key).and_then(|it| it.parent.as_ref());
        let signed_by = parent
            .and_then(|parent| self.sessions.get(parent))
            .map_or(0, |parent| parent.opened_by);
        if let Some(session) = self.sessions.get_mut(key) {
            session.in_flight = Some(InFlight {
                attempt,
                by_person,
                signed_by,
            });
            let call = Call::of(session, attempt, by_person, duration_seconds);
            effects.push(Effect::Call(Box::new(call)));
        }
        attempt
    }

    pub(super) fn call_finished(
        &mut self,
        key: &SessionKey,
        attempt: u64,
        result: Result<Opened, Failure>,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) {
        // A call that was overtaken by sign-out or lock must not bring the session back.
        let call = self.in_flight(key);
        let Some(call) = call.filter(|call| call.attempt == attempt) else {
            effects.push(Effect::Abandon { attempt });
            return;
        };
        match result {
            Ok(opened) => self.call_succeeded(key, call, opened, now, effects),
            Err(failure) => self.call_failed(key, call, failure, now, effects),
        }
        self.advance_all(now, effects);
    }

    fn call_succeeded(
        &mut self,
        key: &SessionKey,
        call: InFlight,
        opened: Opened,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) {
        if let Some(session) = self.sessions.get_mut(key) {
            let left = opened.expires_at.seconds_since(now);
            session.opened(opened, call.attempt, call.by_person, now);
            if left < SERVE_MARGIN_SECONDS && !call.by_person {
                // Asking at once for others would go on for as long as AWS gives such.
                session.refused(too_short(left), &self.policy, call.attempt, now);
            }
            let parent = session.parent.clone();
            self.prompts.forget_decline(key);
            effects.push(Effect::Keep {
                key: key.clone(),
                attempt: call.attempt,
            });
            let parent = parent.and_then(|parent| self.sessions.get_mut(&parent));
            if let Some(parent) = parent.filter(|parent| parent.opened_by == call.signed_by) {
                parent.proved();
            }
        }
        for waiter in self.waiting_for_attempt(call.attempt) {
            self.waiters.remove(&waiter);
            effects.push(Effect::Serve {
                waiter,
                key: key.clone(),
            });
        }
    }

    fn call_failed(
        &mut self,
        key: &SessionKey,
        call: InFlight,
        failure: Failure,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) {
        let Some(session) = self.sessions.get_mut(key) else {
            return;
        };
        session.refused(failure.clone(), &self.policy, call.attempt, now);
        let opening = session.node.step.opening();
        if call.by_person {
            let opens_browser = opening == Opening::Browser;
            self.person_failed(key, call, failure, opens_browser, now, effects);
        } else if opening == Opening::Browser {
            self.refresh_failed(key, failure, now, effects);
        } else {
            self.silent_failed(key, call, failure, now, effects);
        }
    }

    /// What a person began came to nothing.
    fn person_failed(
        &mut self,
        key: &SessionKey,
        call: InFlight,
        failure: Failure,
        opens_browser: bool,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) {
        for waiter in self.waiting_for_attempt(call.attempt) {
            self.refuse(waiter, Refusal::Failed(failure.clone()), effects);
        }
        let kind = failure.kind;
        // A wrong code, this machine's clock and a network fault can be mended while the callers wait, and another
        // sign-in can be begun; the rest cannot.
        let can_be_repeated = kind.is_transient()
            || matches!(kind, FailureKind::WrongCode | FailureKind::ClockSkew)
            || (opens_browser
                && matches!(
                    kind,
                    FailureKind::SessionEnded
                        | FailureKind::ClientUnknown
                        | FailureKind::AuthorizationPending
                        | FailureKind::SlowDown
                        | FailureKind::Exists
                        | FailureKind::SourceUnavailable
                ));
        if can_be_repeated {
            self.prompts
                .set_error_of(key, PromptError::Failed(failure), effects);
            return;
        }
        if opens_browser && kind == FailureKind::Denied {
            // The person said no in the browser, or may not: asking again at once would change nothing.
            let until = now.plus_seconds(self.policy.decline_seconds);
            self.prompts.remember_decline(key.clone(), until);
        }
        self.refuse_all_on(key, &Refusal::Failed(failure), now, effects);
    }

    /// A sign-in could not be refreshed. The token that it has stays good until its end.
    fn refresh_failed(
        &mut self,
        key: &SessionKey,
        failure: Failure,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) {
        let Some(session) = self.sessions.get_mut(key) else {
            return;
        };
        if !session.refresh_failed(&failure) {
            self.refuse_all_on(key, &Refusal::Failed(failure), now, effects);
        } else if session.is_doubted() {
            self.signed_out_by_aws(key, effects);
        } else if session.drop_expired(now) {
            effects.push(Effect::Forget { key: key.clone() });
        }
    }

    fn silent_failed(
        &mut self,
        key: &SessionKey,
        call: InFlight,
        failure: Failure,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) {
        let passed = failure.kind == FailureKind::SessionEnded
            && matches!(
                self.signer_refused(key, call, now, effects),
                SignerRefused::Passed
            );
        if !passed {
            self.refuse_all_on(key, &Refusal::Failed(failure), now, effects);
        } else if let Some(session) = self.sessions.get_mut(key) {
            session.failure = None;
        }
    }

    /// AWS refused credentials that should still be good: they were revoked, or their sign-in has ended.
    ///
    /// A sign-in is refreshed once for that. When the next token is refused as well, the person is signed out.
    fn signer_refused(
        &mut self,
        key: &SessionKey,
        call: InFlight,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> SignerRefused {
        let parent = self.sessions.get(key).and_then(|it| it.parent.clone());
        let Some(parent) = parent.and_then(|parent| self.sessions.get_mut(&parent)) else {
            return SignerRefused::Stands;
        };
        let is_other = parent.opened_by != call.signed_by || parent.opened_at().is_none();
        if is_other || parent.is_doubted() || parent.doubt(now) {
            return SignerRefused::Passed;
        }
        if !parent.is_on_probation() && !parent.has_old_credentials(now) {
            return SignerRefused::Stands;
        }
        let parent = parent.node.key.clone();
        self.signed_out_by_aws(&parent, effects);
        SignerRefused::Passed
    }

    /// AWS does not take what a session has, so it is of no use any more.
    pub(super) fn signed_out_by_aws(&mut self, key: &SessionKey, effects: &mut Vec<Effect>) {
        let Some(session) = self.sessions.get_mut(key) else {
            return;
        };
        session.end();
        effects.push(Effect::Forget { key: key.clone() });
        if session.node.needs_person() {
            effects.push(Effect::SignedOutByAws { key: key.clone() });
        }
    }
}

fn too_short(left: i64) -> Failure {
    Failure {
        kind: FailureKind::Server,
        message: format!(
            "the credentials that came end in {} s; only such with at least {SERVE_MARGIN_SECONDS} s left are served",
            left.max(0)
        ),
        answered: true,
        retry_at: None,
    }
}
