//! The EC2 instance metadata service, version 2
//! (<https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html>).

use super::settings::MachineSettings;
use super::{Answered, Document, Endpoint, secret_header, told};
use crate::client::AwsClient;
use crate::failure::{self, name};
use ::http::{HeaderValue, Method};
use holdfast_core::credentials::Credentials;
use holdfast_core::failure::{Failure, FailureKind};

const TOKEN_PATH: &str = "/latest/api/token";
const ROLE_PATH: &str = "/latest/meta-data/iam/security-credentials/";

/// The header that asks for a token's lifetime, and the lifetime in seconds: long enough for what follows at once.
const TTL_HEADER: &str = "x-aws-ec2-metadata-token-ttl-seconds";
const TTL_SECONDS: &str = "60";

const TOKEN_HEADER: &str = "x-aws-ec2-metadata-token";

/// The code of a whole answer, and of the one that a role gives which EC2 may not assume.
const SUCCESS: &str = "Success";
const UNAUTHORIZED: &str = "AssumeRoleUnauthorizedAccess";

/// The credentials of the role that is attached to the instance.
pub(super) async fn credentials(
    client: &AwsClient,
    settings: &MachineSettings,
) -> Result<Credentials, Failure> {
    let base = settings.metadata();
    let base = base.map_err(|why| failure::local(FailureKind::InvalidRequest, why.to_string()))?;
    let endpoint = Endpoint::new(client, &base, settings.metadata_timeout)?;
    let base = base.to_string();
    let base = base.trim_end_matches('/');

    let token = token(&endpoint, base, settings.metadata_attempts).await?;
    let role = read(&endpoint, &format!("{base}{ROLE_PATH}"), &token).await?;
    let role = role_name(role.as_deref()).ok_or_else(no_role)?;
    let document = read(&endpoint, &format!("{base}{ROLE_PATH}{role}"), &token).await?;
    let document = Document::read(&endpoint.host, &document.ok_or_else(no_role)?)?;
    match document.code.as_deref() {
        None | Some(SUCCESS) => document.credentials(&endpoint.host, client.clock().now()),
        Some(UNAUTHORIZED) => Err(told(
            FailureKind::Denied,
            format!(
                "EC2 may not assume role {role} of this instance: its trust policy must name ec2.amazonaws.com"
            ),
        )),
        Some(code) => Err(told(
            FailureKind::Server,
            format!("instance metadata has no credentials of role {role} now ({code})"),
        )),
    }
}

/// A token, without which nothing is told. It is put, not got, so that whatever merely forwards requests has none.
async fn token(endpoint: &Endpoint, base: &str, attempts: u32) -> Result<HeaderValue, Failure> {
    let url = format!("{base}{TOKEN_PATH}");
    let lifetime = [(TTL_HEADER, HeaderValue::from_static(TTL_SECONDS))];
    let mut answered: Option<Answered> = None;
    for _ in 0..attempts {
        answered = endpoint.ask(Method::PUT, &url, &lifetime).await;
        if answered.as_ref().is_some_and(|(status, _)| *status < 500) {
            break;
        }
    }
    let host = &endpoint.host;
    match answered {
        Some((200, token)) => secret_header(token.trim())
            .filter(|token| !token.is_empty() && !token.as_bytes().contains(&b'<'))
            .ok_or_else(|| not_metadata(host)),
        Some((403, _)) => Err(told(
            FailureKind::InvalidRequest,
            format!(
                "instance metadata is switched off for this EC2 instance; switch it on in the instance's metadata options ({host} answered 403)"
            ),
        )),
        Some((status @ (429 | 500..), _)) => Err(endpoint.failed(status)),
        Some(_) => Err(not_metadata(host)),
        None => Err(failure::local(
            FailureKind::InvalidRequest,
            format!(
                "no instance metadata answers at {host}: this is not an EC2 instance, or a container on one whose metadata is limited to one network hop"
            ),
        )),
    }
}

/// What is at an address; nothing when there is no such thing.
async fn read(
    endpoint: &Endpoint,
    url: &str,
    token: &HeaderValue,
) -> Result<Option<String>, Failure> {
    let headers = [(TOKEN_HEADER, token.clone())];
    match endpoint.ask(Method::GET, url, &headers).await {
        Some((200, text)) => Ok(Some(text)),
        Some((404, _)) => Ok(None),
        // The token is seconds old, so only a service that began anew does not know it.
        Some((401, _)) => Err(endpoint.failed(503)),
        Some((status, _)) => Err(endpoint.failed(status)),
        None => Err(failure::local(
            FailureKind::Offline,
            format!("instance metadata at {} stopped answering", endpoint.host),
        )),
    }
}

/// The role in the list, which has one entry; its name becomes part of an address.
fn role_name(list: Option<&str>) -> Option<&str> {
    let role = list?.lines().next()?.trim();
    let plain = !role.contains(['/', ':', '*']) && !name(role, "").is_empty();
    plain.then_some(role)
}

fn no_role() -> Failure {
    told(
        FailureKind::InvalidRequest,
        "no role is attached to this EC2 instance; attach an instance profile with a role to it"
            .to_owned(),
    )
}

fn not_metadata(host: &str) -> Failure {
    told(
        FailureKind::InvalidRequest,
        format!(
            "what answers at {host} is not the instance metadata service, version 2: this is not an EC2 instance"
        ),
    )
}
