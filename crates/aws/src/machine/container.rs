//! The endpoint from which a container gets the credentials of its role
//! (<https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html>).

use super::settings::MachineSettings;
use super::{Document, Endpoint, secret_header, told};
use crate::client::AwsClient;
use crate::failure::{self, printable};
use ::http::{HeaderValue, Method};
use holdfast_core::credentials::Credentials;
use holdfast_core::failure::{Failure, FailureKind};
use secrecy::{ExposeSecret, SecretString};
use std::io::Read;
use std::path::Path;
use std::time::Duration;

/// Limit of one request; the endpoint is on the machine or next to it.
const TIMEOUT: Duration = Duration::from_secs(2);

/// A token is a few kilobytes at most.
const MAX_TOKEN_BYTES: u64 = 64 * 1024;

/// The credentials that the container's environment names.
pub(super) async fn credentials(
    client: &AwsClient,
    settings: &MachineSettings,
) -> Result<Credentials, Failure> {
    let url = settings.container();
    let url = url.map_err(|why| invalid(why.to_string()))?;
    let mut headers = vec![("accept", HeaderValue::from_static("application/json"))];
    headers.extend(authorization(settings)?.map(|token| ("authorization", token)));
    let endpoint = Endpoint::new(client, &url, TIMEOUT)?;
    let host = endpoint.host.as_str();
    match endpoint.ask(Method::GET, &url.to_string(), &headers).await {
        Some((200, body)) => Document::read(host, &body)?.credentials(host, client.clock().now()),
        Some((401 | 403, _)) => Err(told(
            FailureKind::Denied,
            format!(
                "{host} does not give this container credentials: check its role, and AWS_CONTAINER_AUTHORIZATION_TOKEN or the file that AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names"
            ),
        )),
        Some((status @ (400 | 404), _)) => Err(told(
            FailureKind::InvalidRequest,
            format!(
                "{host} has no credentials for this container ({status}); give its task or pod a role"
            ),
        )),
        Some((status, _)) => Err(endpoint.failed(status)),
        None => Err(failure::local(
            FailureKind::Offline,
            format!(
                "nothing answers at {host}, where the container's environment says its credentials are"
            ),
        )),
    }
}

/// The authorization token. The file goes first, because it is the one that can change.
fn authorization(settings: &MachineSettings) -> Result<Option<HeaderValue>, Failure> {
    let (token, place) = match (settings.token_file(), &settings.token) {
        (Some(file), _) => (read(file)?, file.display().to_string()),
        (None, Some(token)) => (
            token.clone(),
            "AWS_CONTAINER_AUTHORIZATION_TOKEN".to_owned(),
        ),
        (None, None) => return Ok(None),
    };
    let value = secret_header(token.expose_secret().trim_end());
    let value = value.filter(|value| !value.is_empty()).ok_or_else(|| {
        invalid(format!(
            "the container's authorization token in {place} is empty or holds a line break"
        ))
    })?;
    Ok(Some(value))
}

fn read(file: &Path) -> Result<SecretString, Failure> {
    let mut text = String::new();
    std::fs::File::open(file)
        .and_then(|open| open.take(MAX_TOKEN_BYTES).read_to_string(&mut text))
        .map_err(|error| {
            invalid(format!(
                "{} cannot be read, which AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names: {}",
                file.display(),
                error.kind()
            ))
        })?;
    Ok(text.into())
}

fn invalid(message: String) -> Failure {
    failure::local(FailureKind::InvalidRequest, printable(&message))
}
