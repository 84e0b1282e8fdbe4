//! The portal's pages: the start page, and the one on which people let devices in.

use jiff::Timestamp;

use super::Parameters;
use crate::calls::Call;
use crate::endpoint::Endpoint;
use crate::model::World;
use crate::model::identity_center::Decision;
use crate::service::oidc::page;
use crate::service::{ApiRequest, Reply};

/// Where the start page leads those who come with a device's code.
const DEVICE: &str = "/device";

/// Notes which page is asked for.
pub(super) fn identify(request: &ApiRequest, call: &mut Call) {
    let parts = &request.parts;
    let is_device_page = is_regional(&call.host) || parts.uri.path() == DEVICE;
    let operation = match (parts.method.as_str(), is_device_page) {
        ("POST", _) => "DeviceConsent",
        (_, true) => "DevicePage",
        (_, false) => "StartPage",
    };
    call.operation = operation.to_owned();
}

/// Answers a request for a page, or takes what a person said.
pub(super) fn answer(
    world: &mut World,
    endpoint: &Endpoint,
    request: &ApiRequest,
    now: Timestamp,
) -> Reply {
    let path = request.parts.uri.path();
    let is_regional = is_regional(&endpoint.host);
    let host = format!("https://{}/", endpoint.host);
    let start_url = world
        .identity_center
        .portals
        .iter()
        .map(|portal| &portal.start_url)
        .find(|url| url.starts_with(&host));
    if !is_regional && start_url.is_none() {
        return page::refusal("There is no access portal at this address.");
    }
    match (request.parts.method.as_str(), path) {
        ("GET", "/") if is_regional => device_page(world, request, "/", now),
        ("GET", DEVICE) => device_page(world, request, DEVICE, now),
        ("POST", "/" | DEVICE) => device_consent(world, request, now),
        ("GET", "/start" | "/start/") if start_url.is_some() => {
            page::start(start_url.map_or("", String::as_str), DEVICE)
        }
        _ => page::refusal("There is no such page."),
    }
}

/// One host of a region serves the devices of all its portals.
fn is_regional(host: &str) -> bool {
    host.starts_with("device.sso.")
}

fn device_page(world: &World, request: &ApiRequest, path: &str, now: Timestamp) -> Reply {
    let parameters = Parameters::read(request.query(), b"");
    let Some(code) = parameters.get("user_code").filter(|code| !code.is_empty()) else {
        return page::ask_for_code(path, None);
    };
    let center = &world.identity_center;
    let device = center.approvals.device(code, now);
    let portal = device.and_then(|device| center.portal(&device.start_url));
    let (Some(device), Some(portal)) = (device, portal) else {
        return page::ask_for_code(path, Some("The code is not valid."));
    };
    let question = page::Question {
        client: &device.client_name,
        start_url: &device.start_url,
        users: &portal.users,
        code: Some(&device.user_code),
    };
    page::ask(&question, &format!("{path}?user_code={}", device.user_code))
}

fn device_consent(world: &mut World, request: &ApiRequest, now: Timestamp) -> Reply {
    let form = Parameters::read(request.query(), &request.body);
    let code = form.get("user_code").unwrap_or_default();
    let user = form.get("user");
    let allowed = match form.get("answer") {
        Some("allow") => true,
        Some("deny") => false,
        Some(_) | None => return page::refusal("Neither Allow nor Deny was chosen."),
    };
    match decide(world, code, (allowed, user), now) {
        Err(why) => page::refusal(why),
        Ok(()) if allowed => page::told("Request approved", "You can close this window."),
        Ok(()) => page::told("Request denied", "You can close this window."),
    }
}

/// Lets the device of this code in as `user`, or as the first person of its portal, or turns it away.
pub(crate) fn decide(
    world: &mut World,
    code: &str,
    (allowed, user): (bool, Option<&str>),
    now: Timestamp,
) -> Result<(), &'static str> {
    let center = &mut world.identity_center;
    let users = center
        .approvals
        .device(code, now)
        .and_then(|device| center.portal(&device.start_url))
        .map(|portal| &portal.users)
        .ok_or("The code is not valid.")?;
    let decision = if allowed {
        let user = user
            .or(users.first().map(String::as_str))
            .filter(|name| users.iter().any(|known| known == name))
            .ok_or("There is no such user.")?;
        Decision::Allowed {
            user: user.to_owned(),
        }
    } else {
        Decision::Denied
    };
    center.approvals.decide(code, decision, now);
    Ok(())
}
