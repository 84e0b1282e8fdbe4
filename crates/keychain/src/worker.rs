//! The threads: a keeper that is never stuck and keeps the deadlines, and the worker that calls the keychain.
//!
//! Nobody joins either of them, so a keychain that never answers cannot delay the end of the process.

use crate::backend::{Backend, Kind};
use crate::error::{KeychainError, with_sources};
use crate::pending::{Completer, Pending};
use crate::state::{State, Status, advice};
use crate::supervisor::{
    CallId, Effect, GaveUp, Input, Patience, Supervisor, Timing, Verdict, WorkerId,
};
use std::collections::HashMap;
use std::io;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Instant;

/// Makes the keychain anew for every worker, on the worker's thread.
pub(crate) type Factory = Arc<dyn Fn() -> Box<dyn Backend> + Send + Sync>;

/// Is told whenever the status changes, on the keeper's thread; must not block.
pub(crate) type Watcher = Box<dyn Fn(&Status) + Send>;

/// What the handle and the keeper both see.
pub(crate) struct Shared {
    pub(crate) status: Mutex<Status>,
    pub(crate) watchers: Mutex<Vec<Watcher>>,
}

impl Shared {
    pub(crate) fn status(&self) -> Status {
        let status = self.status.lock();
        status.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, state: State, message: Option<String>) {
        let mut status = (self.status.lock()).unwrap_or_else(PoisonError::into_inner);
        let kind = status.kind;
        let new = Status {
            kind,
            state,
            message,
        };
        if *status == new {
            return;
        }
        *status = new.clone();
        drop(status);
        let watchers = (self.watchers.lock()).unwrap_or_else(PoisonError::into_inner);
        watchers.iter().for_each(|watcher| watcher(&new));
    }
}

type Run = Box<dyn FnOnce(&mut dyn Backend) -> Finished + Send>;
type GiveUp = Box<dyn FnOnce(KeychainError) + Send>;

/// A call on its way to the worker, without the type of its outcome.
pub(crate) struct Call {
    patience: Patience,
    run: Run,
    give_up: GiveUp,
}

struct Finished {
    verdict: Verdict,
    message: Option<String>,
    deliver: Box<dyn FnOnce() + Send>,
}

impl Call {
    /// A call that does `act`; when that succeeds, the keychain is in the state `answered`.
    pub(crate) fn new<T: Send + 'static>(
        patience: Patience,
        act: impl FnOnce(&mut dyn Backend) -> Result<T, KeychainError> + Send + 'static,
        answered: State,
    ) -> (Self, Pending<T>) {
        let (pending, completer) = Pending::new();
        let for_failure = completer.clone();
        let call = Self {
            patience,
            run: Box::new(move |backend| Finished::new(act(backend), answered, completer)),
            give_up: Box::new(move |error| for_failure.complete(Err(error))),
        };
        (call, pending)
    }
}

impl Finished {
    fn new<T: Send + 'static>(
        outcome: Result<T, KeychainError>,
        answered: State,
        completer: Completer<T>,
    ) -> Self {
        let error = outcome.as_ref().err();
        Self {
            verdict: error.map_or(Some(answered), verdict),
            message: error.map(|error| with_sources(error)),
            deliver: Box::new(move || completer.complete(outcome)),
        }
    }
}

/// What an error says about the keychain as a whole.
fn verdict(error: &KeychainError) -> Verdict {
    match error {
        KeychainError::Locked
        | KeychainError::Unanswered
        | KeychainError::WrongPassphrase { .. }
        | KeychainError::PassphraseNeeded { .. } => Some(State::Locked),
        KeychainError::Absent { .. } => Some(State::Absent),
        KeychainError::Hung { .. } => Some(State::Hung),
        KeychainError::Denied { .. }
        | KeychainError::DamagedFile { .. }
        | KeychainError::Io { .. }
        | KeychainError::Failed { .. } => Some(State::Failing),
        KeychainError::DamagedItem { .. }
        | KeychainError::Ambiguous { .. }
        | KeychainError::Invalid { .. }
        | KeychainError::TooLarge { .. } => None,
    }
}

enum Event {
    Call(Call),
    Finished(WorkerId, CallId, Finished),
    Closed,
}

/// The handle's end of the keeper; dropping it ends the keeper once calls under way are done.
pub(crate) struct Keeper(Sender<Event>);

impl Keeper {
    pub(crate) fn spawn(factory: Factory, timing: Timing, shared: Arc<Shared>) -> io::Result<Self> {
        let (events, inbox) = mpsc::channel();
        let keep = Keep {
            factory,
            kind: shared.status().kind,
            shared,
            supervisor: Supervisor::new(timing),
            calls: HashMap::new(),
            next_call: 0,
            worker: None,
            events: events.clone(),
        };
        let builder = thread::Builder::new().name("keychain".into());
        builder.spawn(move || keep.run(&inbox))?;
        Ok(Self(events))
    }

