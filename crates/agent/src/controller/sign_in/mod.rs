//! Signing in with the browser, or on another device: what is under way, for whom, and how it goes on.

mod console;
mod device;
mod end;
mod flow;
mod pkce;
mod requests;
mod view;

pub(super) use console::DEFAULT_REGION;
pub(super) use flow::{Answered, CallId, Exchanged, Prepared};
pub(super) use requests::portal_chain;

use super::Controller;
use super::calls::Brought;
use super::tasks::Done;
use crate::listener::{Caller, ReplySender};
use crate::portals::PortalId;
use crate::vault::PortalSession;
use flow::{BrowserReturn, Exchange, Page, Waiting};
use holdfast_agent_proto::AgentError;
use holdfast_agent_proto::view::SignInMethod;
use holdfast_core::chain::{Chain, SessionKey};
use holdfast_core::engine::{Call, WaiterId};
use holdfast_core::failure::Failure;
use holdfast_core::port::Aws;
use holdfast_core::sso::Portal;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// Sign-ins whose end is remembered for a client that asks a moment too late.
const REMEMBERED: usize = 16;

/// The sign-ins that are under way, by their numbers, and those that have just ended.
#[derive(Default)]
pub(super) struct SignIns {
    last: u64,
    running: BTreeMap<u64, SignIn>,
    ended: VecDeque<(u64, Result<Outcome, AgentError>)>,
    /// Sign-ins that go on under another number: the person wanted them on another device, or on this one.
    moved: VecDeque<(u64, u64)>,
}

/// A sign-in that is under way.
pub(super) struct SignIn {
    key: SessionKey,
    /// The engine's name for it.
    waiter: WaiterId,
    attempt: Option<u64>,
    method: SignInMethod,
    /// The chain that it was begun for; of a portal alone when no profile was named.
    chain: Arc<Chain>,
    caller: Arc<Caller>,
    page: Option<Page>,
    answered: bool,
    /// Clients that wait for the page.
    starting: Vec<ReplySender>,
    /// Clients that wait for the end.
    awaiting: Vec<Awaiting>,
}

/// A client that waits for the end of a sign-in.
struct Awaiting {
    caller: Arc<Caller>,
    replies: ReplySender,
    /// Hanging up ends the sign-in.
    or_cancel: bool,
}

/// What a sign-in opened, and for what.
#[derive(Clone)]
struct Outcome {
    key: SessionKey,
    chain: Arc<Chain>,
}

impl SignIns {
    /// The engine called for a sign-in: the call, and how the person wants to sign in.
    fn begun(&mut self, call: &Call) -> (CallId, SignInMethod) {
        let id = CallId {
            key: call.key.clone(),
            attempt: call.attempt,
        };
        let method = match self.by_key(&id.key) {
            Some((_, sign_in)) => {
                sign_in.attempt = Some(id.attempt);
                sign_in.method
            }
            None => SignInMethod::Browser,
        };
        (id, method)
    }

    fn by_key(&mut self, key: &SessionKey) -> Option<(u64, &mut SignIn)> {
        let mut running = self.running.iter_mut();
        running.find_map(|(id, it)| (it.key == *key).then_some((*id, it)))
    }

    fn by_attempt(&mut self, attempt: u64) -> Option<&mut SignIn> {
        let mut running = self.running.values_mut();
        running.find(|it| it.attempt == Some(attempt))
    }

    fn take(&mut self, waiter: WaiterId) -> Option<(u64, SignIn)> {
        let mut running = self.running.iter();
        let id = running.find_map(|(id, it)| (it.waiter == waiter).then_some(*id))?;
        self.running.remove(&id).map(|it| (id, it))
    }

    fn remember(&mut self, id: u64, outcome: Result<Outcome, AgentError>) {
        self.ended.truncate(REMEMBERED - 1);
        self.ended.push_front((id, outcome));
    }
}

impl<S: Aws> Controller<S> {
    /// Who signs in to a session now, and for which profile.
    pub(super) fn who_signs_in(&self, key: &SessionKey) -> Option<(Arc<Caller>, String)> {
        let mut running = self.sign_ins.running.values();
        let sign_in = running.find(|it| it.key == *key)?;
        Some((Arc::clone(&sign_in.caller), sign_in.chain.profile.clone()))
    }

