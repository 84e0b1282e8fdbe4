//! The session engine: a pure step from events to effects.
//!
//! Every session that any profile's chain passes through is one node here, keyed by
//! what it is. The engine holds no secret: it knows when credentials end, and the
//! agent holds the credentials. `now` is AWS's time as far as it is known.

mod effect;
mod event;
mod policy;
mod progress;
mod prompt;
mod renewal;
mod route;
mod session;
mod waiter;

pub use effect::{Call, Effect, Refusal, Signer};
pub use event::{Event, Interaction};
pub use policy::{Policy, SERVE_MARGIN_SECONDS};
pub use prompt::{Prompt, PromptError, PromptId};
pub use route::{Node, Route};
pub use session::{Opened, Session, SessionState};
pub use waiter::WaiterId;

use crate::chain::{SessionKey, Step};
use crate::failure::{Failure, FailureKind};
use crate::time::Timestamp;
use prompt::Prompts;
use std::collections::BTreeMap;
use waiter::Waiter;

/// The attempt that brought credentials which an earlier agent has stored.
const RESTORED: u64 = 0;

/// All sessions, the callers that wait for them and the prompt that is open.
#[derive(Clone, Debug)]
pub struct Engine {
    policy: Policy,
    sessions: BTreeMap<SessionKey, Session>,
    waiters: BTreeMap<WaiterId, Waiter>,
    prompts: Prompts,
    locked: bool,
    attempts: u64,
}

impl Engine {
    /// An engine that knows no session yet.
    pub fn new(policy: Policy) -> Self {
        Self {
            policy,
            sessions: BTreeMap::new(),
            waiters: BTreeMap::new(),
            prompts: Prompts::default(),
            locked: false,
            attempts: 0,
        }
    }

    /// Whether secrets may be served at all.
    pub fn is_locked(&self) -> bool {
        self.locked
    }

    /// Every known session.
    pub fn sessions(&self) -> impl Iterator<Item = &Session> {
        self.sessions.values()
    }

    /// One session.
    pub fn session(&self, key: &SessionKey) -> Option<&Session> {
        self.sessions.get(key)
    }

    /// The steps of the chain up to a session; `None` when one of them is not known any more.
    pub fn steps_to(&self, key: &SessionKey) -> Option<Vec<Step>> {
        let mut steps = Vec::new();
        let mut next = Some(key);
        while let Some(key) = next {
            let session = self.sessions.get(key)?;
            steps.push(session.node.step.clone());
            next = session.parent.as_ref();
        }
        steps.reverse();
        Some(steps)
    }

    /// The sessions whose chain passes through one of these, these included.
    pub fn descendants(&self, keys: &[SessionKey]) -> Vec<SessionKey> {
        let passes = |session: &Session| {
            let mut next = Some(&session.node.key);
            while let Some(key) = next {
                if keys.contains(key) {
                    return true;
                }
                next = self
                    .sessions
                    .get(key)
                    .and_then(|session| session.parent.as_ref());
            }
            false
        };
        self.sessions
            .values()
            .filter(|session| passes(session))
            .map(|session| session.node.key.clone())
            .collect()
    }

    /// The prompt that is open.
    pub fn prompt(&self) -> Option<&Prompt> {
        self.prompts.current()
    }

    /// How a session is now.
    pub fn state(&self, session: &Session, now: Timestamp) -> SessionState {
        session.state(&self.policy, now)
    }

