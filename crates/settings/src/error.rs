//! Why settings cannot be used or changed.

use std::io;
use std::path::PathBuf;

/// Why settings cannot be used or changed.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file is there but cannot be read.
    #[error("cannot read {}", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The file is not TOML, has a key that is not known, or a value that does not do.
    #[error("{} is not valid{}: {reason}", file.display(), line_words(*line))]
    Invalid {
        /// The file.
        file: PathBuf,
        /// Line of the fault, counted from 1.
        line: Option<usize>,
        /// What is wrong.
        reason: String,
    },
    /// A value was to be set that does not do.
    #[error("{key} cannot be set: {reason}")]
    NotSet {
        /// The setting.
        key: String,
        /// What is wrong with the value.
        reason: String,
    },
    /// Another program changed the file since it was read.
    #[error("{} was changed by another program meanwhile; nothing was written", file.display())]
    Changed {
        /// The file.
        file: PathBuf,
    },
    /// The system refuses.
    #[error("cannot write {}", file.display())]
    Write {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

fn line_words(line: Option<usize>) -> String {
    line.map(|line| format!(" (line {line})"))
        .unwrap_or_default()
}
