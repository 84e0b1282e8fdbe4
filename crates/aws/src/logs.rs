//! Which log records are safe to write.

use tracing::{Level, Metadata};

/// Prefix of the targets of our own crates.
const OURS: &str = "holdfast";

/// Whether a record may be written, whatever level somebody asked for.
///
/// Below the level `WARN` the AWS SDK and the HTTP libraries write requests and answers. They leave
/// out most secrets, but not what AWS repeats in a refusal, a mistyped one-time code for example;
/// and environment variables (`LOG_SIGNABLE_BODY`, `LOG_SENSITIVE_BODIES`) make them write the rest
/// too. Whoever installs a subscriber puts this in front of every other filter, for example with
/// `tracing_subscriber::filter::filter_fn` as a layer.
pub fn may_log(metadata: &Metadata<'_>) -> bool {
    *metadata.level() <= Level::WARN || metadata.target().starts_with(OURS)
}