    /// When the next caller's patience ends.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        self.waiters.values().map(|waiter| waiter.deadline).min()
    }

    /// Lifetime in seconds that a session with MFA is asked for when nothing else is said.
    pub fn mfa_duration_seconds(&self, node: &Node) -> u32 {
        node.step
            .duration_seconds()
            .unwrap_or(self.policy.mfa_duration_seconds)
    }

    /// Takes one event and says what is to be done.
    pub fn step(&mut self, event: Event, now: Timestamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        match event {
            Event::Requested {
                waiter,
                route,
                interaction,
                wait_seconds,
            } => {
                self.know(&route, now);
                let deadline = now.plus_seconds(i64::from(wait_seconds));
                let request = Waiter::for_credentials(route, interaction, deadline);
                self.waiters.insert(waiter, request);
                self.advance(waiter, now, &mut effects);
            }
            Event::RenewalRequested {
                waiter,
                route,
                with_code,
                wait_seconds,
            } => {
                self.renew(waiter, route, with_code, wait_seconds, now);
                self.advance(waiter, now, &mut effects);
            }
            Event::Noticed { route } => self.know(&route, now),
            Event::CodeEntered {
                waiter,
                route,
                duration_seconds,
            } => self.open_by_person(waiter, route, duration_seconds, now, &mut effects),
            Event::SignInStarted { waiter, route } => {
                self.open_by_person(waiter, route, None, now, &mut effects);
            }
            Event::SignInCancelled { key } => self.sign_in_cancelled(&key, &mut effects),
            Event::CodeWithheld {
                prompt,
                next_code_at,
            } => {
                self.prompts
                    .set_error(prompt, PromptError::CodeUsed { next_code_at }, &mut effects)
            }
            Event::PromptDeclined { prompt } => self.declined(prompt, now, &mut effects),
            Event::CallerGone { waiter } => {
                self.waiters.remove(&waiter);
            }
            Event::CallFinished {
                key,
                attempt,
                result,
            } => self.call_finished(&key, attempt, result, now, &mut effects),
            Event::Rejected { key } => self.rejected(&key, now, &mut effects),
            Event::Restored {
                session,
                expires_at,
            } => self.restored(*session, expires_at, now),
            Event::PromptersChanged { available } => {
                self.prompts.set_available(available);
                self.advance_all(now, &mut effects);
            }
            Event::Tick => self.tick(now, &mut effects),
            Event::SignedOut { keys } => self.signed_out(&keys, &mut effects),
            Event::PolicyChanged { policy } => self.policy = policy,
            Event::Locked => self.lock(&mut effects),
            Event::Unlocked => self.locked = false,
        }
        self.settle_prompt(now, &mut effects);
        effects
    }

    /// Makes the sessions of a route known, and notes that they are used.
    fn know(&mut self, route: &Route, now: Timestamp) {
        for (index, node) in route.nodes.iter().enumerate() {
            let session = self
                .sessions
                .entry(node.key.clone())
                .or_insert_with(|| Session::absent(route, index));
            session.used_by(&route.profile, route, index, now);
        }
    }

    /// A person typed a code or wants to sign in: asks AWS, even when the session is still valid.
    fn open_by_person(
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
        let attempt = match self.in_flight(&key) {
            Some(attempt) => attempt,
            None => {
                let duration = duration_seconds.or_else(|| Some(self.mfa_duration_seconds(last)));
                self.start_call(&key, true, duration, effects)
            }
        };
        self.prompts.forget_error_of(&key, effects);
        self.waiters
            .insert(waiter, Waiter::for_attempt(route, attempt));
    }

    /// The person does not want to go on signing in.
    fn sign_in_cancelled(&mut self, key: &SessionKey, effects: &mut Vec<Effect>) {
        let session = self.sessions.get_mut(key);
        let Some(attempt) = session.and_then(|session| session.in_flight.take()) else {
            return;
        };
        effects.push(Effect::Abandon { attempt });
        for waiter in self.waiting_for_attempt(attempt) {
            self.refuse(waiter, Refusal::Cancelled, effects);
        }
    }

    fn in_flight(&self, key: &SessionKey) -> Option<u64> {
        self.sessions.get(key).and_then(|session| session.in_flight)
    }

    /// Starts the one call that may be under way for a session.
    fn start_call(
        &mut self,
        key: &SessionKey,
        by_person: bool,
        duration_seconds: Option<u32>,
        effects: &mut Vec<Effect>,
    ) -> u64 {
        self.attempts += 1;
        let attempt = self.attempts;
        if let Some(session) = self.sessions.get_mut(key) {
            session.in_flight = Some(attempt);
            let call = Call::of(session, attempt, by_person, duration_seconds);
            effects.push(Effect::Call(Box::new(call)));
        }
        attempt
    }

    fn call_finished(
        &mut self,
        key: &SessionKey,
        attempt: u64,
        result: Result<Opened, Failure>,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) {
        // A call that was overtaken by sign-out or lock must not bring the session back.
        if self.in_flight(key) != Some(attempt) {
            effects.push(Effect::Abandon { attempt });
            return;
        }
        match result {
            Ok(opened) => self.call_succeeded(key, attempt, opened, now, effects),
            Err(failure) => self.call_failed(key, attempt, failure, now, effects),
        }
        self.advance_all(now, effects);
    }

    fn call_succeeded(
        &mut self,
        key: &SessionKey,
        attempt: u64,
        opened: Opened,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) {
        if let Some(session) = self.sessions.get_mut(key) {
            session.opened(opened.expires_at, attempt, now);
            self.prompts.forget_decline(key);
            effects.push(Effect::Keep {
                key: key.clone(),
                attempt,
            });
        }
        for waiter in self.waiting_for_attempt(attempt) {
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
        attempt: u64,
        failure: Failure,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) {
        let Some(session) = self.sessions.get_mut(key) else {
            return;
        };
        session.refused(failure.clone(), &self.policy, attempt, now);
        let parent = session.parent.clone();
        let needs_person = session.node.needs_person();
        for waiter in self.waiting_for_attempt(attempt) {
            self.refuse(waiter, Refusal::Failed(failure.clone()), effects);
        }
        if needs_person {
            // A wrong code, this machine's clock and a network fault can be mended while the callers wait; the rest
            // cannot.
            let retry_by_typing = matches!(
                failure.kind,
                FailureKind::WrongCode | FailureKind::ClockSkew
            ) || failure.kind.is_transient();
            if retry_by_typing {
                self.prompts
                    .set_error_of(key, PromptError::Failed(failure), effects);
            } else {
                self.refuse_all_on(key, &Refusal::Failed(failure), now, effects);
            }
        } else if failure.kind == FailureKind::SessionEnded
            && self.end_parent(parent.as_ref(), now, effects)
        {
            // The parent is gone, so this failure says nothing about the session itself.
            if let Some(session) = self.sessions.get_mut(key) {
                session.failure = None;
            }
        } else {
            self.refuse_all_on(key, &Refusal::Failed(failure), now, effects);
        }
    }

    /// AWS refused credentials that should still be good: they were revoked.
    ///
    /// False when they are so new that dropping them would only begin a loop.
    fn end_parent(
        &mut self,
        parent: Option<&SessionKey>,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> bool {
        let Some(session) = parent.and_then(|key| self.sessions.get_mut(key)) else {
            return false;
        };
        if !session.end_early(now) {
            return false;
        }
        effects.push(Effect::Forget {
            key: session.node.key.clone(),
        });
        effects.push(Effect::SignedOutByAws {
            key: session.node.key.clone(),
        });
        true
    }

    /// Fetches refused credentials anew at the next request, unless that needs a human or they are
    /// so new that others would be no better.
    fn rejected(&mut self, key: &SessionKey, now: Timestamp, effects: &mut Vec<Effect>) {
        let silent = |session: &&mut Session| !session.node.needs_person();
        if let Some(session) = self.sessions.get_mut(key).filter(silent)
            && session.end_early(now)
        {
            effects.push(Effect::Forget { key: key.clone() });
        }
    }

    fn restored(&mut self, session: Session, expires_at: Timestamp, now: Timestamp) {
        if expires_at <= now || self.locked {
            return;
        }
        let key = session.node.key.clone();
        let known = self.sessions.entry(key).or_insert(session);
        if known.credentials.is_none() {
            known.opened(expires_at, RESTORED, now);
        }
    }

    fn tick(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        self.end_expired(now, effects);
        self.announce_expiry(now, effects);
        self.refresh_ahead(now, effects);
        self.advance_all(now, effects);
        self.time_out_waiters(now, effects);
    }

    fn end_expired(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        for session in self.sessions.values_mut() {
            if session.drop_expired(now) {
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

    /// Renews, ahead of their end, the sessions in use that need no human.
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

    fn signed_out(&mut self, keys: &[SessionKey], effects: &mut Vec<Effect>) {
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

    fn lock(&mut self, effects: &mut Vec<Effect>) {
        self.locked = true;
        for session in self.sessions.values_mut() {
            session.sign_out(effects);
        }
        let waiting: Vec<WaiterId> = self.waiters.keys().copied().collect();
        for waiter in waiting {
            self.refuse(waiter, Refusal::Locked, effects);
        }
    }

    fn declined(&mut self, prompt: PromptId, now: Timestamp, effects: &mut Vec<Effect>) {
        let Some(key) = self.prompts.key_of(prompt).cloned() else {
            return;
        };
        let until = now.plus_seconds(self.policy.decline_seconds);
        self.prompts.remember_decline(key.clone(), until);
        self.refuse_all_on(&key, &Refusal::Declined { until }, now, effects);
        // The call goes on: the code is spent, and what it opens is welcome. Nobody waits for it any more.
        if self.in_flight(&key).is_some() {
            self.prompts.close();
            effects.push(Effect::PromptClosed(prompt));
        }
    }

    fn refuse(&mut self, waiter: WaiterId, refusal: Refusal, effects: &mut Vec<Effect>) {
        if self.waiters.remove(&waiter).is_some() {
            effects.push(Effect::Refuse { waiter, refusal });
        }
    }

    fn waiting_for_attempt(&self, attempt: u64) -> Vec<WaiterId> {
        self.waiters
            .iter()
            .filter(|(_, waiter)| waiter.attempt == Some(attempt))
            .map(|(id, _)| *id)
            .collect()
    }
}
