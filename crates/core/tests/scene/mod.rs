//! A stage for the session engine: its clock, the callers and what it said last.
#![allow(dead_code, reason = "each test program uses some of it")]

use holdfast_core::chain::{Chain, KeyLocation, SessionKey, Source, Step};
use holdfast_core::endpoint::EndpointSettings;
use holdfast_core::engine::{
    Call, Effect, Engine, Event, Interaction, Opened, Policy, PromptId, Refusal, Route, Session,
    SessionState, WaiterId,
};
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::sso::Portal;
use holdfast_core::time::Timestamp;

pub(crate) const START: i64 = 1_800_000_000;
pub(crate) const HOUR: i64 = 3_600;

pub(crate) fn chain(profile: &str, steps: Vec<Step>) -> Route {
    let source = Source::AccessKey {
        access_key_id: "AKIAEXAMPLE".to_owned(),
        profile: "user".to_owned(),
        location: KeyLocation::Keychain,
    };
    chain_from(source, profile, steps)
}

pub(crate) fn chain_from(source: Source, profile: &str, steps: Vec<Step>) -> Route {
    Route::of(&Chain {
        profile: profile.to_owned(),
        region: None,
        endpoint: EndpointSettings::default(),
        source,
        steps,
        problems: Vec::new(),
    })
    .expect("a chain with steps")
}

pub(crate) fn mfa(device: &str) -> Step {
    Step::GetSessionToken {
        mfa_serial: format!("arn:aws:iam::111122223333:mfa/{device}"),
        duration_seconds: None,
    }
}

pub(crate) fn role(name: &str) -> Step {
    Step::AssumeRole {
        role_arn: format!("arn:aws:iam::222233334444:role/{name}"),
        role_session_name: None,
        external_id: None,
        source_identity: None,
        duration_seconds: None,
        mfa_serial: None,
    }
}

/// A role behind the MFA session of one user, as most profiles are.
pub(crate) fn contributor() -> Route {
    chain("contributor", vec![mfa("user"), role("Contributor")])
}

/// A role of the portal that everybody signs in to.
pub(crate) fn portal_role(name: &str) -> Route {
    let source = Source::Portal {
        portal: Portal {
            start_url: "https://corp.awsapps.com/start".to_owned(),
            region: "eu-west-1".to_owned(),
            scopes: Vec::new(),
            endpoint: EndpointSettings::default(),
        },
        profile: name.to_owned(),
    };
    let role = Step::GetRoleCredentials {
        account_id: "111122223333".to_owned(),
        role_name: name.to_owned(),
    };
    chain_from(source, name, vec![Step::SignIn, role])
}

/// What signs in with the browser and has credentials of its own.
pub(crate) fn console_login() -> Route {
    let source = Source::ConsoleLogin {
        login_session: "arn:aws:iam::111122223333:user/me".to_owned(),
        profile: "login".to_owned(),
    };
    chain_from(source, "login", vec![Step::SignIn])
}

/// The engine, what it said last, and the time.
pub(crate) struct Scene {
    pub(crate) engine: Engine,
    pub(crate) now: i64,
    waiters: u64,
    pub(crate) effects: Vec<Effect>,
}

impl Scene {
    pub(crate) fn new() -> Self {
        let mut scene = Self {
            engine: Engine::new(Policy::default()),
            now: START,
            waiters: 0,
            effects: Vec::new(),
        };
        scene.step(Event::PromptersChanged { available: true });
        scene
    }

    /// With a valid MFA session of twelve hours and a role session of one.
    pub(crate) fn signed_in() -> Self {
        let mut scene = Self::new();
        scene.enter_code(&contributor());
        scene.succeed(12 * HOUR);
        scene.request(&contributor(), Interaction::Terminal);
        scene.succeed(HOUR);
        scene
    }

    /// With a token of one hour that can be refreshed, and a role session of one.
    pub(crate) fn signed_in_to_portal() -> Self {
        let mut scene = Self::new();
        scene.sign_in(&portal_role("Admin"));
        scene.bring(HOUR);
        scene.request(&portal_role("Admin"), Interaction::Terminal);
        scene.succeed(HOUR);
        scene
    }

    pub(crate) fn step(&mut self, event: Event) -> &[Effect] {
        self.effects = self
            .engine
            .step(event, Timestamp::from_unix_seconds(self.now));
        &self.effects
    }

    pub(crate) fn request(&mut self, route: &Route, interaction: Interaction) -> WaiterId {
        self.waiters += 1;
        let waiter = WaiterId(self.waiters);
        self.step(Event::Requested {
            waiter,
            route: route.clone(),
            interaction,
            wait_seconds: 120,
        });
        waiter
    }

