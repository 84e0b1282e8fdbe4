//! A timer of the kernel that counts while the machine sleeps, so that it is over at resume.
//!
//! The runtime's own timers stand still during sleep, and sort a wait of half a minute through
//! several levels, at a wake-up each.

use rustix::fd::OwnedFd;
use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create,
    timerfd_settime,
};
use std::io;
use std::time::Duration;
use tokio::io::unix::AsyncFd;

/// One wait at a time.
pub(crate) struct Alarm {
    timer: AsyncFd<OwnedFd>,
}

impl Alarm {
    /// An alarm that is not set. To be made within the runtime.
    ///
    /// # Errors
    /// When the process may open no more files.
    pub(crate) fn new() -> io::Result<Self> {
        let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
        let timer = timerfd_create(TimerfdClockId::Boottime, flags)?;
        #[expect(
            deprecated,
            reason = "its successor is unsafe; an OwnedFd is one descriptor for all its life, as that demands"
        )]
        let timer = AsyncFd::new(timer)?;
        Ok(Self { timer })
    }

    /// Returns after this time. A wait that is dropped leaves nothing behind.
    ///
    /// # Errors
    /// When the system refuses the timer.
    pub(crate) async fn wait(&mut self, duration: Duration) -> io::Result<()> {
        let never = Timespec {
            tv_sec: 0,
            tv_nsec: 0,
        };
        let value = Timespec {
            tv_sec: i64::try_from(duration.as_secs()).unwrap_or(i64::MAX),
            // Zero would switch the timer off.
            tv_nsec: i64::from(duration.subsec_nanos()).max(1),
        };
        let once = Itimerspec {
            it_interval: never,
            it_value: value,
        };
        timerfd_settime(&self.timer, TimerfdTimerFlags::empty(), &once)?;
        loop {
            let mut ready = self.timer.readable().await?;
            let mut rings = [0; 8];
            match ready.try_io(|timer| Ok(rustix::io::read(timer, &mut rings)?)) {
                Ok(read) => return read.map(|_| ()),
                // Set anew since it rang.
                Err(_would_block) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Alarm;
    use std::time::{Duration, Instant};

    #[tokio::test]
    async fn rings_after_the_time_and_can_be_set_anew() {
        let mut alarm = Alarm::new().unwrap();
        let long = alarm.wait(Duration::from_secs(3_600));
        let given_up = tokio::time::timeout(Duration::from_millis(1), long).await;
        assert!(given_up.is_err());
        for milliseconds in [0, 20] {
            let begun = Instant::now();
            let duration = Duration::from_millis(milliseconds);
            alarm.wait(duration).await.unwrap();
            assert!(begun.elapsed() >= duration);
        }
    }
}
