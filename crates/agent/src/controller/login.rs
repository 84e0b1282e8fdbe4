//! Signing in and out: codes that people type, checked against the ledger before they are sent.

use super::Controller;
use super::calls::Typed;
use super::requests::{Asked, Pending, Want};
use crate::explain;
use crate::listener::{Caller, ReplySender};
use crate::vault::PortalSession;
use holdfast_agent_proto::{AgentError, ErrorCode, Reply};
use holdfast_core::chain::{Chain, Opening, SessionKey};
use holdfast_core::engine::{Event, Interaction, PromptId, Route, SessionState};
use holdfast_core::port::{Aws, MfaCode};
use holdfast_core::sso::Portal;
use holdfast_core::time::Timestamp;
use holdfast_core::totp_ledger::{MAX_REFUSALS, Origin, Verdict};
use secrecy::SecretString;
use std::sync::Arc;

impl<S: Aws> Controller<S> {
    pub(super) fn login(
        &mut self,
        caller: &Arc<Caller>,
        profile: String,
        code: Option<SecretString>,
        duration_seconds: Option<u32>,
        replies: ReplySender,
    ) {
        let Some(asked) = self.asked(caller, profile, replies) else {
            return;
        };
        let Some(route) = Route::of(&asked.chain) else {
            let told = explain::nothing_to_sign_in(&asked.profile);
            return asked.replies.error(told);
        };
        let Some(to_person) = route.to_person() else {
            // Roles that need no code are opened here and now, which shows whether they can be.
            let end = route.nodes[route.nodes.len() - 1].key.clone();
            return self.queue(asked, Want::SignedIn(end), Interaction::Never, 0);
        };
        self.accept_cli_token(&asked.chain);
        if let Some(key) = self.first_to_sign_in_to(&route) {
            return self.without_sign_in(asked, &route, &key);
        }
        match code {
            Some(code) if to_person.nodes.iter().any(|it| it.mfa_serial().is_some()) => {
                self.enter_code(asked, to_person, code, duration_seconds, None);
            }
            Some(_) | None => self.without_code(asked, &route, &to_person),
        }
    }

    /// The first session on the way that a person has to sign in to with the browser now.
    fn first_to_sign_in_to(&self, route: &Route) -> Option<SessionKey> {
        let now = self.now();
        let node = route.nodes.iter().find(|node| {
            let is_browser = node.step.opening() == Opening::Browser;
            let is_open = self.engine.session(&node.key).is_some_and(|session| {
                match self.engine.state(session, now) {
                    SessionState::Valid => true,
                    // The next request renews it.
                    SessionState::Absent | SessionState::Refreshing => session.refreshable(),
                    SessionState::Expiring
                    | SessionState::NeedsMfa
                    | SessionState::NeedsSignIn
                    | SessionState::Failed { .. } => false,
                }
            });
            is_browser && !is_open
        })?;
        Some(node.key.clone())
    }

    /// Nobody has signed in yet: says what to sign in to.
    fn without_sign_in(&mut self, asked: Asked, route: &Route, key: &SessionKey) {
        if self.engine.is_locked() {
            return asked.replies.error(explain::locked());
        }
        self.step(Event::Noticed {
            route: route.clone(),
        });
        let told = self.person_required(key, &asked.profile, &asked.caller.context);
        asked.replies.error(told);
    }

    /// Nothing is typed yet: signed in already, or says which code is needed.
    fn without_code(&mut self, asked: Asked, route: &Route, to_person: &Route) {
        if self.engine.is_locked() {
            return asked.replies.error(explain::locked());
        }
        let now = self.now();
        let mfa = &to_person.nodes[to_person.nodes.len() - 1];
        // One that is signed in to with the browser was looked at before.
        let valid = mfa.step.opening() == Opening::Browser
            || self
                .engine
                .session(&mfa.key)
                .is_some_and(|session| self.engine.state(session, now) == SessionState::Valid);
        if valid {
            let key = mfa.key.clone();
            return self.queue(asked, Want::SignedIn(key), Interaction::Never, 0);
        }
        self.step(Event::Noticed {
            route: route.clone(),
        });
        let told = self.mfa_required(&mfa.key, &asked.profile, &asked.caller.context);
        asked.replies.error(told);
    }

    pub(super) fn answer_prompt(
        &mut self,
        caller: &Arc<Caller>,
        prompt: u64,
        code: SecretString,
        duration_seconds: Option<u32>,
        replies: ReplySender,
    ) {
        let open = self
            .engine
            .prompt()
            .filter(|open| open.id == PromptId(prompt))
            .and_then(|open| self.prompted_route(&open.key));
        let Some((chain, route)) = open else {
            let told = AgentError::new(ErrorCode::NotFound, "this prompt is no longer open");
            return replies.error(told);
        };
        let asked = Asked {
            caller: Arc::clone(caller),
            profile: chain.profile.clone(),
            chain,
            replies,
        };
        self.enter_code(asked, route, code, duration_seconds, Some(PromptId(prompt)));
    }

