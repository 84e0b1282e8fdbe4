//! When calls start, how long they may take and what follows from that: a pure step with the time as an argument.

use crate::state::State;
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// How long things may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// A call that may not ask a person, from the moment it is made.
    pub deadline: Duration,
    /// A call that may ask a person.
    pub unlock_deadline: Duration,
    /// How long a keychain that did not answer is left alone. Doubled each time it does not
    /// answer again, up to [`Timing::longest_hold_off`], so that stuck threads stay few.
    pub hold_off: Duration,
    /// Upper end of the hold-off.
    pub longest_hold_off: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(3),
            unlock_deadline: Duration::from_secs(60),
            hold_off: Duration::from_secs(60),
            longest_hold_off: Duration::from_secs(16 * 60),
        }
    }
}

/// Number of a call.
pub(crate) type CallId = u64;

/// Number of a worker; a new one replaces a worker that is stuck.
pub(crate) type WorkerId = u64;

/// Whether a call may ask a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Patience {
    Quiet,
    Interactive,
}

/// What a finished call says about the keychain; `None` when it concerns only the call.
pub(crate) type Verdict = Option<State>;

/// What happened.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Input {
    Submitted(CallId, Patience),
    Finished(WorkerId, CallId, Verdict),
    Tick,
}

/// Why a call ends without an answer of the keychain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GaveUp {
    /// It did not answer in time, or did not shortly before.
    Hung { retry_in: Duration },
    /// The person is looking at its prompt.
    Locked,
    /// The person did not answer its prompt.
    Unanswered,
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Hand the call to this worker, which may not exist yet.
    Start(WorkerId, CallId),
    /// Give the caller the answer of the keychain.
    Deliver(CallId),
    /// Tell the caller that there is none.
    GiveUp(CallId, GaveUp),
    /// The keychain is now known to be so.
    State(State),
}

#[derive(Clone, Copy, Debug)]
struct Call {
    id: CallId,
    patience: Patience,
    expires: Instant,
}

/// The call that the worker is busy with.
#[derive(Clone, Copy, Debug)]
struct Running {
    call: Call,
    /// When the worker counts as stuck: a full limit after the start, however long the call
    /// waited in turn before.
    stuck_at: Instant,
    /// The caller still waits.
    awaited: bool,
}

/// One call runs at a time; the others wait in turn.
pub(crate) struct Supervisor {
    timing: Timing,
    running: Option<Running>,
    queue: VecDeque<Call>,
    worker: WorkerId,
    hold_off_until: Option<Instant>,
    hangs_in_a_row: u32,
}

impl Supervisor {
    pub(crate) fn new(timing: Timing) -> Self {
        Self {
            timing,
            running: None,
            queue: VecDeque::new(),
            worker: 0,
            hold_off_until: None,
            hangs_in_a_row: 0,
        }
    }

