//! Why the keychain could not do what was asked: one variant per decision of the caller.

use std::error::Error;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// The error underneath, as the platform gave it.
pub type Cause = Box<dyn Error + Send + Sync>;

/// Why a call to the keychain failed. Never contains a secret.
#[derive(Debug, thiserror::Error)]
pub enum KeychainError {
    /// The person has to unlock it first.
    #[error("the keychain is locked")]
    Locked,
    /// There is no keychain: no session bus, no service on it, or no credential set for this logon.
    #[error("there is no keychain in this session")]
    Absent {
        /// What the platform said.
        #[source]
        source: Option<Cause>,
    },
    /// It did not answer in time. Whether a change was made is not known.
    #[error("the keychain does not answer; it is asked again in {} s", retry_in.as_secs())]
    Hung {
        /// How long calls are refused at once before it is asked again.
        retry_in: Duration,
    },
    /// The person dismissed the keychain's prompt, or it refuses this program.
    #[error("the keychain refused access")]
    Denied {
        /// What the platform said.
        #[source]
        source: Option<Cause>,
    },
    /// Nobody answered the keychain's own prompt in time.
    #[error("nobody answered the prompt of the keychain")]
    Unanswered,
    /// The passphrase does not open the key file.
    #[error("the passphrase does not open {}, or the file is damaged", file.display())]
    WrongPassphrase {
        /// The key file.
        file: PathBuf,
    },
    /// The key file needs a passphrase to be opened or created.
    #[error("{} needs a passphrase", file.display())]
    PassphraseNeeded {
        /// The key file.
        file: PathBuf,
    },
    /// The key file is not readable as one. It is left as it is.
    #[error("{} is damaged: {reason}", file.display())]
    DamagedFile {
        /// The key file.
        file: PathBuf,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// An item is not of the form that Holdfast writes.
    #[error("the {item} in the keychain is not in a form that Holdfast writes")]
    DamagedItem {
        /// The item, in words.
        item: String,
    },
    /// Several items answer to the same name; the person has to remove one.
    #[error("the keychain has more than one {item}")]
    Ambiguous {
        /// The item, in words.
        item: String,
    },
    /// What was to be kept cannot be kept.
    #[error("{what}")]
    Invalid {
        /// What is wrong, in words, without the value.
        what: &'static str,
    },
    /// The item is larger than the smallest limit of the platforms.
    #[error("an item of {length} bytes is over the keychain's limit of {limit}")]
    TooLarge {
        /// Length of the item in bytes.
        length: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// Reading or writing the key file failed.
    #[error("{} cannot be used", file.display())]
    Io {
        /// The key file.
        file: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The keychain answered with an error of its own.
    #[error("the keychain failed")]
    Failed {
        /// What the platform said.
        #[source]
        source: Cause,
    },
}

impl KeychainError {
    /// A person has to act before the same call can succeed.
    pub fn requires_human(&self) -> bool {
        matches!(
            self,
            Self::Locked
                | Self::Denied { .. }
                | Self::Unanswered
                | Self::WrongPassphrase { .. }
                | Self::PassphraseNeeded { .. }
        )
    }
}

/// The error and everything beneath it on one line, for a message to a person.
pub(crate) fn with_sources(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
