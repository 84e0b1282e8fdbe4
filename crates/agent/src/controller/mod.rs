//! The controller: one task that owns all state of the agent. Listeners, timers and calls to AWS
//! only send it messages.

mod activity;
mod answers;
mod beside;
mod calls;
mod cli_cache;
mod console;
mod discovery;
mod effects;
mod endpoint;
mod keys;
mod login;
mod opened;
mod prompts;
mod renew;
mod repositories;
mod requests;
mod revoke;
mod settings;
mod sign_in;
mod storage;
mod surroundings;
mod tasks;
mod throttle;
mod views;
mod which_profile;

pub use settings::Preferences;

use crate::activity::Activity;
use crate::alarm::Alarm;
use crate::launcher::{Caches, Launcher};
use crate::listener::{Caller, EventSender, ReplySender};
use crate::portals::Portals;
use crate::profiles::{KeychainIndex, ProfileFiles};
use crate::vault::Vault;
use holdfast_agent_proto::{Event as Told, Request};
use holdfast_aws::ServerClock;
use holdfast_aws_files::login_cache::Version;
use holdfast_core::chain::SessionKey;
use holdfast_core::engine::{Engine, Event, WaiterId};
use holdfast_core::port::Aws;
use holdfast_core::time::Timestamp;
use holdfast_core::totp_ledger::TotpLedger;
use holdfast_keychain::Keychain;
use requests::Pending;
use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tasks::Done;
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinSet};

/// How often expiry is looked at, whatever the timers of a suspended machine did.
const TICK: Duration = Duration::from_secs(30);

/// How long saving may take when the agent ends.
const END_WITHIN: Duration = Duration::from_secs(1);

/// What reaches the controller from outside.
pub enum Message {
    /// A client asks.
    Request {
        /// Who.
        caller: Arc<Caller>,
        /// What. Boxed, because requests differ much in size.
        request: Box<Request>,
        /// Where the answer goes.
        replies: ReplySender,
    },
    /// A client hung up.
    Disconnected(u64),
    /// The agent has to end.
    Stop,
}

/// What the controller is made of.
pub struct Parts<S> {
    /// What the user decided.
    pub preferences: Preferences,
    /// The keychain.
    pub keychain: Keychain,
    /// The file of the sealed store.
    pub store_file: PathBuf,
    /// AWS.
    pub aws: S,
    /// AWS's clock as far as it is known.
    pub clock: Arc<ServerClock>,
    /// Starts programs and writes the AWS CLI's caches, which the agent itself may not.
    pub(crate) launcher: Launcher,
    /// The AWS CLI's caches.
    pub(crate) caches: Caches,
    /// Keeps what happens.
    pub activity: Activity,
    /// Whether clients still find this agent. Looked at now and then; it ends when they do not.
    pub is_reachable: Box<dyn Fn() -> bool + Send>,
}

/// All state of the agent.
pub struct Controller<S> {
    engine: Engine,
    preferences: Preferences,
    vault: Vault,
    ledger: TotpLedger,
    files: ProfileFiles,
    keys: KeychainIndex,
    keychain: Keychain,
    discovery: discovery::Discovery,
    storage: storage::Storage,
    /// Which profiles were chosen for repositories.
    memory: which_profile::Memory,
    choices: which_profile::Choices,
    aws: Arc<S>,
    clock: Arc<ServerClock>,
    launcher: Launcher,
    caches: Caches,
    pending: BTreeMap<WaiterId, Pending>,
    openers: opened::Openers,
    last_waiter: u64,
    /// The session that last signed a password for a repository, by the repository's URL.
    signed: HashMap<String, SessionKey>,
    subscribers: HashMap<u64, Subscriber>,
    tasks: JoinSet<Done>,
    calls: HashMap<u64, AbortHandle>,
    codes: calls::Codes,
    portals: Portals,
    sign_ins: sign_in::SignIns,
    repositories: repositories::Repositories,
    surroundings: surroundings::Surroundings,
    /// The AWS CLI's sign-ins to the console that were taken over.
    adopted: HashMap<SessionKey, Version>,
    online: Option<bool>,
    /// Requests that came before the stored sessions were read.
    early: Option<Vec<Message>>,
    activity: Activity,
    is_reachable: Box<dyn Fn() -> bool + Send>,
    stopping: bool,
}

/// A client that is told what happens.
struct Subscriber {
    events: EventSender,
    prompts: bool,
}

impl<S: Aws> Controller<S> {
    /// A controller that has read nothing yet.
    pub fn new(parts: Parts<S>) -> Self {
        Self {
            engine: Engine::new(parts.preferences.policy()),
            preferences: parts.preferences,
            vault: Vault::default(),
            ledger: TotpLedger::default(),
            files: ProfileFiles::default(),
            keys: KeychainIndex::default(),
            keychain: parts.keychain,
            discovery: discovery::Discovery::beside(&parts.store_file),
            memory: which_profile::Memory::beside(&parts.store_file),
            choices: which_profile::Choices::default(),
            repositories: repositories::Repositories::beside(&parts.store_file),
            storage: storage::Storage::closed(parts.store_file),
            aws: Arc::new(parts.aws),
            clock: parts.clock,
            launcher: parts.launcher,
            caches: parts.caches,
            pending: BTreeMap::new(),
            openers: opened::Openers::new(),
            last_waiter: 0,
            signed: HashMap::new(),
            subscribers: HashMap::new(),
            tasks: JoinSet::new(),
            calls: HashMap::new(),
            codes: calls::Codes::default(),
            portals: Portals::default(),
            sign_ins: sign_in::SignIns::default(),
            surroundings: surroundings::Surroundings::default(),
            adopted: HashMap::new(),
            online: None,
            early: Some(Vec::new()),
            activity: parts.activity,
            is_reachable: parts.is_reachable,
            stopping: false,
        }
    }