    /// Whether a call is a sign-in of a person.
    pub(super) fn is_sign_in(&self, attempt: u64) -> bool {
        let mut running = self.sign_ins.running.values();
        running.any(|it| it.attempt == Some(attempt))
    }

    /// The engine wants a person to sign in to a portal: makes a page ready.
    pub(super) fn begin_portal_sign_in(&mut self, call: Call, portal: Portal) {
        let (id, method) = self.sign_ins.begun(&call);
        let with_redirect = method == SignInMethod::Browser;
        let now = self.now();
        let client = self.portals.client(&portal, with_redirect, now);
        let aws = Arc::clone(&self.aws);
        self.run_stage(id.clone(), async move {
            let prepared = match method {
                SignInMethod::Browser => flow::prepare_browser(&*aws, portal, client, now).await,
                SignInMethod::Device => device::prepare(&*aws, portal, client, now).await,
            };
            match prepared {
                Ok(prepared) => Done::SignInPrepared(id, Box::new(prepared)),
                Err(failure) => id.failed(failure),
            }
        });
    }

    /// Runs one stage of a sign-in. It is ended with the call that the sign-in is.
    pub(super) fn run_stage(
        &mut self,
        id: CallId,
        stage: impl Future<Output = Done> + Send + 'static,
    ) {
        let handle = self.tasks.spawn(stage);
        self.calls.insert(id.attempt, handle);
    }

    /// A page is ready: tells whoever wants to open it, and waits for the person.
    pub(super) fn sign_in_prepared(&mut self, id: CallId, prepared: Prepared) {
        if let Some((portal, client)) = self.portal_of(&id.key).zip(prepared.client) {
            self.portals.keep_client(PortalId::of(&portal), client);
            self.save();
        }
        let Some(sign_in) = self.sign_ins.by_attempt(id.attempt) else {
            return;
        };
        sign_in.page = Some(prepared.page);
        sign_in.answered = false;
        self.tell_page(&id.key);
        match prepared.waiting {
            Waiting::Browser(returning) => {
                let BrowserReturn {
                    callback,
                    serving,
                    exchange,
                } = returning;
                self.tasks.spawn(async move {
                    serving.await;
                    Done::LoopbackClosed
                });
                self.run_stage(id.clone(), flow::browser_returned(id, callback, exchange));
            }
            Waiting::Device(device) => {
                let aws = Arc::clone(&self.aws);
                let clock = Arc::clone(&self.clock);
                self.run_stage(id.clone(), async move {
                    let token = device::token(&*aws, device).await;
                    let session = token.map(|(token, client)| {
                        PortalSession::new(token, Some(client), clock.now())
                    });
                    id.finished(session)
                });
            }
        }
        self.tell_status();
    }

    /// The browser came back: exchanges what it brought.
    pub(super) fn sign_in_answered(&mut self, id: CallId, answered: Answered) {
        if let Some(sign_in) = self.sign_ins.by_attempt(id.attempt) {
            sign_in.answered = true;
        }
        let Answered {
            callback,
            exchange,
            code,
        } = answered;
        let aws = Arc::clone(&self.aws);
        let clock = Arc::clone(&self.clock);
        match exchange {
            Exchange::Console(exchange) => self.run_stage(id.clone(), async move {
                let now = clock.now();
                Done::Call {
                    key: id.key,
                    attempt: id.attempt,
                    result: console::exchange_code(&*aws, callback, exchange, code, now).await,
                }
            }),
            Exchange::Portal(exchange) => self.run_stage(id.clone(), async move {
                let now = clock.now();
                match flow::exchange_code(&*aws, callback, exchange, code, now).await {
                    Ok(Exchanged::Token(token, client)) => {
                        let session = PortalSession::new(token, Some(client), clock.now());
                        id.finished(Ok(session))
                    }
                    Ok(Exchanged::Again(prepared)) => Done::SignInPrepared(id, Box::new(prepared)),
                    Err(failure) => id.failed(failure),
                }
            }),
        }
        self.tell_status();
    }
}

impl CallId {
    /// The end of the sign-in to a portal.
    fn finished(self, session: Result<PortalSession, Failure>) -> Done {
        Done::Call {
            key: self.key,
            attempt: self.attempt,
            result: session.map(Brought::portal),
        }
    }
}
