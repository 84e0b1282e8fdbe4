//! Everything that is logged, kept for a look at it.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

/// Collects log lines of every level.
#[derive(Clone, Debug, Default)]
pub struct LogCapture(Arc<Mutex<Vec<u8>>>);

impl LogCapture {
    /// Collects from every thread of this process from now on; for a test that has its process
    /// to itself.
    ///
    /// # Panics
    /// When this process already has a global subscriber.
    pub fn install() -> Self {
        let capture = Self::default();
        let installed = tracing::subscriber::set_global_default(capture.subscriber());
        installed.expect("this process has no global subscriber yet");
        capture
    }

    /// A subscriber that writes here, for `tracing::subscriber::with_default` and its like.
    pub fn subscriber(&self) -> impl Subscriber + Send + Sync + use<> {
        tracing_subscriber::fmt()
            .with_max_level(LevelFilter::TRACE)
            .with_ansi(false)
            .with_writer(self.clone())
            .finish()
    }

    /// What was logged so far.
    pub fn bytes(&self) -> Vec<u8> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Write for &LogCapture {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        log.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for LogCapture {
    type Writer = &'a LogCapture;

    fn make_writer(&'a self) -> Self::Writer {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::LogCapture;

    #[test]
    fn every_level_is_kept() {
        let log = LogCapture::default();
        tracing::subscriber::with_default(log.subscriber(), || {
            tracing::trace!(profile = "dev", "smallest");
            tracing::error!("largest");
        });
        let text = String::from_utf8(log.bytes()).unwrap();
        assert!(
            text.contains("smallest profile=\"dev\"") && text.contains("largest"),
            "{text}"
        );
    }
}
