//! AWS's time on this machine.

use aws_smithy_async::time::TimeSource;
use holdfast_core::clock::{ClockOffset, DatedAnswer, LocalClock};
use holdfast_core::time::Timestamp;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The local clock, corrected by what AWS's answers said.
pub struct ServerClock {
    local: Box<dyn LocalClock>,
    offset: Mutex<ClockOffset>,
}

impl ServerClock {
    /// AWS's time over this machine's clock.
    pub fn system() -> Self {
        Self::new(SystemClock::default())
    }

    /// AWS's time over a given local clock.
    pub fn new(local: impl LocalClock) -> Self {
        Self {
            local: Box::new(local),
            offset: Mutex::default(),
        }
    }

    /// Takes a difference in seconds that was learned in an earlier run, unless AWS has answered in
    /// this one.
    pub fn presume(&self, seconds: i64) {
        self.with(|offset, _| offset.presume(seconds));
    }

    /// The time at AWS.
    pub fn now(&self) -> Timestamp {
        self.with(|offset, local| offset.correct(local))
    }

    /// Seconds by which the local clock is behind AWS's; negative when it is ahead.
    pub fn offset_seconds(&self) -> i64 {
        self.with(|offset, _| offset.seconds())
    }

    /// What the local clock says when it is `aws` at AWS, for telling times to other programs.
    pub fn localize(&self, aws: Timestamp) -> Timestamp {
        self.with(|offset, _| offset.localize(aws))
    }

    /// The local clock, uncorrected.
    pub(crate) fn local(&self) -> Timestamp {
        self.local.wall()
    }

    /// Learns from any answer.
    pub(crate) fn observe(&self, answer: DatedAnswer) {
        let changed = self.with(|offset, _| offset.observe(answer).then(|| offset.seconds()));
        log_change(changed);
    }

    /// Learns from an answer that refused the signature; says whether that changed anything.
    pub(crate) fn adopt(&self, refusal: DatedAnswer) -> bool {
        let changed = self.with(|offset, _| offset.adopt(refusal).then(|| offset.seconds()));
        log_change(changed);
        changed.is_some()
    }

    fn with<T>(&self, use_offset: impl FnOnce(&mut ClockOffset, Timestamp) -> T) -> T {
        let wall = self.local.wall();
        let mut offset = self.offset.lock().unwrap_or_else(PoisonError::into_inner);
        offset.read(wall, self.local.steady_seconds());
        use_offset(&mut offset, wall)
    }
}

impl fmt::Debug for ServerClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerClock")
            .field("offset_seconds", &self.offset_seconds())
            .finish_non_exhaustive()
    }
}

fn log_change(changed: Option<i64>) {
    if let Some(offset_seconds) = changed {
        tracing::info!(
            offset_seconds,
            "the clock of AWS differs from this machine's"
        );
    }
}

/// The clocks of the operating system.
#[derive(Debug)]
pub struct SystemClock {
    started: Instant,
}

impl Default for SystemClock {
    fn default() -> Self {
        Self {
            started: Instant::now(),
        }
    }
}

impl LocalClock for SystemClock {
    fn wall(&self) -> Timestamp {
        Timestamp::from_unix_seconds(match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => whole_seconds(since),
            Err(before) => whole_seconds(before.duration()).saturating_neg(),
        })
    }

    fn steady_seconds(&self) -> i64 {
        whole_seconds(self.started.elapsed())
    }
}

fn whole_seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

/// The SDK's view of the clock: what it signs with.
#[derive(Debug)]
pub(crate) struct SigningTime(pub(crate) Arc<ServerClock>);

impl TimeSource for SigningTime {
    fn now(&self) -> SystemTime {
        let seconds = u64::try_from(self.0.now().unix_seconds()).unwrap_or(0);
        UNIX_EPOCH
            .checked_add(Duration::from_secs(seconds))
            .unwrap_or(UNIX_EPOCH)
    }
}
