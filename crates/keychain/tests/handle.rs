//! The handle answers in time whatever the keychain does: locked, failing, stuck, stuck again.
//!
//! The keychain here is a fake that stands still at a gate until the test opens it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use holdfast_keychain::{
    AccessKey, Backend, Item, Keychain, KeychainError, Kind, Pending, State, Timing,
};
use secrecy::SecretString;
use std::future::Future;
use std::pin::pin;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// What the fake does at a call.
enum Step {
    Answer(Result<(), KeychainError>),
    /// Tells that it was reached, then stands still until the sender is dropped.
    Stall(Sender<()>, Receiver<()>),
}

/// Steps for the calls to come, shared by all workers; without one, a call succeeds.
#[derive(Clone, Default)]
struct Script(Arc<Mutex<Vec<Step>>>);

impl Script {
    fn then(&self, step: Step) {
        self.0.lock().unwrap().insert(0, step);
    }

    fn fail(&self, error: KeychainError) {
        self.then(Step::Answer(Err(error)));
    }

    /// The next call stalls. Returns what tells that it began, and what lets it go on.
    fn stall(&self) -> (Receiver<()>, Sender<()>) {
        let (begun, has_begun) = mpsc::channel();
        let (gate, closed) = mpsc::channel();
        self.then(Step::Stall(begun, closed));
        (has_begun, gate)
    }

    fn call(&self) -> Result<(), KeychainError> {
        let step = self.0.lock().unwrap().pop();
        match step {
            None => Ok(()),
            Some(Step::Answer(outcome)) => outcome,
            Some(Step::Stall(begun, gate)) => {
                let _ = begun.send(());
                let _ = gate.recv();
                Ok(())
            }
        }
    }
}

impl Backend for Script {
    fn read(&mut self, _item: &Item) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainError> {
        self.call().map(|()| None)
    }

    fn write(&mut self, _item: &Item, _secret: &[u8]) -> Result<(), KeychainError> {
        self.call()
    }

    fn remove(&mut self, _item: &Item) -> Result<bool, KeychainError> {
        self.call().map(|()| true)
    }

    fn items(&mut self) -> Result<Vec<Item>, KeychainError> {
        self.call().map(|()| Vec::new())
    }

    fn unlock(&mut self, _passphrase: Option<&SecretString>) -> Result<(), KeychainError> {
        self.call()
    }

    fn lock(&mut self) {}
}

const FOREVER: Duration = Duration::from_secs(3600);

fn timing(deadline: Duration) -> Timing {
    Timing {
        deadline,
        unlock_deadline: FOREVER,
        hold_off: FOREVER,
        longest_hold_off: FOREVER,
    }
}

fn keychain(timing: Timing) -> (Keychain, Script, Receiver<State>) {
    let script = Script::default();
    let backend = script.clone();
    let keychain = Keychain::with_backend(Kind::Os, timing, move || Box::new(backend.clone()));
    let (told, states) = mpsc::channel();
    keychain.watch(move |status| {
        let _ = told.send(status.state);
    });
    (keychain, script, states)
}

/// A deadline that no healthy call meets, on however slow a machine.
const GENEROUS: Duration = FOREVER;
const SHORT: Duration = Duration::from_millis(20);

#[test]
fn every_error_has_a_state_and_the_caller_sees_it_at_once() {
    let (keychain, script, _) = keychain(timing(GENEROUS));
    assert_eq!(keychain.status().state, State::Unknown);
    let cases: [(KeychainError, State); 6] = [
        (KeychainError::Locked, State::Locked),
        (KeychainError::Absent { source: None }, State::Absent),
        (KeychainError::Denied { source: None }, State::Failing),
        (
            KeychainError::Failed {
                source: "broken".into(),
            },
            State::Failing,
        ),
        (KeychainError::Invalid { what: "no" }, State::Ready),
        (
            KeychainError::Ambiguous {
                item: "x".to_owned(),
            },
            State::Ready,
        ),
    ];
    for (error, state) in cases {
        keychain.probe().wait().unwrap();
        assert_eq!(keychain.status().state, State::Ready);
        assert_eq!(keychain.status().message, None);
        let text = error.to_string();
        script.fail(error);
        let outcome = keychain.probe().wait();
        assert_eq!(outcome.unwrap_err().to_string(), text);
        let status = keychain.status();
        assert_eq!(status.state, state, "{text}");
        assert_eq!(status.message.is_some(), state != State::Ready, "{text}");
    }
}

#[test]
fn watchers_are_told_of_changes_only() {
    let (keychain, script, states) = keychain(timing(GENEROUS));
    keychain.probe().wait().unwrap();
    keychain.probe().wait().unwrap();
    script.fail(KeychainError::Locked);
    keychain.probe().wait().unwrap_err();
    keychain.probe().wait().unwrap();
    let told: Vec<State> = states.try_iter().collect();
    assert_eq!(told, [State::Ready, State::Locked, State::Ready]);
}

