//! The access portal of IAM Identity Center: its API with an access token, and its pages for people.
//!
//! API: <https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/Welcome.html>. It is not signed; the token stands in a
//! header.

mod assignments;
mod credentials;
mod web;

pub(crate) use web::decide as decide_device;

use std::time::Instant;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::query::Parameters;
use super::{ApiError, ApiRequest, Reply};
use crate::calls::Call;
use crate::endpoint::{Endpoint, Service};
use crate::model::World;
use crate::shared::Shared;

/// The header of the access token.
const TOKEN: &str = "x-amz-sso_bearer_token";

/// What stands before the name of an error in the answer.
const NAMESPACE: &str = "com.amazonaws.switchboard.portal#";

/// Whose request it is.
struct Person {
    session: u64,
    start_url: String,
    user: String,
}

/// Notes the operation and what it is about.
pub(super) fn identify(service: Service, request: &ApiRequest, call: &mut Call) {
    if service == Service::AccessPortal {
        return web::identify(request, call);
    }
    let parameters = Parameters::read(request.query(), b"");
    let account = parameters.get("account_id");
    call.operation = operation(request).unwrap_or_default().to_owned();
    call.resource = match parameters.get("role_name") {
        Some(role) => account.map(|account| format!("{account}/{role}")),
        None => account.map(str::to_owned),
    };
}

/// Answers a request.
pub(super) fn answer(
    shared: &Shared,
    endpoint: &Endpoint,
    request: &ApiRequest,
    call: &mut Call,
) -> Reply {
    let now = shared.clock.now();
    let world = &mut shared.world();
    if endpoint.service == Service::AccessPortal {
        return web::answer(world, endpoint, request, now);
    }
    let answered = act(world, endpoint, request, call, now);
    answered.map_or_else(failure, |value| Reply {
        status: 200,
        content_type: "application/json",
        body: if value.is_null() {
            String::new()
        } else {
            value.to_string()
        },
        error: None,
        headers: Vec::new(),
    })
}

/// An error in this service's form.
pub(super) fn failure(error: ApiError) -> Reply {
    let body = json!({
        "message": error.message,
        "__type": format!("{NAMESPACE}{}", error.code),
    });
    Reply {
        status: error.status,
        content_type: "application/json",
        body: body.to_string(),
        error: Some(error.code),
        headers: Vec::new(),
    }
}

fn operation(request: &ApiRequest) -> Option<&'static str> {
    match (request.parts.method.as_str(), request.parts.uri.path()) {
        ("GET", "/federation/credentials") => Some("GetRoleCredentials"),
        ("GET", "/assignment/accounts") => Some("ListAccounts"),
        ("GET", "/assignment/roles") => Some("ListAccountRoles"),
        ("POST", "/logout") => Some("Logout"),
        _ => None,
    }
}

fn act(
    world: &mut World,
    endpoint: &Endpoint,
    request: &ApiRequest,
    call: &mut Call,
    now: Timestamp,
) -> Result<Value, ApiError> {
    let person = authenticate(world, endpoint, request, now)?;
    call.principal = Some(person.user.clone());
    throttle(world, &person)?;
    let parameters = Parameters::read(request.query(), b"");
    match operation(request) {
        Some("GetRoleCredentials") => credentials::get(world, &person, &parameters, now),
        Some("ListAccounts") => assignments::accounts(world, &person, &parameters),
        Some("ListAccountRoles") => assignments::roles(world, &person, &parameters),
        Some("Logout") => {
            world.identity_center.sessions.close(person.session);
            Ok(Value::Null)
        }
        Some(_) | None => Err(ApiError::new(
            404,
            "UnknownOperationException",
            "no such operation",
        )),
    }
}

fn authenticate(
    world: &World,
    endpoint: &Endpoint,
    request: &ApiRequest,
    now: Timestamp,
) -> Result<Person, ApiError> {
    let sessions = &world.identity_center.sessions;
    request
        .parts
        .headers
        .get(TOKEN)
        .and_then(|token| token.to_str().ok())
        .and_then(|token| sessions.of_access_token(token, &endpoint.region, now))
        .map(|session| Person {
            session: session.id,
            start_url: session.start_url.clone(),
            user: session.user.clone(),
        })
        .ok_or_else(|| {
            let why = "Session token not found or invalid";
            ApiError::new(401, "UnauthorizedException", why)
        })
}

fn throttle(world: &mut World, person: &Person) -> Result<(), ApiError> {
    let portal = world.identity_center.portal_mut(&person.start_url);
    let admitted = portal.is_none_or(|portal| {
        let rate = portal.policy.calls_per_second;
        portal.throttle.admits(rate, Instant::now())
    });
    if admitted {
        Ok(())
    } else {
        Err(ApiError::new(
            429,
            "TooManyRequestsException",
            "HTTP 429 Unknown Code",
        ))
    }
}

fn invalid_request(why: &str) -> ApiError {
    ApiError::new(400, "InvalidRequestException", why)
}

fn no_access() -> ApiError {
    ApiError::new(403, "ForbiddenException", "No access")
}
