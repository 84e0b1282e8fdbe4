//! Random histories of the session engine, checked against its invariants.

use holdfast_core::chain::{Chain, KeyLocation, SessionKey, Source, Step};
use holdfast_core::endpoint::EndpointSettings;
use holdfast_core::engine::{
    Effect, Engine, Event, Interaction, Opened, Policy, Route, SERVE_MARGIN_SECONDS, WaiterId,
};
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::time::Timestamp;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const KINDS: [FailureKind; 12] = [
    FailureKind::WrongCode,
    FailureKind::MfaMissing,
    FailureKind::KeyInactive,
    FailureKind::SessionEnded,
    FailureKind::Denied,
    FailureKind::InvalidRequest,
    FailureKind::ClockSkew,
    FailureKind::Throttled,
    FailureKind::Offline,
    FailureKind::Intercepted,
    FailureKind::Server,
    FailureKind::SourceUnavailable,
];

fn role(name: &str, mfa_serial: Option<&str>) -> Step {
    Step::AssumeRole {
        role_arn: format!("arn:aws:iam::222233334444:role/{name}"),
        role_session_name: None,
        external_id: None,
        source_identity: None,
        duration_seconds: None,
        mfa_serial: mfa_serial.map(str::to_owned),
    }
}

fn mfa(user: &str) -> Step {
    Step::GetSessionToken {
        mfa_serial: format!("arn:aws:iam::111122223333:mfa/{user}"),
        duration_seconds: None,
    }
}

/// Three roles and a role chain behind one MFA session, a role with the code in its own call,
/// a second device, and a role that needs no MFA.
fn routes() -> Vec<Route> {
    [
        ("a", "user", vec![mfa("user"), role("A", None)]),
        ("b", "user", vec![mfa("user"), role("B", None)]),
        (
            "c",
            "user",
            vec![mfa("user"), role("B", None), role("C", None)],
        ),
        ("user", "user", vec![mfa("user")]),
        (
            "long",
            "user",
            vec![role("Long", Some("arn:aws:iam::111122223333:mfa/user"))],
        ),
        ("other", "second", vec![mfa("second"), role("A", None)]),
        ("plain", "third", vec![role("Plain", None)]),
    ]
    .into_iter()
    .map(|(profile, user, steps)| {
        Route::of(&Chain {
            profile: profile.to_owned(),
            region: None,
            endpoint: EndpointSettings::default(),
            source: Source::AccessKey {
                access_key_id: format!("AKIA{user}"),
                profile: user.to_owned(),
                location: KeyLocation::Keychain,
            },
            steps,
            problems: Vec::new(),
        })
        .expect("a chain with steps")
    })
    .collect()
}

#[derive(Clone, Debug)]
enum Act {
    Request(usize, u8, u32),
    Renew(usize, bool, u32),
    EnterCode(usize, Option<u32>),
    Finish(usize, Option<u32>, usize),
    HangUp(usize),
    Decline,
    Withhold,
    Prompters(bool),
    Advance(i64),
    Tick,
    SignOut(usize),
    Reject(usize),
    Policy(u32),
    Lock,
    Unlock,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => (0..7_usize, 0..3_u8, 0..200_u32).prop_map(|(r, i, w)| Act::Request(r, i, w)),
        2 => (0..7_usize, any::<bool>(), 0..200_u32).prop_map(|(r, c, w)| Act::Renew(r, c, w)),
        3 => (0..7_usize, prop::option::of(900..40_000_u32)).prop_map(|(r, d)| Act::EnterCode(r, d)),
        6 => (0..8_usize, prop::option::of(1..5_000_u32), 0..KINDS.len())
            .prop_map(|(c, l, k)| Act::Finish(c, l, k)),
        1 => (0..8_usize).prop_map(Act::HangUp),
        1 => Just(Act::Decline),
        1 => Just(Act::Withhold),
        1 => any::<bool>().prop_map(Act::Prompters),
        3 => prop_oneof![-400_000_000..400_000_000_i64, 1..4_000_i64].prop_map(Act::Advance),
        4 => Just(Act::Tick),
        1 => (0..7_usize).prop_map(Act::SignOut),
        1 => (0..7_usize).prop_map(Act::Reject),
        1 => (1..900_u32).prop_map(Act::Policy),
        1 => Just(Act::Lock),
        1 => Just(Act::Unlock),
    ]
}

