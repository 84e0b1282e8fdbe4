//! `StartDeviceAuthorization`.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{ApiError, ApiRequest, authenticate, invalid_request, read};
use crate::endpoint::Endpoint;
use crate::model::World;
use crate::model::identity_center::Grant;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Start {
    client_id: String,
    client_secret: String,
    start_url: String,
}

pub(super) fn start(
    world: &mut World,
    endpoint: &Endpoint,
    request: &ApiRequest,
    now: Timestamp,
) -> Result<Value, ApiError> {
    let asked: Start = read(request)?;
    let center = &mut world.identity_center;
    let credentials = (asked.client_id.as_str(), asked.client_secret.as_str());
    let client = authenticate(
        &center.clients,
        endpoint,
        credentials,
        Grant::DeviceCode,
        now,
    )?;
    // The same answer to a start URL that does not exist and to one of another region, as AWS gives it.
    let portal = center
        .portals
        .iter()
        .find(|portal| portal.is_at(&asked.start_url, &endpoint.region))
        .ok_or_else(|| invalid_request("Invalid request"))?;
    let device = center.approvals.start_device(portal, client, now);
    let page = portal.device_page();
    let code = device.code.clone();
    let answer = json!({
        "deviceCode": code.reveal(),
        "userCode": device.user_code,
        "verificationUri": page,
        "verificationUriComplete": format!("{page}?user_code={}", device.user_code),
        "expiresIn": portal.policy.device_seconds,
        "interval": portal.policy.poll_seconds,
    });
    world.note_secret("device code", code);
    Ok(answer)
}