    /// When to step with [`Input::Tick`] at the latest.
    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        let running = self.running.map(|running| match running.awaited {
            true => running.call.expires.min(running.stuck_at),
            false => running.stuck_at,
        });
        let waiting = self.queue.iter().map(|call| call.expires);
        waiting.chain(running).min()
    }

    pub(crate) fn step(&mut self, input: Input, now: Instant) -> Vec<Effect> {
        let mut effects = Vec::new();
        match input {
            Input::Submitted(id, patience) => self.submit(id, patience, now, &mut effects),
            Input::Finished(worker, id, verdict) => self.finish(worker, id, verdict, &mut effects),
            Input::Tick => {}
        }
        self.expire(now, &mut effects);
        self.start_next(now, &mut effects);
        effects
    }

    fn submit(&mut self, id: CallId, patience: Patience, now: Instant, out: &mut Vec<Effect>) {
        if let (Patience::Quiet, Some(retry_in)) = (patience, self.hold_off_left(now)) {
            out.push(Effect::GiveUp(id, GaveUp::Hung { retry_in }));
            return;
        }
        self.queue.push_back(Call {
            id,
            patience,
            expires: now + self.limit(patience),
        });
    }

    fn finish(&mut self, worker: WorkerId, id: CallId, verdict: Verdict, out: &mut Vec<Effect>) {
        let current = |running: &mut Running| worker == self.worker && running.call.id == id;
        if self.running.take_if(current).is_some() {
            out.extend(verdict.map(Effect::State));
            out.push(Effect::Deliver(id));
        } else if verdict != Some(State::Failing) {
            // A worker that was given up answered after all: too late for its caller, but the
            // keychain can be asked again. An error may be no more than a time-out below it.
            out.push(Effect::State(State::Unknown));
        } else {
            return;
        }
        self.hold_off_until = None;
        self.hangs_in_a_row = 0;
    }

    fn expire(&mut self, now: Instant, out: &mut Vec<Effect>) {
        if let Some(stuck) = self.running.take_if(|running| running.stuck_at <= now) {
            self.worker += 1;
            let caller = stuck.awaited.then_some(stuck.call.id);
            match stuck.call.patience {
                Patience::Quiet => {
                    let retry_in = self.begin_hold_off(now);
                    let why = GaveUp::Hung { retry_in };
                    out.push(Effect::State(State::Hung));
                    let quiet = self.take_from_queue(|call| call.patience == Patience::Quiet);
                    let told = caller.into_iter().chain(quiet);
                    out.extend(told.map(|id| Effect::GiveUp(id, why)));
                }
                Patience::Interactive => {
                    out.push(Effect::State(State::Locked));
                    out.extend(caller.map(|id| Effect::GiveUp(id, GaveUp::Unanswered)));
                }
            }
        }
        let mut late = Vec::new();
        if let Some(running) = &mut self.running
            && running.awaited
            && running.call.expires <= now
        {
            running.awaited = false;
            late.push(running.call.id);
        }
        let prompting = (self.running.as_ref())
            .is_some_and(|running| running.call.patience == Patience::Interactive);
        let why = if prompting {
            GaveUp::Locked
        } else {
            let retry_in = Duration::ZERO;
            GaveUp::Hung { retry_in }
        };
        late.extend(self.take_from_queue(|call| call.expires <= now));
        out.extend(late.into_iter().map(|id| Effect::GiveUp(id, why)));
    }

    fn start_next(&mut self, now: Instant, out: &mut Vec<Effect>) {
        if self.running.is_none()
            && let Some(call) = self.queue.pop_front()
        {
            self.running = Some(Running {
                call,
                stuck_at: now + self.limit(call.patience),
                awaited: true,
            });
            out.push(Effect::Start(self.worker, call.id));
        }
    }

    fn limit(&self, patience: Patience) -> Duration {
        match patience {
            Patience::Quiet => self.timing.deadline,
            Patience::Interactive => self.timing.unlock_deadline,
        }
    }

    fn take_from_queue(&mut self, mut wanted: impl FnMut(&Call) -> bool) -> Vec<CallId> {
        let (taken, left) = self.queue.drain(..).partition(|call| wanted(call));
        self.queue = left;
        let taken: VecDeque<Call> = taken;
        taken.iter().map(|call| call.id).collect()
    }

    fn hold_off_left(&self, now: Instant) -> Option<Duration> {
        let left = self.hold_off_until?.saturating_duration_since(now);
        (!left.is_zero()).then_some(left)
    }

    fn begin_hold_off(&mut self, now: Instant) -> Duration {
        let factor = 2_u32.saturating_pow(self.hangs_in_a_row.min(16));
        let wait = self.timing.hold_off.saturating_mul(factor);
        let wait = wait.min(self.timing.longest_hold_off.max(self.timing.hold_off));
        self.hangs_in_a_row += 1;
        self.hold_off_until = Some(now + wait);
        wait
    }
}

#[cfg(test)]
mod tests;