    pub(crate) fn renew(&mut self, route: &Route, with_code: bool) -> WaiterId {
        self.waiters += 1;
        let waiter = WaiterId(self.waiters);
        self.step(Event::RenewalRequested {
            waiter,
            route: route.clone(),
            with_code,
            wait_seconds: 120,
        });
        waiter
    }

    pub(crate) fn enter_code(&mut self, route: &Route) -> WaiterId {
        self.waiters += 1;
        let waiter = WaiterId(self.waiters);
        let route = route.to_person().expect("a route with MFA");
        self.step(Event::CodeEntered {
            waiter,
            route,
            duration_seconds: None,
        });
        waiter
    }

    pub(crate) fn sign_in(&mut self, route: &Route) -> WaiterId {
        self.waiters += 1;
        let waiter = WaiterId(self.waiters);
        let route = route.to_person().expect("a route with a sign-in");
        self.step(Event::SignInStarted { waiter, route });
        waiter
    }

    pub(crate) fn cancel(&mut self, route: &Route) {
        let key = route.nodes[0].key.clone();
        self.step(Event::SignInCancelled { key });
    }

    /// The calls that were begun last.
    pub(crate) fn calls(&self) -> Vec<Call> {
        let call = |effect: &Effect| {
            if let Effect::Call(call) = effect {
                Some((**call).clone())
            } else {
                None
            }
        };
        self.effects.iter().filter_map(call).collect()
    }

    pub(crate) fn finish(&mut self, call: &Call, result: Result<Opened, Failure>) {
        self.step(Event::CallFinished {
            key: call.key.clone(),
            attempt: call.attempt,
            result,
        });
    }

    /// The call brings a token that lasts so long and can be refreshed.
    pub(crate) fn bring(&mut self, lifetime: i64) {
        let call = self.call();
        let opened = self.token(lifetime);
        self.finish(&call, Ok(opened));
    }

    /// A token that lasts so long from now and can be refreshed.
    pub(crate) fn token(&self, lifetime: i64) -> Opened {
        Opened {
            refreshable: true,
            ..Opened::until(Timestamp::from_unix_seconds(self.now + lifetime))
        }
    }

    pub(crate) fn session(&self, route: &Route, index: usize) -> &Session {
        let key = &route.nodes[index].key;
        self.engine.session(key).expect("a known session")
    }

    pub(crate) fn says(&self, wanted: fn(&Effect) -> bool) -> usize {
        self.effects.iter().filter(|effect| wanted(effect)).count()
    }

    pub(crate) fn call(&self) -> Call {
        let mut calls = self.calls();
        let call = calls.pop().expect("a call");
        assert!(calls.is_empty(), "more than one call");
        call
    }

    pub(crate) fn succeed(&mut self, lifetime: i64) {
        let call = self.call();
        self.step(Event::CallFinished {
            key: call.key,
            attempt: call.attempt,
            result: Ok(Opened::until(Timestamp::from_unix_seconds(
                self.now + lifetime,
            ))),
        });
    }

    pub(crate) fn fail(&mut self, kind: FailureKind) {
        let call = self.call();
        self.step(Event::CallFinished {
            key: call.key,
            attempt: call.attempt,
            result: Err(failure(kind)),
        });
    }

    pub(crate) fn tick_after(&mut self, seconds: i64) -> &[Effect] {
        self.now += seconds;
        self.step(Event::Tick)
    }

    pub(crate) fn served(&self) -> usize {
        let served = |effect: &&Effect| matches!(effect, Effect::Serve { .. });
        self.effects.iter().filter(served).count()
    }

    pub(crate) fn refusals(&self) -> Vec<&Refusal> {
        self.effects
            .iter()
            .filter_map(|effect| {
                if let Effect::Refuse { refusal, .. } = effect {
                    Some(refusal)
                } else {
                    None
                }
            })
            .collect()
    }

    pub(crate) fn opened_prompt(&self) -> Option<PromptId> {
        self.effects.iter().find_map(|effect| {
            if let Effect::PromptOpened(id) = effect {
                Some(*id)
            } else {
                None
            }
        })
    }

    pub(crate) fn state(&self, key: &SessionKey) -> SessionState {
        let session = self.engine.session(key).expect("a known session");
        let now = Timestamp::from_unix_seconds(self.now);
        self.engine.state(session, now)
    }
}

pub(crate) fn failure(kind: FailureKind) -> Failure {
    Failure {
        kind,
        message: "refused".to_owned(),
        answered: !matches!(kind, FailureKind::Offline),
        retry_at: None,
    }
}
