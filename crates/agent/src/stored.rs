//! The form of the sealed store's contents: JSON, versioned, decoded by hand into our own types.

mod chain;
mod console;
mod portal;

pub(crate) use console::StoredConsoleLogin;
pub(crate) use portal::{StoredClient, StoredLimit, StoredSignIn};

use chain::{StoredSource, StoredStep};
use holdfast_agent_proto::secret;
use holdfast_core::chain::Chain;
use holdfast_core::credentials::Credentials;
use holdfast_core::endpoint::EndpointSettings;
use holdfast_core::time::Timestamp;
use holdfast_core::totp_ledger::{AnsweredCode, CodeDigest};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// Version of the form that this release writes. It reads the first one, too: what was added since may be absent.
const VERSION: u32 = 2;

/// Everything that outlives the agent.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Stored {
    version: u32,
    pub(crate) sessions: Vec<StoredSession>,
    pub(crate) answered_codes: Vec<StoredCode>,
    pub(crate) clock_offset_seconds: i64,
    /// Sign-ins to portals.
    #[serde(default)]
    pub(crate) portals: Vec<StoredSignIn>,
    /// Sign-ins to the AWS console.
    #[serde(default)]
    pub(crate) console_logins: Vec<StoredConsoleLogin>,
    /// Clients that are registered with portals.
    #[serde(default)]
    pub(crate) clients: Vec<StoredClient>,
    /// How long sessions of portals last.
    #[serde(default)]
    pub(crate) portal_limits: Vec<StoredLimit>,
}

/// What is known of a session besides what it holds.
pub(crate) struct Known {
    /// The chain to it.
    pub(crate) chain: Chain,
    /// Profiles that use it.
    pub(crate) profiles: Vec<String>,
    /// When it was last asked for.
    pub(crate) last_used: Timestamp,
}

/// One session with its credentials.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct StoredSession {
    // Not a structure of its own: the first version has these fields here.
    profiles: Vec<String>,
    last_used: i64,
    region: Option<String>,
    source: StoredSource,
    steps: Vec<StoredStep>,
    access_key_id: String,
    #[serde(with = "secret")]
    secret_access_key: SecretString,
    #[serde(default, with = "secret::option")]
    session_token: Option<SecretString>,
    expires_at: i64,
}

/// A one-time code that AWS has answered, as its digest.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct StoredCode {
    serial: String,
    digest: u64,
    step: i64,
}

impl Stored {
    /// Nothing yet.
    pub(crate) fn new(clock_offset_seconds: i64) -> Self {
        Self {
            version: VERSION,
            sessions: Vec::new(),
            answered_codes: Vec::new(),
            clock_offset_seconds,
            portals: Vec::new(),
            console_logins: Vec::new(),
            clients: Vec::new(),
            portal_limits: Vec::new(),
        }
    }

    /// The contents in a buffer that is erased when dropped.
    pub(crate) fn encode(&self) -> Zeroizing<Vec<u8>> {
        // Room for all of it, so that no growing buffer leaves a copy behind.
        let bytes = 4096 * (self.sessions.len() + 1)
            + 16_384 * (self.portals.len() + self.clients.len())
            + 256 * (self.answered_codes.len() + self.portal_limits.len());
        let mut contents = Zeroizing::new(Vec::with_capacity(bytes));
        // Writing plain data into memory cannot fail.
        if serde_json::to_writer(&mut *contents, self).is_err() {
            contents.clear();
        }
        contents
    }

    /// Decodes the store; `None` when a newer release wrote it or it is not ours.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice::<Self>(bytes)
            .ok()
            .filter(|stored| (1..=VERSION).contains(&stored.version))
    }
}