    /// Runs until it is told to stop or no listener is left, and then keeps what is to be kept.
    ///
    /// # Errors
    /// When the system gives no timer, without which nothing would be renewed.
    pub async fn run(mut self, mut inbox: mpsc::Receiver<Message>) -> io::Result<()> {
        let mut alarm = Alarm::new()?;
        self.open_storage();
        let mut next_tick = Instant::now() + TICK;
        while !self.stopping {
            let wake = self.wake_at(next_tick);
            tokio::select! {
                message = inbox.recv() => match message {
                    Some(message) => self.receive(message),
                    None => break,
                },
                Some(done) = self.tasks.join_next() => {
                    if let Ok(done) = done {
                        self.finished(done);
                    }
                }
                () = self.activity.changed() => self.tell_status(),
                rung = alarm.wait(wake.saturating_duration_since(Instant::now())) => {
                    rung?;
                    next_tick = Instant::now() + TICK;
                    self.tick();
                }
            }
            self.tell_changed_profiles();
        }
        // A stuck disk must not keep the agent from ending.
        let keeping = async {
            self.activity.close().await;
            self.finish_stores().await;
        };
        let _ = tokio::time::timeout(END_WITHIN, keeping).await;
        Ok(())
    }

    /// The next tick, or earlier when a caller's patience ends before.
    fn wake_at(&self, next_tick: Instant) -> Instant {
        let deadlines = [self.engine.next_deadline(), self.choices.next_deadline()];
        let patience = deadlines
            .into_iter()
            .flatten()
            .min()
            .map(|deadline| deadline.seconds_since(self.now()));
        match patience.map(|seconds| u64::try_from(seconds).unwrap_or(0)) {
            Some(seconds) if seconds < TICK.as_secs() => {
                next_tick.min(Instant::now() + Duration::from_secs(seconds + 1))
            }
            _ => next_tick,
        }
    }

    /// AWS's time, as far as it is known.
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn receive(&mut self, message: Message) {
        match message {
            Message::Stop => self.stopping = true,
            Message::Disconnected(connection) => self.disconnected(connection),
            Message::Request {
                caller,
                request,
                replies,
            } => match &mut self.early {
                // Without the stored sessions, a code would be asked for that is not needed.
                Some(early) if !answers_early(&request) => early.push(Message::Request {
                    caller,
                    request,
                    replies,
                }),
                _ => self.request(&caller, *request, replies),
            },
        }
    }

    /// Lets the requests that came early through, once the store was read or cannot be.
    fn admit_early(&mut self) {
        for message in self.early.take().unwrap_or_default() {
            self.receive(message);
        }
    }

    fn tick(&mut self) {
        if !(self.is_reachable)() {
            tracing::info!("the socket is gone");
            self.stopping = true;
        }
        self.retry_storage();
        self.conclude_overdue();
        self.expire_choices();
        self.files.tick();
        self.notice_settings();
        self.step(Event::Tick);
    }

    fn step(&mut self, event: Event) {
        let effects = self.engine.step(event, self.now());
        if !effects.is_empty() {
            self.apply(effects);
        }
    }

    fn disconnected(&mut self, connection: u64) {
        if let Some(early) = &mut self.early {
            early.retain(|message| {
                !matches!(message, Message::Request { caller, .. } if caller.connection == connection)
            });
        }
        if self.subscribers.remove(&connection).is_some() {
            self.activity.leave(connection);
            self.prompters_changed();
        }
        self.leave_sign_ins(connection);
        self.leave_choices(connection);
        self.leave_discovery(connection);
        let gone: Vec<WaiterId> = self
            .pending
            .iter()
            .filter(|(_, pending)| pending.is_of(connection))
            .map(|(waiter, _)| *waiter)
            .collect();
        for waiter in gone {
            self.pending.remove(&waiter);
            self.step(Event::CallerGone { waiter });
        }
    }

    fn prompters_changed(&mut self) {
        let available = self.subscribers.values().any(|client| client.prompts);
        if !available {
            self.refuse_choices(None);
        }
        self.step(Event::PromptersChanged { available });
    }

    fn next_waiter(&mut self) -> WaiterId {
        self.last_waiter += 1;
        WaiterId(self.last_waiter)
    }

    fn tell(&mut self, event: &Told) {
        for client in self.subscribers.values() {
            client.events.send(event.clone());
        }
    }

    fn tell_changed_profiles(&mut self) {
        if self.files.take_changed() {
            self.tell(&Told::ProfilesChanged);
        }
    }

    /// Sends subscribers the whole state; views are small and changes are rare.
    fn tell_status(&mut self) {
        if !self.subscribers.is_empty() {
            let status = self.status();
            self.tell(&Told::Status(status));
        }
    }
}

/// Requests that need neither sessions nor keys.
fn answers_early(request: &Request) -> bool {
    matches!(
        request,
        Request::Ping
            | Request::Status
            | Request::Stop
            | Request::Subscribe { .. }
            | Request::Unlock { .. }
            | Request::Lock
    )
}

#[cfg(test)]
mod tests;
