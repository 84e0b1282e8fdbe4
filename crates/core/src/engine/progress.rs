//! What a waiting caller needs next: serve it, ask AWS, ask a human, or refuse.

use super::effect::{Effect, Refusal};
use super::event::Interaction;
use super::policy::{SERVE_MARGIN_SECONDS, SIGN_MARGIN_SECONDS};
use super::session::Session;
use super::waiter::{Waiter, WaiterId};
use super::{Engine, PromptId};
use crate::chain::SessionKey;
use crate::time::Timestamp;

/// What a waiting caller needs next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// Its credentials are there.
    Nothing(SessionKey),
    /// A call is under way.
    Answer,
    /// A person is signing in to this session.
    SignIn(SessionKey),
    /// This session has to be opened or refreshed, and no person is needed for it.
    Call(SessionKey),
    /// A person has to open this session.
    Human(SessionKey),
    /// It cannot be had now.
    Refused(Refusal),
}

/// How a caller's way goes on.
#[derive(Debug, PartialEq, Eq)]
enum Next<'a> {
    /// It is open to its end.
    End(&'a SessionKey),
    /// The session at this place of its route comes next.
    Open(usize, &'a SessionKey),
}

impl Engine {
    pub(super) fn advance_all(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let waiting: Vec<WaiterId> = self.waiters.keys().copied().collect();
        for waiter in waiting {
            self.advance(waiter, now, effects);
        }
    }

    pub(super) fn advance(&mut self, id: WaiterId, now: Timestamp, effects: &mut Vec<Effect>) {
        let Some(waiter) = self.waiters.get(&id) else {
            return;
        };
        if waiter.attempt.is_some() {
            return;
        }
        let interaction = waiter.interaction;
        match self.need(waiter, now) {
            Need::Nothing(key) => {
                self.waiters.remove(&id);
                effects.push(Effect::Serve { waiter: id, key });
            }
            Need::SignIn(key) if interaction == Interaction::Never => {
                self.refuse(id, Refusal::PersonRequired { key }, effects);
            }
            Need::Answer | Need::SignIn(_) => {}
            Need::Call(key) => {
                self.start_call(&key, false, None, effects);
            }
            Need::Human(key) => {
                if let Some(refusal) = self.why_not_ask(&key, interaction, now) {
                    self.refuse(id, refusal, effects);
                }
            }
            Need::Refused(refusal) => self.refuse(id, refusal, effects),
        }
    }

    /// What a caller needs next.
    pub(super) fn need(&self, waiter: &Waiter, now: Timestamp) -> Need {
        if self.locked {
            return Need::Refused(Refusal::Locked);
        }
        let (index, key) = match self.next_on(waiter, now) {
            Next::End(key) => return Need::Nothing(key.clone()),
            Next::Open(index, key) => (index, key),
        };
        let Some(session) = self.sessions.get(key) else {
            return Need::Call(key.clone());
        };
        if session.is_signing_in() {
            return Need::SignIn(key.clone());
        }
        let needs_person = waiter.needs_person_at(index);
        if session
            .in_flight
            .is_some_and(|call| call.by_person || !needs_person)
        {
            return Need::Answer;
        }
        let is_silent = session.refreshable() && !needs_person;
        if session.node.needs_person() && !is_silent {
            return Need::Human(key.clone());
        }
        match &session.failure {
            Some(failed) if now < failed.retry_at => {
                Need::Refused(Refusal::Failed(failed.failure.clone()))
            }
            _ => Need::Call(key.clone()),
        }
    }

    /// The session that a caller's way goes on with, looking from the end of its route backwards.
    fn next_on<'a>(&self, waiter: &'a Waiter, now: Timestamp) -> Next<'a> {
        let nodes = &waiter.route.nodes;
        let usable = |index: usize, margin| {
            self.sessions
                .get(&nodes[index].key)
                .is_some_and(|session| session.is_usable(margin, now))
                && waiter.accepts(index, &self.sessions)
        };
        let last = nodes.len() - 1;
        if usable(last, SERVE_MARGIN_SECONDS) {
            return Next::End(&nodes[last].key);
        }
        let next = (1..=last)
            .rev()
            .find(|index| usable(index - 1, SIGN_MARGIN_SECONDS))
            .unwrap_or(0);
        Next::Open(next, &nodes[next].key)
    }

    /// Whether the credentials that would sign a refresh are there.
    pub(super) fn can_sign(&self, session: &Session, now: Timestamp) -> bool {
        session.parent.as_ref().is_none_or(|parent| {
            self.sessions
                .get(parent)
                .is_some_and(|parent| parent.is_usable(SIGN_MARGIN_SECONDS, now))
        })
    }

    /// Refuses every caller whose next need is this session.
    pub(super) fn refuse_all_on(
        &mut self,
        key: &SessionKey,
        refusal: &Refusal,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) {
        let affected: Vec<WaiterId> = self
            .waiters
            .iter()
            .filter(|(_, waiter)| waiter.attempt.is_none() && self.hangs_on(waiter, key, now))
            .map(|(id, _)| *id)
            .collect();
        for waiter in affected {
            self.refuse(waiter, refusal.clone(), effects);
        }
    }

    fn hangs_on(&self, waiter: &Waiter, key: &SessionKey, now: Timestamp) -> bool {
        match self.need(waiter, now) {
            Need::Human(next) | Need::Call(next) | Need::SignIn(next) => next == *key,
            Need::Answer => matches!(self.next_on(waiter, now), Next::Open(_, next) if next == key),
            Need::Refused(_) => waiter.passes_through(key),
            Need::Nothing(_) => false,
        }
    }

    pub(super) fn time_out_waiters(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let late: Vec<WaiterId> = self
            .waiters
            .iter()
            .filter(|(_, waiter)| waiter.deadline <= now)
            .map(|(id, _)| *id)
            .collect();
        for id in late {
            // Only a person is waited for without a bound of its own; a call ends by itself.
            match self.waiters.get(&id).map(|waiter| self.need(waiter, now)) {
                Some(Need::Human(key)) => {
                    self.refuse(id, Refusal::PromptTimeout { key: key.clone() }, effects);
                    if self.callers_for(&key, now).is_empty() {
                        let until = now.plus_seconds(self.policy.decline_seconds);
                        self.prompts.remember_decline(key, until);
                    }
                }
                // The person is at it, so the prompt is not ignored: the sign-in goes on for the next caller.
                Some(Need::SignIn(key)) => {
                    self.refuse(id, Refusal::PromptTimeout { key }, effects);
                }
                Some(Need::Nothing(_) | Need::Answer | Need::Call(_) | Need::Refused(_)) | None => {
                }
            }
        }
    }

    /// Callers that wait for a human to open this session.
    pub fn callers_for(&self, key: &SessionKey, now: Timestamp) -> Vec<WaiterId> {
        self.waiters
            .iter()
            .filter(|(_, waiter)| {
                waiter.attempt.is_none() && self.need(waiter, now) == Need::Human(key.clone())
            })
            .map(|(id, _)| *id)
            .collect()
    }

    /// Opens, changes or closes the prompt so that it is there exactly while somebody waits for it.
    pub(super) fn settle_prompt(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if let Some((id, key)) = self.prompts.current_id_and_key() {
            // While a code is on its way or a sign-in under way, the callers wait for it and the prompt stays.
            if self.in_flight(&key).is_some() {
                return;
            }
            let callers = self.callers_for(&key, now);
            if !callers.is_empty() {
                let interactive = self.any_at_terminal(&callers);
                self.prompts.set_callers(callers, interactive, effects);
                return;
            }
            self.prompts.close();
            effects.push(Effect::PromptClosed(id));
        }
        self.open_next_prompt(now, effects);
    }

    fn open_next_prompt(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let next = self
            .waiters
            .values()
            .filter(|waiter| waiter.attempt.is_none())
            .find_map(|waiter| match self.need(waiter, now) {
                Need::Human(key) => Some(key),
                Need::Nothing(_)
                | Need::Answer
                | Need::SignIn(_)
                | Need::Call(_)
                | Need::Refused(_) => None,
            });
        if let Some(key) = next {
            let callers = self.callers_for(&key, now);
            let interactive = self.any_at_terminal(&callers);
            let id: PromptId = self.prompts.open(key, callers, interactive, now);
            effects.push(Effect::PromptOpened(id));
        }
    }

    fn any_at_terminal(&self, callers: &[WaiterId]) -> bool {
        callers.iter().any(|id| {
            self.waiters
                .get(id)
                .is_some_and(|waiter| waiter.interaction == Interaction::Terminal)
        })
    }
}
