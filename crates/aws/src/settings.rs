//! What the client needs to know of its surroundings: proxy, certificates, time limits.

use secrecy::SecretString;
use std::path::PathBuf;
use std::time::Duration;

/// How AWS is reached. Holds a proxy's password, so it has no `Debug`.
#[derive(Default)]
pub struct ClientSettings {
    /// The proxy.
    pub proxy: Proxy,
    /// PEM file of certificate authorities to trust instead of the operating system's
    /// (`AWS_CA_BUNDLE`). Read again whenever it has changed.
    pub ca_bundle: Option<PathBuf>,
    /// Time limits.
    pub timeouts: Timeouts,
}

impl ClientSettings {
    /// The settings that the process environment asks for.
    pub fn from_environment() -> Self {
        let ca_bundle = std::env::var_os("AWS_CA_BUNDLE").filter(|path| !path.is_empty());
        Self {
            ca_bundle: ca_bundle.map(PathBuf::from),
            ..Self::default()
        }
    }
}

/// Whether a proxy stands between this machine and AWS.
#[derive(Default)]
pub enum Proxy {
    /// As `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` of this process say.
    #[default]
    Environment,
    /// None, whatever the environment says.
    Direct,
    /// A given one.
    Url {
        /// For example `http://proxy.example.com:3128`; may hold a user name and password.
        url: SecretString,
        /// Hosts to reach directly, in the form of `NO_PROXY`.
        no_proxy: Option<String>,
    },
}

/// Time limits of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Name resolution, connection and TLS handshake together.
    pub connect: Duration,
    /// One attempt, from its start to the end of the answer.
    pub attempt: Duration,
    /// The whole call with its retries.
    pub operation: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_millis(3_100),
            attempt: Duration::from_secs(10),
            operation: Duration::from_secs(25),
        }
    }
}
