//! What the agent orders and what the launcher answers, as frames of the agent's own protocol.

use holdfast_agent_proto::secret;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Largest frame in either direction, in bytes.
pub(super) const MAX_BYTES: usize = 1024 * 1024;

/// One order, with a number that its answer repeats.
#[derive(Serialize, Deserialize)]
pub(super) struct Numbered<T> {
    pub(super) id: u64,
    pub(super) it: T,
}

/// What the launcher is to do. Holds secrets, so it has no `Debug`.
#[derive(Serialize, Deserialize)]
pub(super) enum Order {
    /// Run a program and answer what it printed.
    Run(Program),
    /// End the program that the order of the same number started; it has no answer any more.
    Cancel,
    /// Change a cache of the AWS CLI's.
    Cache(CacheOrder),
}

/// A `credential_process`, split into words. Its arguments may be secrets, so it has no `Debug`.
#[derive(Serialize, Deserialize)]
pub(crate) struct Program {
    /// The profile that it is run for.
    pub(crate) profile: String,
    /// The program and its arguments; never empty.
    pub(crate) words: Vec<String>,
    /// The AWS config file in which it stands.
    pub(crate) config_file: PathBuf,
    /// The AWS credentials file beside it.
    pub(crate) credentials_file: PathBuf,
    /// How long it may take, in milliseconds.
    pub(crate) limit_milliseconds: u64,
}

/// A change of a cache of the AWS CLI's. Which file it concerns follows from what it is about; an order names none.
#[derive(Serialize, Deserialize)]
pub(crate) enum CacheOrder {
    /// Shares a portal's access token, unless the file there is somebody's sign-in.
    PublishToken {
        /// Name of the `sso-session` section, or the start URL of a profile without one.
        of: String,
        /// Start URL, as the file has it.
        start_url: String,
        /// Region of the portal.
        region: String,
        /// The token.
        #[serde(with = "secret")]
        access_token: SecretString,
        /// When it ends, in seconds since 1970 by this machine's clock.
        expires_at: i64,
        /// The time by this machine's clock.
        now: i64,
    },
    /// Removes a shared access token, if the file still holds exactly that.
    WithdrawToken {
        /// As for `PublishToken`.
        of: String,
        /// The token.
        #[serde(with = "secret")]
        access_token: SecretString,
    },
    /// Puts renewed credentials of `aws login` back, if nobody else has renewed them.
    RenewLogin {
        /// The profile's `login_session`.
        login_session: String,
        /// The file's version that they were renewed from.
        from: String,
        /// Access key id.
        access_key_id: String,
        /// Secret access key.
        #[serde(with = "secret")]
        secret_access_key: SecretString,
        /// Session token.
        #[serde(with = "secret")]
        session_token: SecretString,
        /// When they end, in seconds since 1970 by this machine's clock.
        expires_at: i64,
        /// The refresh token that came with them.
        #[serde(with = "secret")]
        refresh_token: SecretString,
    },
}

/// What became of an order.
#[derive(Serialize, Deserialize)]
pub(super) enum Outcome {
    /// The program ended well and printed this.
    Printed(#[serde(with = "secret")] SecretString),
    /// The program did not do what it should.
    NotRun(RunError),
    /// The cache is as ordered; not when somebody else's word counts in that file.
    Cached(bool),
    /// The cache could not be changed.
    NotCached(String),
}

/// Why a program brought nothing. Never quotes what it printed for the agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub(crate) enum RunError {
    /// It did not start.
    #[error("it cannot be started: {0}")]
    NotStarted(String),
    /// It took too long and was ended.
    #[error("it did not end within {seconds} s and was stopped")]
    TooSlow {
        /// The limit.
        seconds: u64,
    },
    /// It printed more than credentials are.
    #[error("it printed more than {kibibytes} KiB and was stopped")]
    TooMuch {
        /// The limit.
        kibibytes: usize,
    },
    /// It printed something else than text.
    #[error("it printed something that is not UTF-8 text")]
    NotText,
    /// It failed, and said so.
    #[error("it ended with {status}{}", .said.as_ref().map(|said| format!(": {said}")).unwrap_or_default())]
    Failed {
        /// Its exit status in words.
        status: String,
        /// The last line of its stderr, made safe to show.
        said: Option<String>,
    },
}