#[test]
fn a_stuck_keychain_is_given_up_left_alone_and_found_again() {
    let (keychain, script, states) = keychain(timing(SHORT));
    let (has_begun, gate) = script.stall();
    let stuck = keychain.probe();
    has_begun.recv().unwrap();
    let queued = keychain.access_keys();
    assert!(matches!(stuck.wait(), Err(KeychainError::Hung { retry_in }) if retry_in == FOREVER));
    assert!(matches!(queued.wait(), Err(KeychainError::Hung { .. })));
    assert_eq!(states.recv().unwrap(), State::Hung);
    // Left alone: the script would answer this with `Locked`.
    script.fail(KeychainError::Locked);
    assert!(matches!(
        keychain.probe().wait(),
        Err(KeychainError::Hung { .. })
    ));

    drop(gate);
    assert_eq!(states.recv().unwrap(), State::Unknown);
    assert!(matches!(
        keychain.probe().wait(),
        Err(KeychainError::Locked)
    ));
}

#[test]
fn a_stuck_worker_is_replaced() {
    let mut timing = timing(SHORT);
    timing.hold_off = Duration::ZERO;
    timing.longest_hold_off = Duration::ZERO;
    let (keychain, script, _) = keychain(timing);
    let mut gates = Vec::new();
    for _ in 0..3 {
        let (has_begun, gate) = script.stall();
        gates.push(gate);
        let stuck = keychain.probe();
        has_begun.recv().unwrap();
        assert!(matches!(stuck.wait(), Err(KeychainError::Hung { .. })));
    }
    script.fail(KeychainError::Locked);
    assert!(matches!(
        keychain.probe().wait(),
        Err(KeychainError::Locked)
    ));
}

#[test]
fn a_prompt_lets_others_go_with_locked() {
    let (keychain, script, _) = keychain(timing(SHORT));
    let (has_begun, gate) = script.stall();
    let unlocking = keychain.unlock(None);
    has_begun.recv().unwrap();
    assert!(matches!(
        keychain.probe().wait(),
        Err(KeychainError::Locked)
    ));
    drop(gate);
    unlocking.wait().unwrap();
    assert_eq!(keychain.status().state, State::Ready);
}

#[test]
fn an_ignored_prompt_leaves_the_keychain_locked_and_usable() {
    let mut timing = timing(GENEROUS);
    timing.unlock_deadline = SHORT;
    let (keychain, script, _) = keychain(timing);
    let (_has_begun, _gate) = script.stall();
    assert!(matches!(
        keychain.unlock(None).wait(),
        Err(KeychainError::Unanswered)
    ));
    assert_eq!(keychain.status().state, State::Locked);
    keychain.probe().wait().unwrap();
    assert_eq!(keychain.status().state, State::Ready);
}

#[test]
fn asking_for_the_status_and_dropping_the_handle_never_wait() {
    let (keychain, script, _) = keychain(timing(FOREVER));
    let (has_begun, gate) = script.stall();
    let stuck = keychain.probe();
    has_begun.recv().unwrap();
    // Would stand still here for good if either waited for the call.
    assert_eq!(keychain.status().state, State::Unknown);
    drop(keychain);
    drop(gate);
    stuck.wait().unwrap();
}

#[test]
fn calls_are_done_one_by_one_in_order() {
    let (keychain, script, _) = keychain(timing(GENEROUS));
    let (has_begun, gate) = script.stall();
    let first = keychain.probe();
    has_begun.recv().unwrap();
    script.fail(KeychainError::Locked);
    script.fail(KeychainError::Absent { source: None });
    let (second, third) = (keychain.probe(), keychain.access_keys());
    drop(gate);
    first.wait().unwrap();
    assert!(matches!(second.wait(), Err(KeychainError::Locked)));
    assert!(matches!(third.wait(), Err(KeychainError::Absent { .. })));
}

#[test]
fn an_outcome_can_be_awaited_without_a_runtime() {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    fn block_on<T>(pending: Pending<T>, before_parking: impl FnOnce()) -> Result<T, KeychainError> {
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        let mut context = Context::from_waker(&waker);
        let mut pending = pin!(pending);
        let mut before_parking = Some(before_parking);
        loop {
            match pending.as_mut().poll(&mut context) {
                Poll::Ready(outcome) => return outcome,
                Poll::Pending => match before_parking.take() {
                    Some(act) => act(),
                    None => thread::park(),
                },
            }
        }
    }
    let (keychain, script, _) = keychain(timing(GENEROUS));
    let (has_begun, gate) = script.stall();
    let pending = keychain.delete_access_key("dev");
    has_begun.recv().unwrap();
    assert!(block_on(pending, move || drop(gate)).unwrap());
    assert!(block_on(keychain.access_key(""), || ()).is_err());
}

#[test]
fn a_healthy_call_is_not_delayed_by_the_machinery() {
    let keychain = Keychain::with_backend(Kind::Memory, Timing::default(), || {
        Box::new(Script::default())
    });
    let begun = Instant::now();
    for _ in 0..200 {
        assert!(keychain.access_key("dev").wait().unwrap().is_none());
    }
    assert!(begun.elapsed() < Timing::default().deadline);
}

#[test]
fn a_key_that_is_not_read_back_was_not_kept() {
    let keychain = Keychain::with_backend(Kind::Memory, Timing::default(), || {
        Box::new(Script::default())
    });
    let key = AccessKey {
        access_key_id: "AKIAEXAMPLE".to_owned(),
        secret_access_key: SecretString::from("secret"),
    };
    let error = keychain.set_access_key("dev", key).wait().unwrap_err();
    assert!(
        matches!(error, KeychainError::DamagedItem { .. }),
        "{error}"
    );
}
