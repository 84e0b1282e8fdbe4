//! What persons do: type codes, sign in, cancel, decline, sign out.

use super::effect::{Effect, Refusal};
use super::prompt::PromptId;
use super::route::Route;
use super::waiter::{Waiter, WaiterId};
use super::{Engine, Interaction};
use crate::chain::SessionKey;
use crate::time::Timestamp;

impl Engine {
    /// A person typed a code or wants to sign in: asks AWS, even when the session is still valid.
    pub(super) fn open_by_person(
        &mut self,
        waiter: WaiterId,
        route: Route,
        duration_seconds: Option<u32>,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) {
        if self.locked {
            effects.push(Effect::Refuse {
                waiter,
                refusal: Refusal::Locked,
            });
            return;
        }
        self.know(&route, now);
        let Some(last) = route.nodes.last() else {
            return;
        };
        let key = last.key.clone();
        self.prompts.forget_decline(&key);
        let under_way = self.in_flight(&key);
        let attempt = match under_way.filter(|call| call.by_person) {
            Some(call) => call.attempt,
            None => {
                // A refresh would not prolong the sign-in, which is what the person wants.
                effects.extend(under_way.map(|call| Effect::Abandon {
                    attempt: call.attempt,
                }));
                let duration = duration_seconds.or_else(|| Some(self.mfa_duration_seconds(last)));
                self.start_call(&key, true, duration, effects)
            }
        };
        self.prompts.forget_error_of(&key, effects);
        self.waiters
            .insert(waiter, Waiter::for_attempt(route, attempt));
    }

    /// The person does not want to go on signing in. The callers that wait are asked for again.
    pub(super) fn sign_in_cancelled(&mut self, key: &SessionKey, effects: &mut Vec<Effect>) {
        let Some(session) = self.sessions.get_mut(key) else {
            return;
        };
        let Some(call) = session.in_flight.filter(|call| call.by_person) else {
            return;
        };
        session.in_flight = None;
        effects.push(Effect::Abandon {
            attempt: call.attempt,
        });
        for waiter in self.waiting_for_attempt(call.attempt) {
            self.refuse(waiter, Refusal::Cancelled, effects);
        }
        self.prompts.forget_error_of(key, effects);
    }

    pub(super) fn declined(&mut self, prompt: PromptId, now: Timestamp, effects: &mut Vec<Effect>) {
        let Some(key) = self.prompts.key_of(prompt).cloned() else {
            return;
        };
        let until = now.plus_seconds(self.policy.decline_seconds);
        self.prompts.remember_decline(key.clone(), until);
        self.refuse_all_on(&key, &Refusal::Declined { until }, now, effects);
        // The call goes on: the code is spent, or the person may still sign in, and what that opens is welcome. Nobody
        // waits for it any more.
        if self.in_flight(&key).is_some() {
            self.prompts.close();
            effects.push(Effect::PromptClosed(prompt));
        }
    }

    pub(super) fn signed_out(&mut self, keys: &[SessionKey], effects: &mut Vec<Effect>) {
        for key in keys {
            if let Some(session) = self.sessions.get_mut(key) {
                session.sign_out(effects);
            }
        }
        let affected: Vec<WaiterId> = self
            .waiters
            .iter()
            .filter(|(_, waiter)| keys.iter().any(|key| waiter.passes_through(key)))
            .map(|(id, _)| *id)
            .collect();
        for waiter in affected {
            self.refuse(waiter, Refusal::SignedOut, effects);
        }
    }

    pub(super) fn lock(&mut self, effects: &mut Vec<Effect>) {
        self.locked = true;
        for session in self.sessions.values_mut() {
            session.sign_out(effects);
        }
        let waiting: Vec<WaiterId> = self.waiters.keys().copied().collect();
        for waiter in waiting {
            self.refuse(waiter, Refusal::Locked, effects);
        }
    }

    /// Why a person is not asked for this session on behalf of such a caller; `None` when one is.
    pub(super) fn why_not_ask(
        &self,
        key: &SessionKey,
        interaction: Interaction,
        now: Timestamp,
    ) -> Option<Refusal> {
        if interaction == Interaction::Never || !self.prompts.is_available() {
            return Some(Refusal::PersonRequired { key: key.clone() });
        }
        self.prompts
            .declined_until(key, now)
            .map(|until| Refusal::Declined { until })
    }
}
