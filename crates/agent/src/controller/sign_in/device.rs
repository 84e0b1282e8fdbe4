//! Signing in on another device: the person types a code there while the token is asked for again and again
//! (RFC 8628). Never begun but by the person's explicit choice, and never with a link that holds the code.

use super::flow::{self, Page, Prepared, Waiting};
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::port::{
    ClientRegistration, CreateToken, DeviceAuthorization, Grant, PortalToken, SsoOidc,
};
use holdfast_core::sso::Portal;
use holdfast_core::time::Timestamp;
use secrecy::SecretString;
use std::sync::Arc;
use std::time::Duration;

/// How much longer to wait between two questions after each `slow_down` (RFC 8628, section 3.5).
const SLOW_DOWN: Duration = Duration::from_secs(5);

/// The pause that is kept at least, whatever the server says.
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);

/// A device authorization that waits for the person.
pub(in super::super) struct Device {
    portal: Portal,
    client: Arc<ClientRegistration>,
    device_code: SecretString,
    interval: Duration,
    lifetime: Duration,
}

/// Begins a sign-in on another device. A client that the server has forgotten is registered again.
pub(in super::super) async fn prepare<S: SsoOidc>(
    aws: &S,
    portal: Portal,
    known_client: Option<Arc<ClientRegistration>>,
    now: Timestamp,
) -> Result<Prepared, Failure> {
    let begun = match known_client {
        Some(client) => match aws.start_device_authorization(&portal, &client).await {
            Err(failure) if failure.kind == FailureKind::ClientUnknown => None,
            begun => Some((begun?, client)),
        },
        None => None,
    };
    let (begun, client) = match begun {
        Some(begun) => begun,
        None => {
            let client = flow::register(aws, &portal, false).await?;
            let begun = aws.start_device_authorization(&portal, &client).await?;
            (begun, client)
        }
    };
    let DeviceAuthorization {
        device_code,
        user_code,
        verification_uri,
        expires_at,
        interval_seconds,
    } = begun;
    let lifetime = u64::try_from(expires_at.seconds_since(now)).unwrap_or(0);
    Ok(Prepared {
        page: Page {
            url: verification_uri,
            user_code: Some(user_code),
            expires_at,
        },
        client: Some(Arc::clone(&client)),
        waiting: Waiting::Device(Device {
            portal,
            client,
            device_code,
            interval: Duration::from_secs(interval_seconds.into()).max(SHORTEST_PAUSE),
            lifetime: Duration::from_secs(lifetime),
        }),
    })
}

/// Asks for the token until the person has answered.
pub(in super::super) async fn token<S: SsoOidc>(
    aws: &S,
    device: Device,
) -> Result<(PortalToken, Arc<ClientRegistration>), Failure> {
    let title = device.portal.title().to_owned();
    let asking = async {
        let mut pause = device.interval;
        loop {
            tokio::time::sleep(pause).await;
            let request = CreateToken {
                portal: &device.portal,
                client: &device.client,
                grant: Grant::DeviceCode(device.device_code.clone()),
            };
            match aws.create_token(request).await {
                Ok(token) => return Ok(token),
                Err(failure) => match failure.kind {
                    FailureKind::AuthorizationPending => {}
                    FailureKind::SlowDown => pause += SLOW_DOWN,
                    // The person goes on beyond this network's fault, and so does this.
                    FailureKind::Throttled
                    | FailureKind::Offline
                    | FailureKind::Intercepted
                    | FailureKind::Server => {}
                    FailureKind::Denied => return Err(flow::refused(&title)),
                    FailureKind::SessionEnded => return Err(ended(&title)),
                    FailureKind::WrongCode
                    | FailureKind::MfaMissing
                    | FailureKind::KeyInactive
                    | FailureKind::InvalidRequest
                    | FailureKind::ClockSkew
                    | FailureKind::ClientUnknown
                    | FailureKind::SourceUnavailable
                    | FailureKind::Exists => return Err(failure),
                },
            }
        }
    };
    let token = tokio::time::timeout(device.lifetime, asking).await;
    let token = token.unwrap_or_else(|_| Err(ended(&title)))?;
    Ok((token, device.client))
}

fn ended(title: &str) -> Failure {
    flow::not_done(
        format!("nobody typed the code for {title} before it ended"),
        FailureKind::Denied,
    )
}
