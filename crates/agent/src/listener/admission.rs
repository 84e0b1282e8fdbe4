//! How many connections there may be: in all, and of one process.

use super::Limits;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout};

/// Age from which a connection that has not said hello gives way to others, when all are taken.
const STALE: Duration = Duration::from_millis(50);

/// Why a connection is not admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The process has as many as it may.
    ProcessLimit,
}

/// Counts connections.
#[derive(Clone)]
pub(super) struct Admission {
    shared: Arc<Shared>,
}

struct Shared {
    most: usize,
    most_per_process: usize,
    state: Mutex<State>,
    freed: Notify,
}

#[derive(Default)]
struct State {
    last_number: u64,
    open: usize,
    per_process: HashMap<u32, usize>,
    /// Connections that have not said hello, oldest first.
    silent: BTreeMap<u64, Silent>,
}

struct Silent {
    since: Instant,
    close: Arc<Notify>,
}

/// The right to be connected, given back when dropped.
pub(super) struct Slot {
    shared: Arc<Shared>,
    number: u64,
    pid: Option<u32>,
    /// Told when the connection is to end at once.
    pub(super) close: Arc<Notify>,
}

impl Admission {
    /// One process never gets more than half of all connections, however few there are.
    pub(super) fn new(limits: &Limits) -> Self {
        let half = limits.connections.div_ceil(2);
        Self {
            shared: Arc::new(Shared {
                most: limits.connections,
                most_per_process: limits.connections_per_process.min(half),
                state: Mutex::default(),
                freed: Notify::new(),
            }),
        }
    }

    /// Waits until another connection may be accepted.
    pub(super) async fn room(&self) {
        loop {
            let freed = self.shared.freed.notified();
            if self.shared.lock().open < self.shared.most {
                return;
            }
            self.make_room();
            // Connections grow stale without telling.
            let _ = timeout(STALE, freed).await;
        }
    }

    /// Closes the oldest connection that has not said hello and has had time for it.
    pub(super) fn make_room(&self) {
        let mut state = self.shared.lock();
        let stale = state.silent.first_entry();
        if let Some(oldest) = stale.filter(|oldest| oldest.get().since.elapsed() >= STALE) {
            oldest.remove().close.notify_one();
        }
    }

    /// Admits a connection of a process; one whose process is not known counts only in all.
    pub(super) fn admit(&self, pid: Option<u32>) -> Result<Slot, Refusal> {
        let mut state = self.shared.lock();
        if let Some(pid) = pid {
            let count = state.per_process.entry(pid).or_default();
            if *count >= self.shared.most_per_process {
                return Err(Refusal::ProcessLimit);
            }
            *count += 1;
        }
        state.open += 1;
        state.last_number += 1;
        let number = state.last_number;
        let close = Arc::new(Notify::new());
        let silent = Silent {
            since: Instant::now(),
            close: Arc::clone(&close),
        };
        state.silent.insert(number, silent);
        Ok(Slot {
            shared: Arc::clone(&self.shared),
            number,
            pid,
            close,
        })
    }
}

impl Shared {
    /// The counts stay right even if a thread panicked, because each change is complete by itself.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Slot {
    /// Number of the connection, never used twice.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// The connection has said hello, and is not closed to make room any more.
    pub(super) fn said_hello(&self) {
        self.shared.lock().silent.remove(&self.number);
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.open -= 1;
        state.silent.remove(&self.number);
        if let Some(pid) = self.pid
            && let Some(count) = state.per_process.get_mut(&pid)
        {
            *count -= 1;
            if *count == 0 {
                state.per_process.remove(&pid);
            }
        }
        drop(state);
        self.shared.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admission(connections: usize, connections_per_process: usize) -> Admission {
        Admission::new(&Limits {
            connections,
            connections_per_process,
            ..Limits::default()
        })
    }

    #[test]
    fn a_process_gets_its_share_and_gives_it_back() {
        let admission = admission(100, 2);
        let first = admission.admit(Some(7)).ok().unwrap();
        let _second = admission.admit(Some(7)).ok().unwrap();
        assert_eq!(admission.admit(Some(7)).err(), Some(Refusal::ProcessLimit));
        assert!(admission.admit(Some(8)).is_ok());
        assert!(admission.admit(None).is_ok());
        drop(first);
        assert!(admission.admit(Some(7)).is_ok());
        assert_eq!(admission.shared.lock().per_process.len(), 1);
    }

    #[test]
    fn a_process_never_gets_more_than_half() {
        let admission = admission(4, 64);
        let _slots = [admission.admit(Some(7)), admission.admit(Some(7))];
        assert_eq!(admission.admit(Some(7)).err(), Some(Refusal::ProcessLimit));
    }

    #[tokio::test(start_paused = true)]
    async fn silent_connections_give_way_but_others_do_not() {
        let admission = admission(2, 64);
        let silent = admission.admit(Some(1)).ok().unwrap();
        let talking = admission.admit(Some(2)).ok().unwrap();
        talking.said_hello();

        let told = Arc::clone(&silent.close);
        let closing = async move {
            told.notified().await;
            drop(silent);
        };
        tokio::join!(admission.room(), closing);
        let _third = admission.admit(Some(3)).ok().unwrap();

        let kept = timeout(Duration::from_secs(60), talking.close.notified()).await;
        assert!(kept.is_err());
    }
}