impl StoredSession {
    /// A session as it is kept; `None` without an end.
    pub(crate) fn of(known: Known, credentials: &Credentials) -> Option<Self> {
        Some(Self {
            profiles: known.profiles,
            last_used: known.last_used.unix_seconds(),
            region: known.chain.region,
            source: StoredSource::of(known.chain.source),
            steps: known.chain.steps.into_iter().map(StoredStep::of).collect(),
            access_key_id: credentials.access_key_id.clone(),
            secret_access_key: credentials.secret_access_key.clone(),
            session_token: credentials.session_token.clone(),
            expires_at: credentials.expires_at?.unix_seconds(),
        })
    }

    /// What is known of it, its credentials and when they end.
    pub(crate) fn restore(self) -> (Known, Credentials, Timestamp) {
        let expires_at = Timestamp::from_unix_seconds(self.expires_at);
        let known = Known::restore(
            self.profiles,
            self.last_used,
            self.region,
            self.source,
            self.steps,
        );
        let credentials = Credentials {
            access_key_id: self.access_key_id,
            secret_access_key: self.secret_access_key,
            session_token: self.session_token,
            expires_at: Some(expires_at),
        };
        (known, credentials, expires_at)
    }
}

impl Known {
    fn restore(
        profiles: Vec<String>,
        last_used: i64,
        region: Option<String>,
        source: StoredSource,
        steps: Vec<StoredStep>,
    ) -> Self {
        Self {
            chain: Chain {
                profile: profiles.first().cloned().unwrap_or_default(),
                region,
                // Not kept: the files say it again at the next request.
                endpoint: EndpointSettings::default(),
                source: source.restore(),
                steps: steps.into_iter().map(StoredStep::restore).collect(),
                problems: Vec::new(),
            },
            profiles,
            last_used: Timestamp::from_unix_seconds(last_used),
        }
    }
}

impl StoredCode {
    pub(crate) fn of(serial: &str, code: AnsweredCode) -> Self {
        Self {
            serial: serial.to_owned(),
            digest: code.digest.0,
            step: code.step,
        }
    }

    pub(crate) fn restore(self) -> (String, AnsweredCode) {
        let code = AnsweredCode {
            digest: CodeDigest(self.digest),
            step: self.step,
        };
        (self.serial, code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_core::chain::{KeyLocation, Source, Step};

    /// As the first release wrote it.
    const VERSION_1: &str = r#"{"version":1,"sessions":[{"profiles":["dev"],"last-used":7,"region":"eu-west-1",
        "source":{"access-key-id":"AKIAIOSFODNN7EXAMPLE","profile":"base","in-keychain":true},
        "steps":[{"get-session-token":{"mfa-serial":"arn:aws:iam::111122223333:mfa/jane","duration-seconds":null}}],
        "access-key-id":"ASIA","secret-access-key":"secret","session-token":"token","expires-at":9}],
        "answered-codes":[{"serial":"arn:aws:iam::111122223333:mfa/jane","digest":1,"step":2}],
        "clock-offset-seconds":3}"#;

    #[test]
    fn the_first_version_is_still_read() {
        let stored = Stored::decode(VERSION_1.as_bytes()).unwrap();
        assert_eq!(stored.clock_offset_seconds, 3);
        assert_eq!(stored.answered_codes.len(), 1);
        let session = stored.sessions.into_iter().next().unwrap();
        let (known, credentials, expires_at) = session.restore();
        assert_eq!(known.profiles, ["dev"]);
        assert_eq!(known.last_used, Timestamp::from_unix_seconds(7));
        assert_eq!(
            known.chain.source,
            Source::AccessKey {
                access_key_id: "AKIAIOSFODNN7EXAMPLE".to_owned(),
                profile: "base".to_owned(),
                location: KeyLocation::Keychain,
            }
        );
        assert!(matches!(
            known.chain.steps[..],
            [Step::GetSessionToken { .. }]
        ));
        assert_eq!(credentials.access_key_id, "ASIA");
        assert_eq!(expires_at, Timestamp::from_unix_seconds(9));
    }

    #[test]
    fn a_later_version_is_left_alone() {
        let later = VERSION_1.replace("\"version\":1", "\"version\":3");
        assert!(Stored::decode(later.as_bytes()).is_none());
    }
}
