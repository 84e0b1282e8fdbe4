//! What the agent would know: calls under way, credentials held, callers not yet answered.

use crate::act::{Act, KINDS, routes};
use crate::check::Cause;
use holdfast_core::chain::{Opening, SessionKey};
use holdfast_core::engine::{
    Call, Engine, Event, Interaction, Opened, Policy, Route, Session, WaiterId,
};
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

pub(crate) struct World {
    pub(crate) engine: Engine,
    pub(crate) now: Timestamp,
    routes: Vec<Route>,
    pub(crate) calls: Vec<Call>,
    pub(crate) held: BTreeMap<SessionKey, Opened>,
    pub(crate) brought: BTreeMap<u64, Opened>,
    /// The attempt that brought what is held or was held last.
    pub(crate) kept: BTreeMap<SessionKey, u64>,
    /// Sign-ins that AWS refused to refresh.
    pub(crate) over: BTreeSet<SessionKey>,
    /// Sessions whose credentials AWS refused.
    pub(crate) doubted: BTreeSet<SessionKey>,
    /// What has to be newer than this when a renewal is served.
    pub(crate) renewals: BTreeMap<WaiterId, BTreeMap<SessionKey, u64>>,
    pub(crate) credential_waiters: BTreeSet<WaiterId>,
    pub(crate) attempt_waiters: BTreeSet<WaiterId>,
    next_waiter: u64,
    pub(crate) prompt: Option<u64>,
}

impl World {
    pub(crate) fn new() -> Self {
        Self {
            engine: Engine::new(Policy::default()),
            now: Timestamp::from_unix_seconds(1_800_000_000),
            routes: routes(),
            calls: Vec::new(),
            held: BTreeMap::new(),
            brought: BTreeMap::new(),
            kept: BTreeMap::new(),
            over: BTreeSet::new(),
            doubted: BTreeSet::new(),
            renewals: BTreeMap::new(),
            credential_waiters: BTreeSet::new(),
            attempt_waiters: BTreeSet::new(),
            next_waiter: 0,
            prompt: None,
        }
    }

    pub(crate) fn act(&mut self, act: Act) {
        let mut cause = Cause::default();
        let Some(event) = self.event(act, &mut cause) else {
            return;
        };
        cause.is_person = matches!(
            event,
            Event::CodeEntered { .. } | Event::SignInStarted { .. }
        );
        cause.is_wish = matches!(event, Event::SignedOut { .. } | Event::Locked);
        if let Event::Rejected { key } = &event {
            cause.rejected = Some(key.clone());
        }
        let effects = self.engine.step(event, self.now);
        self.apply(&effects, &cause);
        self.check_prompt();
    }

    /// Lets everything under way end: then no caller may be left waiting.
    pub(crate) fn finish(&mut self) {
        self.act(Act::Prompters(false));
        for _ in 0..100 {
            if self.calls.is_empty() {
                break;
            }
            self.act(Act::Finish(0, Some((3_600, true)), 0));
        }
        assert!(self.calls.is_empty(), "a loop of calls");
        assert!(
            self.credential_waiters.is_empty() && self.attempt_waiters.is_empty(),
            "a caller was never answered"
        );
    }

    fn waiter(&mut self) -> WaiterId {
        self.next_waiter += 1;
        WaiterId(self.next_waiter)
    }

    /// What the engine is told; `None` when it is nothing after all.
    fn event(&mut self, act: Act, cause: &mut Cause) -> Option<Event> {
        Some(match act {
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
                self.renew(route, with_code, wait_seconds)
            }
            Act::Open(route, duration_seconds) => self.open(route, duration_seconds)?,
            Act::Cancel(route) => Event::SignInCancelled {
                key: self.routes[route].nodes[0].key.clone(),
            },
            Act::Finish(call, lifetime, kind) => {
                if self.calls.is_empty() {
                    return None;
                }
                let call = self.calls.remove(call % self.calls.len());
                let result = self.outcome(&call, lifetime, KINDS[kind], cause);
                Event::CallFinished {
                    key: call.key,
                    attempt: call.attempt,
                    result,
                }
            }
            Act::Restore(route, seconds, refreshable) => self.restore(route, seconds, refreshable),
            Act::HangUp(index) => {
                let waiter = *self.credential_waiters.iter().nth(index)?;
                self.credential_waiters.remove(&waiter);
                Event::CallerGone { waiter }
            }
            Act::Decline => Event::PromptDeclined {
                prompt: self.engine.prompt()?.id,
            },
            Act::Withhold => Event::CodeWithheld {
                prompt: self.engine.prompt()?.id,
                next_code_at: self.now,
            },
            Act::Prompters(available) => Event::PromptersChanged { available },
            Act::Advance(seconds) => {
                self.now = self.now.plus_seconds(seconds);
                return None;
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
        })
    }

    fn renew(&mut self, route: usize, with_code: bool, wait_seconds: u32) -> Event {
        let waiter = self.waiter();
        self.credential_waiters.insert(waiter);
        let route = self.routes[route].clone();
        let person = route.nodes.iter().rposition(|it| it.needs_person());
        let first = match person {
            Some(at) if with_code => at,
            Some(at) => at + 1,
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

    fn open(&mut self, route: usize, duration_seconds: Option<u32>) -> Option<Event> {
        let route = self.routes[route].to_person()?;
        let waiter = self.waiter();
        self.attempt_waiters.insert(waiter);
        let last = route.nodes.last()?;
        Some(if last.step.opening() == Opening::Browser {
            Event::SignInStarted { waiter, route }
        } else {
            Event::CodeEntered {
                waiter,
                route,
                duration_seconds,
            }
        })
    }

    fn outcome(
        &mut self,
        call: &Call,
        lifetime: Option<(u32, bool)>,
        kind: FailureKind,
        cause: &mut Cause,
    ) -> Result<Opened, Failure> {
        let Some((seconds, refreshable)) = lifetime else {
            cause.failed = Some((call.clone(), kind));
            return Err(Failure {
                kind,
                message: "refused".to_owned(),
                answered: true,
                retry_at: None,
            });
        };
        let opened = Opened {
            refreshable,
            ..Opened::until(self.now.plus_seconds(i64::from(seconds)))
        };
        self.brought.insert(call.attempt, opened);
        Ok(opened)
    }

    /// The agent holds what the store had before it says so.
    fn restore(&mut self, route: usize, seconds: i64, refreshable: bool) -> Event {
        let route = &self.routes[route];
        let session = Session::absent(route, 0);
        let key = session.node.key.clone();
        let opened = Opened {
            refreshable: refreshable && session.node.step.opening() == Opening::Browser,
            ..Opened::until(self.now.plus_seconds(seconds))
        };
        let is_of_use = |held: &Opened| held.expires_at > self.now || held.refreshable;
        let is_new = !self.engine.session(&key).is_some_and(|session| {
            session.refreshable() || session.expires_at().is_some_and(|end| end > self.now)
        });
        if is_new && is_of_use(&opened) && !self.engine.is_locked() {
            self.held.insert(key.clone(), opened);
            self.kept.insert(key.clone(), 0);
            self.over.remove(&key);
        }
        Event::Restored {
            session: Box::new(session),
            opened,
        }
    }
}
