//! Cases and random histories of the step.

use super::{CallId, Effect, GaveUp, Input, Patience, Supervisor, Timing};
use crate::state::State;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

const SECOND: Duration = Duration::from_secs(1);

fn hung(seconds: u32) -> GaveUp {
    GaveUp::Hung {
        retry_in: SECOND * seconds,
    }
}

#[test]
fn the_hold_off_grows_while_the_keychain_stays_stuck_and_ends_with_any_answer() {
    let mut now = Instant::now();
    let mut supervisor = Supervisor::new(Timing::default());
    for (id, hold_off) in [(1, 60), (2, 120), (3, 240), (4, 480), (5, 960), (6, 960)] {
        let started = supervisor.step(Input::Submitted(id, Patience::Quiet), now);
        assert_eq!(started, [Effect::Start(id - 1, id)]);
        now += SECOND * 3;
        let stuck = supervisor.step(Input::Tick, now);
        let expected = [
            Effect::State(State::Hung),
            Effect::GiveUp(id, hung(hold_off)),
        ];
        assert_eq!(stuck, expected);
        now += SECOND * (hold_off - 1);
        let refused = supervisor.step(Input::Submitted(100, Patience::Quiet), now);
        assert_eq!(refused, [Effect::GiveUp(100, hung(1))]);
        now += SECOND;
    }
    now -= SECOND;
    let failed = supervisor.step(Input::Finished(1, 2, Some(State::Failing)), now);
    assert_eq!(
        failed,
        [],
        "a stuck call that ends with an error is no sign of life"
    );
    // The third worker answers at last.
    let refused = supervisor.step(Input::Submitted(100, Patience::Quiet), now);
    assert_eq!(refused, [Effect::GiveUp(100, hung(1))]);
    let late = supervisor.step(Input::Finished(2, 3, Some(State::Ready)), now);
    assert_eq!(late, [Effect::State(State::Unknown)]);
    let again = supervisor.step(Input::Submitted(7, Patience::Quiet), now);
    assert_eq!(again, [Effect::Start(6, 7)]);
}

#[test]
fn a_person_who_unlocks_does_not_wait_for_the_hold_off() {
    let now = Instant::now();
    let mut supervisor = Supervisor::new(Timing::default());
    supervisor.step(Input::Submitted(1, Patience::Quiet), now);
    supervisor.step(Input::Tick, now + SECOND * 3);
    let unlock = Input::Submitted(2, Patience::Interactive);
    let effects = supervisor.step(unlock, now + SECOND * 4);
    assert_eq!(effects, [Effect::Start(1, 2)]);
}

#[test]
fn a_call_that_began_late_says_nothing_about_the_keychain() {
    let now = Instant::now();
    let mut supervisor = Supervisor::new(Timing::default());
    supervisor.step(Input::Submitted(1, Patience::Interactive), now);
    supervisor.step(Input::Submitted(2, Patience::Quiet), now + SECOND);
    // The prompt is answered when the caller of the second has a second left.
    let unlocked = Input::Finished(0, 1, Some(State::Ready));
    let effects = supervisor.step(unlocked, now + SECOND * 3);
    let expected = [
        Effect::State(State::Ready),
        Effect::Deliver(1),
        Effect::Start(0, 2),
    ];
    assert_eq!(effects, expected);
    let effects = supervisor.step(Input::Tick, now + SECOND * 4);
    assert_eq!(
        effects,
        [Effect::GiveUp(2, hung(0))],
        "its caller is told in time"
    );
    assert_eq!(supervisor.next_deadline(), Some(now + SECOND * 6));
    let finished = Input::Finished(0, 2, Some(State::Ready));
    let effects = supervisor.step(finished, now + SECOND * 5);
    assert_eq!(effects, [Effect::State(State::Ready), Effect::Deliver(2)]);
}

/// What a random history does next.
#[derive(Clone, Copy, Debug)]
enum Event {
    Submit(Patience),
    Finish,
    FinishStuck,
    Wait(u64),
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        3 => Just(Event::Submit(Patience::Quiet)),
        1 => Just(Event::Submit(Patience::Interactive)),
        3 => Just(Event::Finish),
        1 => Just(Event::FinishStuck),
        3 => (0..90_000_u64).prop_map(Event::Wait),
    ];
    proptest::collection::vec(event, 0..60)
}

proptest! {
    #[test]
    fn every_caller_is_told_exactly_once_and_in_time(events in events()) {
        let timing = Timing::default();
        let mut now = Instant::now();
        let mut supervisor = Supervisor::new(timing);
        let mut waiting: Vec<(CallId, Instant)> = Vec::new();
        let mut running: Vec<(u64, CallId)> = Vec::new();
        let mut told = BTreeSet::new();
        let mut next = 0;
        for event in events.into_iter().chain([Event::Wait(200_000)]) {
            let mut inputs = Vec::new();
            match event {
                Event::Submit(patience) => {
                    let limit = match patience {
                        Patience::Quiet => timing.deadline,
                        Patience::Interactive => timing.unlock_deadline,
                    };
                    waiting.push((next, now + limit));
                    inputs.push((Input::Submitted(next, patience), now));
                    next += 1;
                }
                Event::Finish => {
                    let call = running.pop();
                    inputs.extend(call.map(|(worker, id)| {
                        (Input::Finished(worker, id, Some(State::Ready)), now)
                    }));
                }
                Event::FinishStuck if running.len() > 1 => {
                    let (worker, id) = running.remove(0);
                    inputs.push((Input::Finished(worker, id, Some(State::Ready)), now));
                }
                Event::FinishStuck => {}
                Event::Wait(milliseconds) => {
                    let until = now + Duration::from_millis(milliseconds);
                    while let Some(at) = supervisor.next_deadline().filter(|at| *at <= until) {
                        now = now.max(at);
                        let effects = supervisor.step(Input::Tick, now);
                        follow(effects, &mut running, &mut told, &mut waiting)?;
                        prop_assert!(waiting.iter().all(|(_, limit)| *limit > now));
                    }
                    now = until;
                }
            }
            for (input, at) in inputs {
                let effects = supervisor.step(input, at);
                follow(effects, &mut running, &mut told, &mut waiting)?;
            }
        }
        prop_assert_eq!(told.len() as u64, next);
    }
}

fn follow(
    effects: Vec<Effect>,
    running: &mut Vec<(u64, CallId)>,
    told: &mut BTreeSet<CallId>,
    waiting: &mut Vec<(CallId, Instant)>,
) -> Result<(), TestCaseError> {
    for effect in effects {
        match effect {
            Effect::Start(worker, id) => {
                prop_assert!(running.iter().all(|(other, _)| *other != worker));
                running.push((worker, id));
            }
            Effect::GiveUp(id, _) => {
                prop_assert!(told.insert(id), "told twice");
                waiting.retain(|(other, _)| *other != id);
            }
            // A caller that was given up is told nothing more by a delivery.
            Effect::Deliver(id) => {
                told.insert(id);
                waiting.retain(|(other, _)| *other != id);
            }
            Effect::State(_) => {}
        }
    }
    Ok(())
}
