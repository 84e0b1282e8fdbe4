//! The session engine: a pure step from events to effects.
//!
//! Every session that any profile's chain passes through is one node here, keyed by
//! what it is. The engine holds no secret: it knows when credentials end, and the
//! agent holds the credentials. `now` is AWS's time as far as it is known.

mod calls;
mod effect;
mod event;
mod person;
mod policy;
mod progress;
mod prompt;
mod renewal;
mod route;
mod schedule;
mod session;
mod sign_in;
mod waiter;

pub use effect::{Call, Effect, Refusal, Signer};
pub use event::{Event, Interaction};
pub use policy::{Policy, SERVE_MARGIN_SECONDS};
pub use prompt::{Prompt, PromptError, PromptId};
pub use route::{Node, Route};
pub use session::{Opened, Session, SessionState};
pub use waiter::WaiterId;

use crate::chain::{Opening, SessionKey, Step};
use crate::time::Timestamp;
use prompt::Prompts;
use std::collections::BTreeMap;
use waiter::Waiter;

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
            Event::Restored { session, opened } => self.restored(*session, opened, now),
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

    /// A server refused what was made of a session's credentials. What needs no person is fetched anew at the next
    /// request, a sign-in is refreshed, unless they are so new that others would be no better. A code is asked for by
    /// nothing of the kind; a portal that refuses its own token again has signed the person out.
    fn rejected(&mut self, key: &SessionKey, now: Timestamp, effects: &mut Vec<Effect>) {
        let Some(session) = self.sessions.get_mut(key) else {
            return;
        };
        match session.node.step.opening() {
            Opening::Silent => {
                if session.end_early(now) {
                    effects.push(Effect::Forget { key: key.clone() });
                }
            }
            Opening::Code(_) => {}
            Opening::Browser => {
                let stands = !session.is_doubted()
                    && session.has_old_credentials(now)
                    && !session.doubt(now);
                if stands && session.is_portal() {
                    self.signed_out_by_aws(key, effects);
                }
            }
        }
    }

    fn restored(&mut self, session: Session, opened: Opened, now: Timestamp) {
        let is_of_use = opened.expires_at > now || opened.refreshable;
        if !is_of_use || self.locked {
            return;
        }
        let key = session.node.key.clone();
        let known = self.sessions.entry(key).or_insert(session);
        if !known.is_of_use(now) {
            known.restored(opened, now);
        }
    }

    pub(super) fn refuse(&mut self, waiter: WaiterId, refusal: Refusal, effects: &mut Vec<Effect>) {
        if self.waiters.remove(&waiter).is_some() {
            effects.push(Effect::Refuse { waiter, refusal });
        }
    }

    pub(super) fn waiting_for_attempt(&self, attempt: u64) -> Vec<WaiterId> {
        self.waiters
            .iter()
            .filter(|(_, waiter)| waiter.attempt == Some(attempt))
            .map(|(id, _)| *id)
            .collect()
    }
}
