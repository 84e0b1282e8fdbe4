//! What every connection of one simulated AWS shares.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Semaphore;

use crate::calls::Calls;
use crate::clock::Clock;
use crate::faults::Faults;
use crate::model::World;
use crate::net::authority::Authority;

/// The running state behind a [`Sim`](crate::Sim).
pub(crate) struct Shared {
    pub(crate) world: Mutex<World>,
    pub(crate) clock: Clock,
    pub(crate) faults: Faults,
    pub(crate) calls: Calls,
    /// The CA clients are told to trust.
    pub(crate) authority: Authority,
    /// The CA nobody trusts.
    pub(crate) rogue_authority: Authority,
    /// Where the bare repositories are.
    pub(crate) repositories: PathBuf,
    /// How many names one page of a CodeCommit list holds.
    pub(crate) page_size: usize,
    /// How many `git http-backend` may run at once.
    pub(crate) git_permits: Arc<Semaphore>,
}

impl Shared {
    /// The state, for a short section without waiting.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
