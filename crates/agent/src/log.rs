//! The log: to the terminal when there is one, else to `agent.log` in the state folder.

use anyhow::Context;
use std::fs::{File, OpenOptions};
use std::io::IsTerminal;
use std::path::Path;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt};

/// A log larger than this at start is put aside, in bytes.
const MAX_BYTES: u64 = 1024 * 1024;

/// Starts the log at the level of `HOLDFAST_LOG`, `info` when that is not set.
///
/// Whatever the level, records that could carry secrets are left out ([`holdfast_aws::may_log`]).
pub(crate) fn start(state: &Path) -> anyhow::Result<()> {
    let level = match std::env::var("HOLDFAST_LOG") {
        Ok(level) if !level.is_empty() => level
            .parse()
            .context("HOLDFAST_LOG has to be error, warn, info, debug or trace")?,
        _ => LevelFilter::INFO,
    };
    let layer = fmt::layer().with_ansi(false);
    let layer = if std::io::stderr().is_terminal() {
        layer.with_writer(std::io::stderr).boxed()
    } else {
        layer.with_writer(file(state)?).boxed()
    };
    let layer = layer.with_filter(filter_fn(holdfast_aws::may_log));
    tracing_subscriber::registry()
        .with(level)
        .with(layer)
        .try_init()
        .context("cannot start the log")
}

fn file(state: &Path) -> anyhow::Result<File> {
    let path = state.join("agent.log");
    if path
        .metadata()
        .is_ok_and(|metadata| metadata.len() > MAX_BYTES)
    {
        // An older log than the last one is not worth failing for.
        let _ = std::fs::rename(&path, state.join("agent.log.1"));
    }
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
        .open(&path)
        .with_context(|| format!("cannot write {}", path.display()))
}