    /// The way to the session that a prompt is for, in the name of one of its profiles.
    fn prompted_route(&self, key: &SessionKey) -> Option<(Arc<Chain>, Route)> {
        let session = self.engine.session(key)?;
        let profile = session.profiles.first().cloned().unwrap_or_default();
        let chain = Chain {
            profile,
            ..self.chain_to(key)?
        };
        let route = Route::of(&chain)?;
        Some((Arc::new(chain), route))
    }

    /// A code was typed: sends it unless AWS has answered it before.
    fn enter_code(
        &mut self,
        asked: Asked,
        route: Route,
        code: SecretString,
        duration_seconds: Option<u32>,
        prompt: Option<PromptId>,
    ) {
        let mfa = &route.nodes[route.nodes.len() - 1];
        let Some(serial) = mfa.mfa_serial().map(str::to_owned) else {
            return;
        };
        if let Some(seconds) = duration_seconds
            && let Some(told) = explain::not_granted(&mfa.step, seconds, &asked.profile)
        {
            return asked.replies.error(told);
        }
        let code = MfaCode { serial, code };
        let digest = holdfast_aws::digest(&code);
        let verdict = self
            .ledger
            .check(&code.serial, digest, Origin::Typed, self.now());
        if let Verdict::CodeUsed { next_code_at } = verdict {
            let told = self.code_used(&mfa.key, &asked, next_code_at);
            self.note_refused(&asked.caller, Some(&asked.profile), None, &told);
            asked.replies.error(told);
            if let Some(prompt) = prompt {
                self.step(Event::CodeWithheld {
                    prompt,
                    next_code_at,
                });
            }
            return;
        }
        self.codes.typed = Some(Typed {
            serial: code.serial,
            code: code.code,
            digest,
        });
        let waiter = self.next_waiter();
        let whole = Route::of(&asked.chain);
        let then = whole.filter(|whole| whole.nodes.len() > route.nodes.len());
        let want = Want::SignIn { then };
        self.pending.insert(waiter, Pending { asked, want });
        self.step(Event::CodeEntered {
            waiter,
            route,
            duration_seconds,
        });
        // A call was under way already, so this code is not needed.
        self.codes.typed = None;
    }

    fn code_used(&self, key: &SessionKey, asked: &Asked, next_code_at: Timestamp) -> AgentError {
        let seconds = next_code_at.seconds_since(self.now()).max(1);
        let told = AgentError::new(
            ErrorCode::CodeUsed,
            format!("AWS has already taken this code; the device shows the next in {seconds} s"),
        );
        AgentError {
            retry_at: Some(self.clock.localize(next_code_at).unix_seconds()),
            mfa: self.challenge_of(key, &asked.caller.context),
            ..told.profile(&asked.profile)
        }
    }

    /// A sign-in opened its session: goes on to the end of the chain, so that a role that may not be
    /// assumed shows now and not in the middle of a push.
    pub(super) fn signed_in(&mut self, asked: Asked, key: &SessionKey, then: Option<Route>) {
        match then {
            Some(_) => self.queue(asked, Want::SignedIn(key.clone()), Interaction::Never, 0),
            None => {
                let answer = self.logged_in(key, &asked);
                self.finish_when_saved(asked.replies, answer);
            }
        }
    }

    pub(super) fn logged_in(&self, key: &SessionKey, asked: &Asked) -> Result<Reply, AgentError> {
        let gone = || AgentError::new(ErrorCode::Internal, "the session is gone");
        let mut session = self.session_view(key).ok_or_else(gone)?;
        // Not only those that have used it so far: the person wants to know what works now.
        session.profiles = self.files.through(&asked.caller.context, key, &self.keys);
        Ok(Reply::LoggedIn { session })
    }

    /// Signs out of sessions; the sign-ins to portals among them are still to be ended at AWS.
    pub(super) fn logout(
        &mut self,
        caller: &Caller,
        profile: Option<String>,
    ) -> Result<Vec<(Portal, Arc<PortalSession>)>, AgentError> {
        let all = profile.is_none();
        let keys: Vec<SessionKey> = match profile {
            None => self
                .engine
                .sessions()
                .map(|session| session.node.key.clone())
                .collect(),
            Some(profile) => {
                let chain = self.chain(caller, &profile)?;
                let route = Route::of(&chain);
                let nodes = route.map(|route| route.nodes).unwrap_or_default();
                let keys: Vec<SessionKey> = nodes.into_iter().map(|node| node.key).collect();
                self.engine.descendants(&keys)
            }
        };
        // A sign-in of another program's is not ours to end.
        let sign_in = |key: &SessionKey| {
            let own = self.vault.portal(key).filter(|it| it.client.is_some());
            self.portal_of(key).zip(own)
        };
        let sign_ins = keys.iter().filter_map(sign_in).collect();
        self.storage.sign_out(&keys, all);
        self.step(Event::SignedOut { keys });
        self.aws.close_connections();
        Ok(sign_ins)
    }

    /// What to say when a device's codes keep being refused.
    pub(super) fn resync_advice(&self, serial: &str) -> Option<String> {
        (self.ledger.refusals(serial) >= MAX_REFUSALS).then(|| {
            format!(
                "AWS refused {MAX_REFUSALS} codes of {serial} in a row: check the clock of the \
                 device, or resync it in the IAM console"
            )
        })
    }
}
