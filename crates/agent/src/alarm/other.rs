//! The runtime's own timer.

use std::io;
use std::time::Duration;

/// One wait at a time.
pub(crate) struct Alarm;

impl Alarm {
    #[expect(
        clippy::unnecessary_wraps,
        reason = "the same signature as where it can fail"
    )]
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self)
    }

    #[expect(
        clippy::unused_self,
        reason = "the same signature as where there is a timer"
    )]
    pub(crate) async fn wait(&mut self, duration: Duration) -> io::Result<()> {
        tokio::time::sleep(duration).await;
        Ok(())
    }
}
