//! Carrying out what the engine wants.

use super::Controller;
use super::requests::{Pending, Want};
use crate::explain;
use holdfast_agent_proto::view::ActivityKind;
use holdfast_agent_proto::{AgentError, CallerContext, ErrorCode, Event as Told, MfaChallenge};
use holdfast_core::chain::{Chain, Opening, SessionKey};
use holdfast_core::engine::{Effect, Refusal, WaiterId};
use holdfast_core::failure::Failure;
use holdfast_core::port::Aws;

impl<S: Aws> Controller<S> {
    pub(super) fn apply(&mut self, effects: Vec<Effect>) {
        let mut told = false;
        for effect in effects {
            told |= !matches!(effect, Effect::Serve { .. } | Effect::Refuse { .. });
            self.carry_out(effect);
        }
        if told {
            self.show_next_choice();
        }
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Call(call) => self.call(*call),
            Effect::Keep { key, attempt } => {
                tracing::info!(session = key.as_str(), "session opened");
                self.note_opener(&key);
                self.vault.keep(key.clone(), attempt);
                self.save();
                self.publish_token(&key);
            }
            Effect::Abandon { attempt } => self.abandon(attempt),
            Effect::Forget { key } => {
                self.withdraw_token(&key);
                self.vault.forget(&key);
                self.openers.remove(&key);
                // At lock the sealed store keeps its contents, and its key is gone by then.
                self.save();
            }
            Effect::Serve { waiter, key } => self.serve(waiter, &key),
            Effect::Refuse { waiter, refusal } => self.refuse(waiter, refusal),
            Effect::PromptOpened(_) => self.tell_prompt(Told::PromptOpened),
            Effect::PromptChanged(_) => self.tell_prompt(Told::PromptChanged),
            // What was not told because of a choice is not taken back either.
            Effect::PromptClosed(_) if self.choices.is_shown() => {}
            Effect::PromptClosed(prompt) => self.tell(&Told::PromptClosed { prompt: prompt.0 }),
            Effect::ExpiringSoon { key, seconds_left } => {
                if let Some(session) = self.session_view(&key) {
                    self.tell(&Told::ExpiringSoon {
                        session,
                        seconds_left,
                    });
                }
            }
            Effect::SignedOutByAws { key } => {
                self.note_session(ActivityKind::SignedOutByAws, &key);
                tracing::warn!(session = key.as_str(), "AWS ended the session");
                if let Some(session) = self.session_view(&key) {
                    self.tell(&Told::SignedOut { session });
                }
            }
        }
    }

    fn tell_prompt(&mut self, event: fn(holdfast_agent_proto::view::PromptView) -> Told) {
        // One question at a time: it is told when the choice is made.
        if self.choices.is_shown() {
            return;
        }
        if let Some(view) = self.prompt_view() {
            self.tell(&event(view));
        }
    }

    fn serve(&mut self, waiter: WaiterId, key: &SessionKey) {
        if self.sign_in_served(waiter, key) {
            return;
        }
        let Some(pending) = self.pending.remove(&waiter) else {
            return;
        };
        if let Want::SignIn { then } = pending.want {
            self.signed_in(pending.asked, key, then);
            return;
        }
        if let Want::SignedIn(told) = pending.want {
            let answer = self.logged_in(&told, &pending.asked);
            return self.finish_when_saved(pending.asked.replies, answer);
        }
        if let Want::SsoAccounts(wish) = pending.want {
            return self.discover(pending.asked, key, wish);
        }
        match self.vault.credentials(key) {
            Some(credentials) => self.answer(pending, &credentials),
            None => pending.asked.replies.error(AgentError::new(
                ErrorCode::Internal,
                "the session's credentials are gone",
            )),
        }
    }

    fn refuse(&mut self, waiter: WaiterId, refusal: Refusal) {
        if self.sign_in_refused(waiter, &refusal) {
            return;
        }
        let Some(pending) = self.pending.remove(&waiter) else {
            return;
        };
        let told = self.explain(&pending, refusal);
        tracing::info!(code = ?told.code, profile = pending.asked.profile, "refused");
        self.tell_refused(pending, told);
    }

    fn explain(&self, pending: &Pending, refusal: Refusal) -> AgentError {
        let profile = &pending.asked.profile;
        let login = explain::command("login", profile);
        match refusal {
            Refusal::PersonRequired { key } => {
                self.person_required(&key, profile, &pending.asked.caller.context)
            }
            Refusal::Declined { until } => {
                let minutes = until.seconds_since(self.now()).div_euclid(60) + 1;
                let mut told = AgentError::new(
                    ErrorCode::Declined,
                    format!(
                        "the request {} for profile {profile} was declined; nobody is asked again for {minutes} min",
                        wanted_of_person(&pending.asked.chain)
                    ),
                );
                told.retry_at = Some(self.clock.localize(until).unix_seconds());
                told.hint(login).profile(profile)
            }
            Refusal::PromptTimeout { .. } => AgentError::new(
                ErrorCode::PromptTimeout,
                match wanted_of_person(&pending.asked.chain) {
                    FOR_SIGN_IN => format!("nobody signed in for profile {profile} in time"),
                    _ => format!("nobody entered the MFA code for profile {profile} in time"),
                },
            )
            .hint(login)
            .profile(profile),
            Refusal::Failed(failure) => {
                let mut told = self.failed(&failure, &pending.asked.chain);
                if told.code == ErrorCode::WrongCode {
                    let context = &pending.asked.caller.context;
                    told.mfa = pending
                        .asked
                        .route_key()
                        .and_then(|key| self.challenge_of(&key, context));
                    let serial = told.mfa.as_ref().map(|challenge| challenge.serial.as_str());
                    if let Some(advice) = serial.and_then(|serial| self.resync_advice(serial)) {
                        told.hints = vec![advice];
                    }
                }
                told.retry_at = failure
                    .retry_at
                    .map(|at| self.clock.localize(at).unix_seconds());
                told
            }
            Refusal::Cancelled => explain::sign_in_cancelled(profile),
            Refusal::Locked => explain::locked(),
            Refusal::SignedOut => AgentError::new(
                ErrorCode::Declined,
                format!("profile {profile} was signed out meanwhile"),
            )
            .hint(login)
            .profile(profile),
        }
    }

    /// What went wrong on the way to a profile's credentials.
    fn failed(&self, failure: &Failure, chain: &Chain) -> AgentError {
        let is_missing = |key: &SessionKey| {
            let session = self.engine.session(key);
            session.is_some_and(|it| it.node.step.opening() == Opening::Browser)
                && self.vault.get(key).is_none()
        };
        if chain.keys().iter().any(is_missing) {
            explain::not_signed_in(failure, chain)
        } else {
            explain::failure_of(failure, chain)
        }
    }

    /// A person has to do something before a profile can be used.
    pub(super) fn person_required(
        &self,
        key: &SessionKey,
        profile: &str,
        context: &CallerContext,
    ) -> AgentError {
        let session = self.engine.session(key);
        match session.filter(|it| it.node.step.opening() == Opening::Browser) {
            Some(session) => {
                let limit = self.portal_of(key).map(|it| self.portals.limit(&it));
                let lasts_seconds = limit.and_then(|limit| limit.lasts_seconds);
                // What has ended is noticed at the next tick.
                let over = session.expires_at().is_some_and(|end| end <= self.now());
                let ended = session.ended || over;
                explain::sign_in_required(&session.source, profile, ended, lasts_seconds)
            }
            None => self.mfa_required(key, profile, context),
        }
    }

    /// A code is needed: says whether there was a session before, and for which device.
    pub(super) fn mfa_required(
        &self,
        key: &SessionKey,
        profile: &str,
        context: &CallerContext,
    ) -> AgentError {
        let ended = self
            .engine
            .session(key)
            .is_some_and(|session| session.ended);
        let message = if ended {
            format!("the MFA session for profile {profile} has ended")
        } else {
            format!("profile {profile} needs an MFA code")
        };
        let told = AgentError::new(ErrorCode::MfaRequired, message)
            .hint(explain::command("login", profile))
            .profile(profile);
        AgentError {
            mfa: self.challenge_of(key, context),
            ..told
        }
    }

    pub(super) fn challenge_of(
        &self,
        key: &SessionKey,
        context: &CallerContext,
    ) -> Option<MfaChallenge> {
        let session = self.engine.session(key)?;
        Some(MfaChallenge {
            serial: session.node.mfa_serial()?.to_owned(),
            profiles: self.files.through(context, key, &self.keys),
            duration_seconds: self.engine.mfa_duration_seconds(&session.node),
        })
    }
}

/// The words of a request to sign in with the browser.
const FOR_SIGN_IN: &str = "to sign in";

/// What a chain asks of a person, in words.
fn wanted_of_person(chain: &Chain) -> &'static str {
    let opens_browser = |step: &holdfast_core::chain::Step| step.opening() == Opening::Browser;
    if chain.steps.iter().any(opens_browser) {
        FOR_SIGN_IN
    } else {
        "for an MFA code"
    }
}