    /// Hands over a call; the keeper cannot have ended before this handle.
    pub(crate) fn submit(&self, call: Call) {
        if let Err(mpsc::SendError(Event::Call(call))) = self.0.send(Event::Call(call)) {
            (call.give_up)(KeychainError::Failed {
                source: "the keychain's thread has ended".into(),
            });
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        // Fails only when the keeper is gone already.
        let _ = self.0.send(Event::Closed);
    }
}

struct Keep {
    factory: Factory,
    kind: Kind,
    shared: Arc<Shared>,
    supervisor: Supervisor,
    calls: HashMap<CallId, (Option<Run>, GiveUp)>,
    next_call: CallId,
    worker: Option<(WorkerId, Sender<(CallId, Run)>)>,
    events: Sender<Event>,
}

impl Keep {
    fn run(mut self, inbox: &Receiver<Event>) {
        let mut closed = false;
        while !(closed && self.calls.is_empty()) {
            let (input, finished) = match self.receive(inbox) {
                Ok(Event::Call(call)) => (self.admit(call), None),
                Ok(Event::Finished(worker, id, finished)) => (
                    Input::Finished(worker, id, finished.verdict),
                    Some(finished),
                ),
                Ok(Event::Closed) => {
                    closed = true;
                    (Input::Tick, None)
                }
                Err(RecvTimeoutError::Timeout) => (Input::Tick, None),
                Err(RecvTimeoutError::Disconnected) => return,
            };
            self.apply(input, finished);
        }
    }

    fn receive(&self, inbox: &Receiver<Event>) -> Result<Event, RecvTimeoutError> {
        match self.supervisor.next_deadline() {
            Some(at) => inbox.recv_timeout(at.saturating_duration_since(Instant::now())),
            None => inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
        }
    }

    fn admit(&mut self, call: Call) -> Input {
        let id = self.next_call;
        self.next_call += 1;
        self.calls.insert(id, (Some(call.run), call.give_up));
        Input::Submitted(id, call.patience)
    }

    fn apply(&mut self, input: Input, mut finished: Option<Finished>) {
        for effect in self.supervisor.step(input, Instant::now()) {
            match effect {
                Effect::State(state) => {
                    let told = finished
                        .as_mut()
                        .and_then(|finished| finished.message.take());
                    self.shared.set(state, message(self.kind, state, told));
                }
                Effect::Deliver(id) => {
                    self.calls.remove(&id);
                    if let Some(finished) = finished.take() {
                        (finished.deliver)();
                    }
                }
                Effect::GiveUp(id, why) => {
                    if let Some((_, give_up)) = self.calls.remove(&id) {
                        give_up(error(why));
                    }
                }
                Effect::Start(worker, id) => self.start(worker, id),
            }
        }
    }

    /// Hands a call to the worker, which is made when it is not there. When the system gives no
    /// thread, the call runs into its deadline and the keychain counts as one that does not answer.
    fn start(&mut self, id: WorkerId, call: CallId) {
        let Some(run) = self.calls.get_mut(&call).and_then(|(run, _)| run.take()) else {
            return;
        };
        if self.worker.as_ref().is_none_or(|(worker, _)| *worker != id) {
            self.worker = self.spawn_worker(id).ok().map(|calls| (id, calls));
        }
        if let Some((_, calls)) = &self.worker {
            // Fails only when the worker panicked; the deadline covers that too.
            let _ = calls.send((call, run));
        }
    }

    fn spawn_worker(&self, id: WorkerId) -> io::Result<Sender<(CallId, Run)>> {
        let (calls, inbox) = mpsc::channel::<(CallId, Run)>();
        let (factory, events) = (Arc::clone(&self.factory), self.events.clone());
        let work = move || {
            let mut backend = factory();
            for (call, run) in inbox {
                let finished = run(&mut *backend);
                backend.rest();
                if events.send(Event::Finished(id, call, finished)).is_err() {
                    return;
                }
            }
        };
        let builder = thread::Builder::new().name("keychain-calls".into());
        builder.spawn(work)?;
        Ok(calls)
    }
}

fn error(why: GaveUp) -> KeychainError {
    match why {
        GaveUp::Hung { retry_in } => KeychainError::Hung { retry_in },
        GaveUp::Locked => KeychainError::Locked,
        GaveUp::Unanswered => KeychainError::Unanswered,
    }
}

fn message(kind: Kind, state: State, told: Option<String>) -> Option<String> {
    match state {
        State::Unknown | State::Ready => None,
        State::Locked | State::Absent | State::Hung | State::Failing => {
            advice(kind, state).map(str::to_owned).or(told)
        }
    }
}
