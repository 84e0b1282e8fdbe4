//! The invariants, checked against everything that the engine says.

use crate::world::World;
use holdfast_core::chain::{Opening, SessionKey};
use holdfast_core::engine::{Call, Effect, SERVE_MARGIN_SECONDS, WaiterId};
use holdfast_core::failure::FailureKind;

/// What the engine was told, as far as it matters for what it may say.
#[derive(Default)]
pub(crate) struct Cause {
    /// A person typed a code or began to sign in.
    pub(crate) is_person: bool,
    /// A person wants sessions to be gone.
    pub(crate) is_wish: bool,
    /// A server refused what was made of this session.
    pub(crate) rejected: Option<SessionKey>,
    /// A call failed.
    pub(crate) failed: Option<(Call, FailureKind)>,
}

impl World {
    pub(crate) fn apply(&mut self, effects: &[Effect], cause: &Cause) {
        self.note(cause);
        for effect in effects {
            match effect {
                Effect::Call(call) => self.check_call(call, cause),
                Effect::Keep { key, attempt } => self.keep(key, *attempt),
                Effect::Abandon { attempt } => {
                    self.brought.remove(attempt);
                    self.calls.retain(|call| call.attempt != *attempt);
                }
                Effect::Forget { key } => self.forget(key, cause),
                Effect::Serve { waiter, key } => self.check_served(*waiter, key),
                Effect::Refuse { waiter, .. } => {
                    assert!(
                        self.credential_waiters.remove(waiter)
                            || self.attempt_waiters.remove(waiter),
                        "answered twice"
                    );
                }
                Effect::PromptOpened(id) => {
                    assert_eq!(self.prompt.replace(id.0), None, "two prompts at once");
                }
                Effect::PromptChanged(id) => assert_eq!(self.prompt, Some(id.0)),
                Effect::PromptClosed(id) => assert_eq!(self.prompt.take(), Some(id.0)),
                Effect::ExpiringSoon { seconds_left, .. } => assert!(*seconds_left <= 900),
                Effect::SignedOutByAws { key } => {
                    assert!(
                        self.is_refused(key, cause),
                        "signed out though AWS refused nothing"
                    );
                }
            }
        }
    }

    /// Takes note of what AWS refused.
    fn note(&mut self, cause: &Cause) {
        if let Some(key) = &cause.rejected {
            self.doubted.insert(key.clone());
        }
        let Some((call, kind)) = &cause.failed else {
            return;
        };
        let is_refresh = call.step.opening() == Opening::Browser && !call.by_person;
        let is_final = !kind.is_transient() && *kind != FailureKind::SourceUnavailable;
        if is_refresh && is_final {
            self.over.insert(call.key.clone());
        }
        if *kind == FailureKind::SessionEnded
            && let Some(session) = self.engine.session(&call.key)
        {
            self.doubted.extend(session.parent.clone());
        }
    }

    /// Whether AWS refused the credentials of this session, now or before they were refreshed.
    fn is_refused(&self, key: &SessionKey, cause: &Cause) -> bool {
        self.doubted.contains(key) && (cause.failed.is_some() || cause.rejected.is_some())
    }

    fn check_call(&mut self, call: &Call, cause: &Cause) {
        assert!(!self.engine.is_locked(), "a call while locked");
        assert!(
            self.calls.iter().all(|other| other.key != call.key),
            "invariant 1: two refreshes of one session at once"
        );
        match call.step.opening() {
            Opening::Silent => assert!(!call.by_person),
            Opening::Code(_) => assert!(call.by_person && cause.is_person),
            Opening::Browser if call.by_person => {
                assert!(cause.is_person, "a browser without a person");
            }
            Opening::Browser => {
                let token = self.held.get(&call.key).expect("a token to refresh");
                assert!(token.refreshable, "nothing to refresh it with");
                assert!(
                    !self.over.contains(&call.key),
                    "a refresh after AWS refused one"
                );
            }
        }
        self.calls.push(call.clone());
    }

    fn keep(&mut self, key: &SessionKey, attempt: u64) {
        let opened = self.brought.remove(&attempt);
        self.held
            .insert(key.clone(), opened.expect("kept what was brought"));
        self.kept.insert(key.clone(), attempt);
        self.over.remove(key);
    }

    fn forget(&mut self, key: &SessionKey, cause: &Cause) {
        let Some(opened) = self.held.remove(key) else {
            return;
        };
        assert!(
            cause.is_wish || opened.expires_at <= self.now || self.is_refused(key, cause),
            "invariant 7: a failure deleted a valid session"
        );
    }

    fn check_served(&mut self, waiter: WaiterId, key: &SessionKey) {
        assert!(!self.engine.is_locked(), "invariant 3: served while locked");
        if self.attempt_waiters.remove(&waiter) {
            assert!(self.held.contains_key(key));
            return;
        }
        assert!(self.credential_waiters.remove(&waiter), "answered twice");
        for (key, old) in self.renewals.remove(&waiter).unwrap_or_default() {
            assert!(
                self.kept.get(&key).is_some_and(|attempt| *attempt > old),
                "a renewal was served what was there before"
            );
        }
        let left = self.held[key].expires_at.seconds_since(self.now);
        assert!(
            left >= SERVE_MARGIN_SECONDS,
            "invariant 2: served with {left} s left"
        );
    }

    /// Invariant 5: a prompt is there exactly while a caller waits for it.
    pub(crate) fn check_prompt(&self) {
        let prompt = self.engine.prompt();
        assert_eq!(prompt.map(|prompt| prompt.id.0), self.prompt);
        if let Some(prompt) = prompt {
            let answering = self.calls.iter().any(|call| call.key == prompt.key);
            assert!(!prompt.callers.is_empty());
            assert!(
                answering || !self.engine.callers_for(&prompt.key, self.now).is_empty(),
                "a prompt that nobody waits for"
            );
        }
    }
}
