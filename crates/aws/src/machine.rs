//! Credentials that the machine has: an EC2 instance's or a container's, asked for directly and never through a proxy.

mod container;
mod instance;
mod settings;

pub use settings::MachineSettings;

use crate::client::AwsClient;
use crate::failure::{self, printable};
use crate::http::{self, Cause};
use ::http::{HeaderValue, Method, Request, Uri};
use aws_smithy_runtime_api::client::http::SharedHttpConnector;
use aws_smithy_types::DateTime;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::date_time::Format;
use holdfast_core::credentials::Credentials;
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::port::MachineCredentials;
use holdfast_core::time::Timestamp;
use secrecy::SecretString;
use serde::Deserialize;
use std::time::Duration;

impl MachineCredentials for AwsClient {
    async fn instance_metadata(&self) -> Result<Credentials, Failure> {
        instance::credentials(self, &self.machine_settings()).await
    }

    async fn container(&self) -> Result<Credentials, Failure> {
        container::credentials(self, &self.machine_settings()).await
    }
}

/// Asks one endpoint of the machine.
struct Endpoint {
    connector: SharedHttpConnector,
    /// Host and port, for explanations.
    host: String,
    /// Limit of one request.
    limit: Duration,
}

/// An answer: status and body.
type Answered = (u16, String);

impl Endpoint {
    fn new(client: &AwsClient, url: &Uri, limit: Duration) -> Result<Self, Failure> {
        let by_tls = url.scheme_str() == Some("https");
        let connector = client.transport().direct(by_tls, limit);
        let connector = connector
            .map_err(|error| failure::local(FailureKind::InvalidRequest, error.to_string()))?;
        let host = url.authority().map(ToString::to_string);
        Ok(Self {
            connector,
            host: host.unwrap_or_default(),
            limit,
        })
    }

    /// Sends one request with these headers; nothing when no answer came in time.
    async fn ask(
        &self,
        method: Method,
        url: &str,
        headers: &[(&'static str, HeaderValue)],
    ) -> Option<Answered> {
        let asked = tokio::time::timeout(self.limit, self.send(method, url, headers)).await;
        match asked {
            Ok(Ok(answered)) => Some(answered),
            Ok(Err(error)) => {
                tracing::debug!(host = self.host, %error, "the machine's endpoint cannot be reached");
                None
            }
            Err(_) => {
                tracing::debug!(host = self.host, "the machine's endpoint does not answer");
                None
            }
        }
    }

    async fn send(
        &self,
        method: Method,
        url: &str,
        headers: &[(&'static str, HeaderValue)],
    ) -> Result<Answered, Cause> {
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let request = request.header("content-length", 0).body(SdkBody::empty())?;
        let received = http::send(&self.connector, request).await?;
        let status = received.status();
        Ok((status, String::from_utf8(received.body)?))
    }

    /// The failure that a status means which is no particular one's of this endpoint.
    fn failed(&self, status: u16) -> Failure {
        let host = &self.host;
        match status {
            429 => told(FailureKind::Throttled, format!("{host} asked to slow down")),
            500.. => told(FailureKind::Server, format!("{host} failed with {status}")),
            _ => told(
                FailureKind::InvalidRequest,
                format!("{host} does not answer as AWS does there ({status})"),
            ),
        }
    }
}

/// Credentials as both endpoints write them, or why there are none.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Document {
    /// `Success` unless something is wrong with the role.
    code: Option<String>,
    access_key_id: Option<String>,
    secret_access_key: Option<String>,
    token: Option<String>,
    expiration: Option<String>,
}

impl Document {
    /// Reads an answer of `host`.
    fn read(host: &str, body: &str) -> Result<Self, Failure> {
        serde_json::from_str(body).map_err(|_| incomplete(host))
    }

    /// The credentials, when they are whole and have not ended by `now`.
    fn credentials(self, host: &str, now: Timestamp) -> Result<Credentials, Failure> {
        let expires_at = self
            .expiration
            .map(|text| DateTime::from_str(&text, Format::DateTime))
            .transpose()
            .map_err(|_| incomplete(host))?
            .map(|time| Timestamp::from_unix_seconds(time.secs()));
        let (Some(access_key_id), Some(secret_access_key)) =
            (self.access_key_id, self.secret_access_key)
        else {
            return Err(incomplete(host));
        };
        if expires_at.is_some_and(|ends| ends <= now) {
            return Err(told(
                FailureKind::Server,
                format!(
                    "the credentials at {host} have ended, and AWS has not put new ones there yet"
                ),
            ));
        }
        Ok(Credentials {
            access_key_id,
            secret_access_key: secret_access_key.into(),
            session_token: self.token.map(SecretString::from),
            expires_at,
        })
    }
}

fn incomplete(host: &str) -> Failure {
    told(
        FailureKind::Server,
        format!("the answer of {host} is not a whole set of credentials"),
    )
}

/// A failure that the endpoint told.
fn told(kind: FailureKind, message: String) -> Failure {
    Failure {
        kind,
        message: printable(&message),
        answered: true,
        retry_at: None,
    }
}

/// A header that no log shows; nothing when the text cannot be one.
fn secret_header(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}