/// What the agent would know: calls under way, credentials held, callers not yet answered.
struct World {
    engine: Engine,
    now: Timestamp,
    routes: Vec<Route>,
    calls: Vec<(SessionKey, u64)>,
    held: BTreeMap<SessionKey, Timestamp>,
    brought: BTreeMap<u64, Timestamp>,
    /// The attempt that brought what is held or was held last.
    kept: BTreeMap<SessionKey, u64>,
    /// What has to be newer than this when a renewal is served.
    renewals: BTreeMap<WaiterId, BTreeMap<SessionKey, u64>>,
    credential_waiters: BTreeSet<WaiterId>,
    attempt_waiters: BTreeSet<WaiterId>,
    next_waiter: u64,
    prompt: Option<u64>,
}

impl World {
    fn new() -> Self {
        Self {
            engine: Engine::new(Policy::default()),
            now: Timestamp::from_unix_seconds(1_800_000_000),
            routes: routes(),
            calls: Vec::new(),
            held: BTreeMap::new(),
            brought: BTreeMap::new(),
            kept: BTreeMap::new(),
            renewals: BTreeMap::new(),
            credential_waiters: BTreeSet::new(),
            attempt_waiters: BTreeSet::new(),
            next_waiter: 0,
            prompt: None,
        }
    }

    fn waiter(&mut self) -> WaiterId {
        self.next_waiter += 1;
        WaiterId(self.next_waiter)
    }

    fn act(&mut self, act: Act) {
        let mut failed = None;
        let event = match act {
            Act::Request(route, interaction, wait_seconds) => {
                let waiter = self.waiter();
                self.credential_waiters.insert(waiter);
                Event::Requested {
                    waiter,
                    route: self.routes[route].clone(),
                    interaction: [
                        Interaction::Terminal,
                        Interaction::Background,
                        Interaction::Never,
                    ][usize::from(interaction)],
                    wait_seconds,
                }
            }
            Act::Renew(route, with_code, wait_seconds) => {
                let waiter = self.waiter();
                self.credential_waiters.insert(waiter);
                let route = self.routes[route].clone();
                let mfa = route.nodes.iter().rposition(|it| it.mfa_serial().is_some());
                let first = match mfa {
                    Some(mfa) if with_code => mfa,
                    Some(mfa) => mfa + 1,
                    None => 0,
                };
                let old = route.nodes[first..].iter().map(|node| {
                    let attempt = self.kept.get(&node.key).copied().unwrap_or(0);
                    (node.key.clone(), attempt)
                });
                self.renewals.insert(waiter, old.collect());
                Event::RenewalRequested {
                    waiter,
                    route,
                    with_code,
                    wait_seconds,
                }
            }
            Act::EnterCode(route, duration_seconds) => {
                let Some(route) = self.routes[route].to_person() else {
                    return;
                };
                let waiter = self.waiter();
                self.attempt_waiters.insert(waiter);
                Event::CodeEntered {
                    waiter,
                    route,
                    duration_seconds,
                }
            }
            Act::Finish(call, lifetime, kind) => {
                if self.calls.is_empty() {
                    return;
                }
                let (key, attempt) = self.calls.remove(call % self.calls.len());
                let result = match lifetime {
                    Some(seconds) => {
                        let expires_at = self.now.plus_seconds(i64::from(seconds));
                        self.brought.insert(attempt, expires_at);
                        Ok(expires_at)
                    }
                    None => {
                        failed = Some(KINDS[kind]);
                        Err(Failure {
                            kind: KINDS[kind],
                            message: "refused".to_owned(),
                            answered: true,
                            retry_at: None,
                        })
                    }
                };
                Event::CallFinished {
                    key,
                    attempt,
                    result: result.map(Opened::until),
                }
            }
            Act::HangUp(index) => {
                let Some(waiter) = self.credential_waiters.iter().nth(index).copied() else {
                    return;
                };
                self.credential_waiters.remove(&waiter);
                Event::CallerGone { waiter }
            }
            Act::Decline => match self.engine.prompt() {
                Some(prompt) => Event::PromptDeclined { prompt: prompt.id },
                None => return,
            },
            Act::Withhold => match self.engine.prompt() {
                Some(prompt) => Event::CodeWithheld {
                    prompt: prompt.id,
                    next_code_at: self.now,
                },
                None => return,
            },
            Act::Prompters(available) => Event::PromptersChanged { available },
            Act::Advance(seconds) => {
                self.now = self.now.plus_seconds(seconds);
                return;
            }
            Act::Tick => Event::Tick,
            Act::SignOut(route) => Event::SignedOut {
                keys: self.routes[route]
                    .nodes
                    .iter()
                    .map(|node| node.key.clone())
                    .collect(),
            },
            Act::Reject(route) => Event::Rejected {
                key: self.routes[route].nodes[0].key.clone(),
            },
            Act::Policy(seconds) => Event::PolicyChanged {
                policy: Policy {
                    notice_seconds: vec![seconds],
                    decline_seconds: i64::from(seconds),
                    ..Policy::default()
                },
            },
            Act::Lock => Event::Locked,
            Act::Unlock => Event::Unlocked,
        };
        let forgets_by_wish = matches!(
            event,
            Event::SignedOut { .. } | Event::Rejected { .. } | Event::Locked
        );
        let effects = self.engine.step(event, self.now);
        self.apply(&effects, failed, forgets_by_wish);
        self.check_prompt();
    }

