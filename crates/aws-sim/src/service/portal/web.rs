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

/// What is asked of a host with pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Page {
    /// The portal's own page.
    Start,
    /// The page that asks about a device.
    Device,
    /// What the person said about it.
    Consent,
}

impl Page {
    fn of(host: &str, request: &ApiRequest) -> Option<Self> {
        let path = request.parts.uri.path();
        let device = if is_regional(host) { "/" } else { DEVICE };
        match request.parts.method.as_str() {
            "GET" if path == device => Some(Self::Device),
            "POST" if path == device => Some(Self::Consent),
            "GET" if !is_regional(host) && matches!(path, "/start" | "/start/") => {
                Some(Self::Start)
            }
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Start => "StartPage",
            Self::Device => "DevicePage",
            Self::Consent => "DeviceConsent",
        }
    }
}

/// One host of a region serves the devices of all its portals.
fn is_regional(host: &str) -> bool {
    host.starts_with("device.sso.")
}

/// Notes which page is asked for.
pub(super) fn identify(request: &ApiRequest, call: &mut Call) {
    if let Some(page) = Page::of(&call.host, request) {
        call.operation = page.name().to_owned();
    }
}

/// Answers a request for a page, or takes what a person said.
pub(super) fn answer(
    world: &mut World,
    endpoint: &Endpoint,
    request: &ApiRequest,
    now: Timestamp,
) -> Reply {
    let address = format!("https://{}/", endpoint.host);
    let portals = &world.identity_center.portals;
    let portal = portals
        .iter()
        .find(|portal| portal.start_url.starts_with(&address));
    if portal.is_none() && !is_regional(&endpoint.host) {
        return page::refusal("There is no access portal at this address.");
    }
    match Page::of(&endpoint.host, request) {
        Some(Page::Start) => {
            let start_url = portal.map(|portal| portal.start_url.as_str());
            page::start(start_url.unwrap_or_default(), DEVICE)
        }
        Some(Page::Device) => device_page(world, request, now),
        Some(Page::Consent) => device_consent(world, request, now),
        None => page::refusal("There is no such page."),
    }
}

fn device_page(world: &World, request: &ApiRequest, now: Timestamp) -> Reply {
    let path = request.parts.uri.path();
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
