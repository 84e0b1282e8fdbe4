//! Temporary credentials and what they stand for.

use jiff::{SignedDuration, Timestamp};

use crate::clock::shifted;
use crate::hidden::Hidden;
use crate::policy::Document;
use crate::random;

/// One set of temporary credentials.
#[derive(Debug)]
pub(crate) struct Session {
    /// `ASIA…`.
    pub(crate) access_key_id: String,
    pub(crate) secret: Hidden,
    pub(crate) token: Hidden,
    pub(crate) issued: Timestamp,
    pub(crate) expires: Timestamp,
    pub(crate) account: String,
    pub(crate) owner: Owner,
    /// When the one-time code behind this session was given.
    pub(crate) mfa_at: Option<Timestamp>,
}

/// Whose session it is.
#[derive(Debug)]
pub(crate) enum Owner {
    /// A user's, from `GetSessionToken`.
    User {
        /// The user's name.
        name: String,
    },
    /// A role's, from `AssumeRole`.
    Role {
        /// The role's name.
        name: String,
        session_name: String,
        source_identity: Option<String>,
        /// Assumed with the credentials of another session.
        chained: bool,
        /// What was given as `Policy`: the session may do no more than this.
        policy: Option<Document>,
    },
}

impl Session {
    pub(crate) fn new(
        account: &str,
        owner: Owner,
        seconds: i64,
        mfa_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Self {
        Self {
            access_key_id: random::identifier("ASIA"),
            secret: random::secret_access_key(),
            token: random::session_token(),
            issued: now,
            expires: shifted(now, SignedDuration::from_secs(seconds)),
            account: account.to_owned(),
            owner,
            mfa_at,
        }
    }
}