    fn apply(&mut self, effects: &[Effect], failed: Option<FailureKind>, by_wish: bool) {
        for effect in effects {
            match effect {
                Effect::Call(call) => {
                    assert!(!self.engine.is_locked(), "a call while locked");
                    assert!(
                        self.calls.iter().all(|(key, _)| *key != call.key),
                        "invariant 1: two refreshes of one session at once"
                    );
                    self.calls.push((call.key.clone(), call.attempt));
                }
                Effect::Keep { key, attempt } => {
                    let expires_at = self.brought.remove(attempt).expect("kept what was brought");
                    self.held.insert(key.clone(), expires_at);
                    self.kept.insert(key.clone(), *attempt);
                }
                Effect::Abandon { attempt } => {
                    self.brought.remove(attempt);
                    self.calls.retain(|(_, other)| other != attempt);
                }
                Effect::Forget { key } => {
                    let expires_at = self.held.remove(key);
                    if !by_wish && failed != Some(FailureKind::SessionEnded) {
                        assert!(
                            expires_at.is_none_or(|expires_at| expires_at <= self.now),
                            "invariant 7: a failure deleted a valid session"
                        );
                    }
                }
                Effect::Serve { waiter, key } => {
                    assert!(!self.engine.is_locked(), "invariant 3: served while locked");
                    if self.attempt_waiters.remove(waiter) {
                        assert!(self.held.contains_key(key));
                        continue;
                    }
                    assert!(self.credential_waiters.remove(waiter), "answered twice");
                    for (key, old) in self.renewals.remove(waiter).unwrap_or_default() {
                        assert!(
                            self.kept.get(&key).is_some_and(|attempt| *attempt > old),
                            "a renewal was served what was there before"
                        );
                    }
                    let left = self.held[key].seconds_since(self.now);
                    assert!(
                        left >= SERVE_MARGIN_SECONDS,
                        "invariant 2: served with {left} s left"
                    );
                }
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
                Effect::SignedOutByAws { .. } => {
                    assert_eq!(failed, Some(FailureKind::SessionEnded));
                }
            }
        }
    }

    /// Invariant 5: a prompt is there exactly while a caller waits for it.
    fn check_prompt(&self) {
        let prompt = self.engine.prompt();
        assert_eq!(prompt.map(|prompt| prompt.id.0), self.prompt);
        if let Some(prompt) = prompt {
            let answering = self.calls.iter().any(|(key, _)| *key == prompt.key);
            assert!(!prompt.callers.is_empty());
            assert!(
                answering || !self.engine.callers_for(&prompt.key, self.now).is_empty(),
                "a prompt that nobody waits for"
            );
        }
    }

    /// Lets everything under way end: then no caller may be left waiting.
    fn finish(&mut self) {
        self.act(Act::Prompters(false));
        for _ in 0..100 {
            if self.calls.is_empty() {
                break;
            }
            self.act(Act::Finish(0, Some(3_600), 0));
        }
        assert!(self.calls.is_empty(), "a loop of calls");
        assert!(
            self.credential_waiters.is_empty() && self.attempt_waiters.is_empty(),
            "a caller was never answered"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn invariants_hold_in_every_history(acts in prop::collection::vec(act(), 1..80)) {
        let mut world = World::new();
        for act in acts {
            world.act(act);
        }
        world.finish();
    }
}
