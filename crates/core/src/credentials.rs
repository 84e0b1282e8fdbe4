//! AWS credentials as the agent holds them.

use crate::time::Timestamp;
use secrecy::SecretString;
use std::fmt;

/// An access key, with a session token when it is temporary.
///
/// Shared behind one `Arc`; there is no `Clone`, so that no further copy comes to be.
pub struct Credentials {
    /// Access key id. Not a secret.
    pub access_key_id: String,
    /// Secret access key.
    pub secret_access_key: SecretString,
    /// Session token of temporary credentials.
    pub session_token: Option<SecretString>,
    /// When temporary credentials end, by AWS's clock.
    pub expires_at: Option<Timestamp>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("access_key_id", &self.access_key_id)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}
