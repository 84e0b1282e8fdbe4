//! Requests of persons that begin, await and end sign-ins.

use super::super::Controller;
use super::super::requests::Asked;
use super::{Awaiting, SignIn};
use crate::explain;
use crate::listener::{Caller, ReplySender};
use holdfast_agent_proto::view::SignInMethod;
use holdfast_agent_proto::{AgentError, ErrorCode, Reply, SignInTarget};
use holdfast_aws_files::sso::normalized_start_url;
use holdfast_core::chain::{Chain, Opening, SessionKey, Source, Step};
use holdfast_core::endpoint::EndpointSettings;
use holdfast_core::engine::{Event, PromptId, Route};
use holdfast_core::port::Aws;
use holdfast_core::sso::{ACCOUNT_ACCESS, Portal};
use holdfast_settings::DeviceCode;
use std::sync::Arc;

impl<S: Aws> Controller<S> {
    /// A person wants to sign in.
    pub(in super::super) fn sign_in(
        &mut self,
        caller: &Arc<Caller>,
        target: SignInTarget,
        method: SignInMethod,
        replies: ReplySender,
    ) {
        match self.chain_of(caller, target) {
            Ok(chain) => self.start_sign_in(caller, Arc::new(chain), method, replies),
            Err(told) => {
                self.note_refused(caller, None, None, &told);
                replies.error(told);
            }
        }
    }

    /// The chain that the person wants to sign in for.
    fn chain_of(&mut self, caller: &Caller, target: SignInTarget) -> Result<Chain, AgentError> {
        match target {
            SignInTarget::Profile(profile) => {
                self.chain(caller, &profile).map(|chain| (*chain).clone())
            }
            SignInTarget::Prompt(id) => {
                let open = self.engine.prompt().filter(|it| it.id == PromptId(id));
                let key = open.map(|open| open.key.clone());
                key.and_then(|key| self.chain_to_prompted(&key))
                    .ok_or_else(|| {
                        AgentError::new(ErrorCode::NotFound, "this prompt is no longer open")
                    })
            }
            SignInTarget::Portal { start_url, region } => portal_chain(&start_url, region),
        }
    }

    /// The chain to the session of a prompt, in the name of one of its profiles.
    fn chain_to_prompted(&self, key: &SessionKey) -> Option<Chain> {
        let profiles = &self.engine.session(key)?.profiles;
        let chain = self.chain_to(key)?;
        Some(Chain {
            profile: profiles.first().cloned().unwrap_or_default(),
            ..chain
        })
    }

    fn start_sign_in(
        &mut self,
        caller: &Arc<Caller>,
        chain: Arc<Chain>,
        method: SignInMethod,
        replies: ReplySender,
    ) {
        let Some(route) = Route::of(&chain).and_then(|route| to_browser(&route)) else {
            return replies.error(explain::no_browser_sign_in(&chain.profile));
        };
        if self.engine.is_locked() {
            return replies.error(explain::locked());
        }
        let is_forbidden = self.preferences.settings().sso.device_code == DeviceCode::Never;
        if method == SignInMethod::Device && is_forbidden {
            return replies.error(explain::device_code_forbidden());
        }
        let key = route.nodes[route.nodes.len() - 1].key.clone();
        let mut awaiting = Vec::new();
        if let Some((id, running)) = self.sign_ins.by_key(&key) {
            if running.method == method {
                running.starting.push(replies);
                return self.tell_page(&key);
            }
            // The person wants it the other way: who waits goes on waiting.
            if let Some(running) = self.sign_ins.running.remove(&id) {
                awaiting = running.awaiting;
                self.sign_ins.moved(id, self.sign_ins.last + 1);
            }
            self.step(Event::SignInCancelled { key: key.clone() });
        }
        self.sign_ins.last += 1;
        let waiter = self.next_waiter();
        let sign_in = SignIn {
            key,
            waiter,
            attempt: None,
            method,
            chain,
            caller: Arc::clone(caller),
            page: None,
            answered: false,
            starting: vec![replies],
            awaiting,
        };
        self.sign_ins.running.insert(self.sign_ins.last, sign_in);
        self.step(Event::SignInStarted { waiter, route });
    }

    /// A client waits for the end of a sign-in.
    pub(in super::super) fn await_sign_in(
        &mut self,
        caller: &Arc<Caller>,
        id: u64,
        or_cancel: bool,
        replies: ReplySender,
    ) {
        let id = self.sign_ins.current(id);
        let awaiting = Awaiting {
            caller: Arc::clone(caller),
            replies,
            or_cancel,
        };
        if let Some(running) = self.sign_ins.running.get_mut(&id) {
            running.awaiting.push(awaiting);
            return;
        }
        let mut ended = self.sign_ins.ended.iter();
        match ended.find(|(ended, _)| *ended == id) {
            Some((_, outcome)) => self.tell_outcome(awaiting, outcome.clone()),
            None => awaiting.replies.error(no_such_sign_in()),
        }
    }

    /// The person does not want to go on.
    pub(in super::super) fn cancel_sign_in(&mut self, id: u64) -> Result<Reply, AgentError> {
        let id = self.sign_ins.current(id);
        let running = self.sign_ins.running.get(&id).ok_or_else(no_such_sign_in)?;
        let key = running.key.clone();
        self.doubt_client(id);
        self.step(Event::SignInCancelled { key });
        Ok(Reply::Done)
    }

    /// A client hung up: it awaits nothing any more, and may have been the one that a sign-in was for.
    pub(in super::super) fn leave_sign_ins(&mut self, connection: u64) {
        let mut left = Vec::new();
        for (id, running) in &mut self.sign_ins.running {
            let gone = |it: &Awaiting| it.caller.connection == connection;
            let ends = running.awaiting.iter().any(|it| gone(it) && it.or_cancel);
            running.awaiting.retain(|it| !gone(it));
            if ends && running.awaiting.is_empty() {
                left.push(*id);
            }
        }
        for id in left {
            let _ = self.cancel_sign_in(id);
        }
    }

    /// Begins a request in the name of a sign-in's chain.
    pub(super) fn asked_of(chain: &Arc<Chain>, awaiting: Awaiting) -> Asked {
        Asked {
            caller: awaiting.caller,
            profile: chain.profile.clone(),
            chain: Arc::clone(chain),
            replies: awaiting.replies,
        }
    }
}

/// The way to the first session that is signed in to with the browser.
pub(in super::super) fn to_browser(route: &Route) -> Option<Route> {
    let is_browser = |node: &holdfast_core::engine::Node| node.step.opening() == Opening::Browser;
    let index = route.nodes.iter().position(is_browser)?;
    Some(Route {
        nodes: route.nodes[..=index].to_vec(),
        ..route.clone()
    })
}

/// A portal that no profile need name.
pub(in super::super) fn portal_chain(start_url: &str, region: String) -> Result<Chain, AgentError> {
    let start_url =
        normalized_start_url(start_url).map_err(|error| explain::not_a_start_url(&error))?;
    let portal = Portal {
        start_url,
        region,
        scopes: vec![ACCOUNT_ACCESS.to_owned()],
        endpoint: EndpointSettings::default(),
    };
    Ok(Chain {
        profile: String::new(),
        region: None,
        endpoint: EndpointSettings::default(),
        source: Source::Portal {
            portal,
            profile: String::new(),
        },
        steps: vec![Step::SignIn],
        problems: Vec::new(),
    })
}

fn no_such_sign_in() -> AgentError {
    AgentError::new(ErrorCode::NotFound, "this sign-in is no longer under way")
}
