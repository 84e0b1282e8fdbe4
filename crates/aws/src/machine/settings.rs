//! What the environment says about the machine's endpoints, and which addresses are taken from it.

use ::http::Uri;
use secrecy::SecretString;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Instance metadata's own addresses
/// (<https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html>).
const METADATA: &str = "http://169.254.169.254";
const METADATA_IPV6: &str = "http://[fd00:ec2::254]";

/// What a relative address of a container's credentials is relative to.
const CONTAINER: &str = "http://169.254.170.2";

/// Addresses besides this machine's own that a container's credentials may come from in plain HTTP
/// (<https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html>).
const CONTAINER_HOSTS: [&str; 3] = ["169.254.170.2", "169.254.170.23", "fd00:ec2::23"];

/// Limits of `AWS_METADATA_SERVICE_TIMEOUT` in seconds, and of `AWS_METADATA_SERVICE_NUM_ATTEMPTS`.
const TIMEOUT_SECONDS: std::ops::RangeInclusive<u64> = 1..=10;
const ATTEMPTS: std::ops::RangeInclusive<u32> = 1..=5;

/// Where a machine's credentials are, as the environment says.
#[derive(Clone, Debug)]
pub struct MachineSettings {
    metadata_disabled: bool,
    metadata_endpoint: Option<String>,
    metadata_ipv6: bool,
    /// Limit of one request to instance metadata, which is next door and answers at once.
    pub(super) metadata_timeout: Duration,
    /// How often instance metadata is asked for a token.
    pub(super) metadata_attempts: u32,
    relative_uri: Option<String>,
    full_uri: Option<String>,
    pub(super) token: Option<SecretString>,
    token_file: Option<PathBuf>,
}

/// Why there is no address to ask.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoAddress {
    #[error(
        "instance metadata is switched off by AWS_EC2_METADATA_DISABLED in the agent's environment"
    )]
    Disabled,
    #[error("{0} in the agent's environment is not an address such as http://127.0.0.1:1234/")]
    NotAUrl(&'static str),
    #[error(
        "{variable} names {host}, which credentials are not taken from over plain HTTP: use https"
    )]
    NotAllowed {
        variable: &'static str,
        host: String,
    },
    #[error(
        "this is not a container with a role: neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set in the agent's environment"
    )]
    NoContainer,
}

impl MachineSettings {
    /// The settings of this process's environment.
    pub(crate) fn from_environment() -> Self {
        Self::resolve(|name| std::env::var(name).ok())
    }

    /// The settings of a given environment.
    pub fn resolve(environment: impl Fn(&str) -> Option<String>) -> Self {
        let value = |name: &str| environment(name).filter(|value| !value.trim().is_empty());
        let is = |name: &str, wanted: &str| {
            value(name).is_some_and(|value| value.trim().eq_ignore_ascii_case(wanted))
        };
        let seconds = value("AWS_METADATA_SERVICE_TIMEOUT").and_then(|text| text.parse().ok());
        let attempts =
            value("AWS_METADATA_SERVICE_NUM_ATTEMPTS").and_then(|text| text.parse().ok());
        Self {
            metadata_disabled: is("AWS_EC2_METADATA_DISABLED", "true"),
            metadata_endpoint: value("AWS_EC2_METADATA_SERVICE_ENDPOINT"),
            metadata_ipv6: is("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ipv6"),
            metadata_timeout: Duration::from_secs(seconds.map_or(1, |seconds: u64| {
                seconds.clamp(*TIMEOUT_SECONDS.start(), *TIMEOUT_SECONDS.end())
            })),
            metadata_attempts: attempts.map_or(1, |attempts: u32| {
                attempts.clamp(*ATTEMPTS.start(), *ATTEMPTS.end())
            }),
            relative_uri: value("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"),
            full_uri: value("AWS_CONTAINER_CREDENTIALS_FULL_URI"),
            token: value("AWS_CONTAINER_AUTHORIZATION_TOKEN").map(SecretString::from),
            token_file: value("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE").map(PathBuf::from),
        }
    }

    /// The file that holds a container's authorization token, which may change at any time.
    pub(super) fn token_file(&self) -> Option<&Path> {
        self.token_file.as_deref()
    }

    /// The base of instance metadata's addresses, without a slash at its end.
    pub(super) fn metadata(&self) -> Result<Uri, NoAddress> {
        const VARIABLE: &str = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
        if self.metadata_disabled {
            return Err(NoAddress::Disabled);
        }
        let text = match &self.metadata_endpoint {
            Some(given) => given.trim_end_matches('/'),
            None if self.metadata_ipv6 => METADATA_IPV6,
            None => METADATA,
        };
        let is_metadata = |address: IpAddr| match address {
            IpAddr::V4(address) => address.is_link_local(),
            IpAddr::V6(address) => {
                address.segments().starts_with(&[0xfd00, 0x0ec2]) || address.is_unicast_link_local()
            }
        };
        address(text, VARIABLE, is_metadata)
    }

    /// The address of the container's credentials.
    pub(super) fn container(&self) -> Result<Uri, NoAddress> {
        const FULL: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
        const RELATIVE: &str = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
        let is_container = |address: IpAddr| {
            CONTAINER_HOSTS
                .iter()
                .any(|host| host.parse() == Ok(address))
        };
        match (&self.relative_uri, &self.full_uri) {
            (Some(path), _) if path.starts_with('/') => {
                address(&format!("{CONTAINER}{path}"), RELATIVE, is_container)
            }
            (Some(_), _) => Err(NoAddress::NotAUrl(RELATIVE)),
            (None, Some(url)) => address(url, FULL, is_container),
            (None, None) => Err(NoAddress::NoContainer),
        }
    }
}

/// An address from the environment: by TLS any host, else this machine itself or a host that `allowed` knows.
fn address(
    text: &str,
    variable: &'static str,
    allowed: impl Fn(IpAddr) -> bool,
) -> Result<Uri, NoAddress> {
    let not_a_url = || NoAddress::NotAUrl(variable);
    let url: Uri = text.trim().parse().map_err(|_| not_a_url())?;
    let host = url.host().ok_or_else(not_a_url)?;
    if url
        .authority()
        .is_some_and(|all| all.as_str().contains('@'))
    {
        return Err(not_a_url());
    }
    let is_allowed = match url.scheme_str() {
        Some("https") => true,
        Some("http") => {
            let bare = host.trim_start_matches('[').trim_end_matches(']');
            let address = bare.parse::<IpAddr>();
            host == "localhost" || address.is_ok_and(|ip| ip.is_loopback() || allowed(ip))
        }
        Some(_) | None => return Err(not_a_url()),
    };
    if is_allowed {
        return Ok(url);
    }
    let host = host.to_owned();
    Err(NoAddress::NotAllowed { variable, host })
}

#[cfg(test)]
mod tests;
