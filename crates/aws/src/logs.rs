//! Which log records are safe to write.

use tracing::{Level, Metadata};

/// Prefix of the targets of our own crates.
const OURS: &str = "holdfast";

/// Whether a record may be written, whatever level somebody asked for.
///
/// Below the level `WARN` the AWS SDK and the HTTP libraries write whole requests and answers, with
/// one-time codes, session tokens and secret keys in them. Whoever installs a subscriber puts this
/// in front of every other filter, for example with `tracing_subscriber::filter::filter_fn`.
pub fn may_log(metadata: &Metadata<'_>) -> bool {
    *metadata.level() <= Level::WARN || metadata.target().starts_with(OURS)
}
