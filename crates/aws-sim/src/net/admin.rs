//! The admin API at `/_sim/…`: clock, faults, call log and MFA codes, as JSON.

mod portals;

use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::HeaderValue;
use hyper::{Method, Request, Response};
use jiff::{SignedDuration, Timestamp};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::{Value, json};

use super::body::{Body, full, status};
use crate::faults::Rule;
use crate::shared::Shared;

/// The largest request, in bytes.
const BODY_LIMIT: usize = 64 * 1024;

/// A refused request: HTTP status and reason.
type Refused = (u16, String);

/// One change of the clock: `{"advance_seconds": 60}`, `"freeze"`.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum ClockChange {
    Set(Timestamp),
    OffsetSeconds(i64),
    AdvanceSeconds(u64),
    RewindSeconds(u64),
    Freeze,
    Resume,
    Reset,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyChange {
    access_key_id: String,
}

/// Which sessions to end: `{"role_arn": "…"}`, `"all"`.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Revocation {
    AccessKeyId(String),
    RoleArn(String),
    All,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleChange {
    role_arn: String,
    suspended: bool,
}

/// Answers a request that came to the proxy itself.
pub(super) async fn answer(shared: Arc<Shared>, request: Request<Incoming>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let query = parts.uri.query().unwrap_or_default();
    let result = match Limited::new(body, BODY_LIMIT).collect().await {
        Ok(body) => act(
            &shared,
            &parts.method,
            parts.uri.path(),
            query,
            &body.to_bytes(),
        ),
        Err(_) => Err((413, "the request is too large".to_owned())),
    };
    let (number, value) = match result {
        Ok(value) => (200, value),
        Err((number, reason)) => (number, json!({ "error": reason })),
    };
    let mut response = Response::new(full(format!("{value}\n")));
    *response.status_mut() = status(number);
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert("content-type", json);
    response
}

fn act(
    shared: &Arc<Shared>,
    method: &Method,
    path: &str,
    query: &str,
    body: &[u8],
) -> Result<Value, Refused> {
    let Some(path) = path.strip_prefix("/_sim") else {
        return Err((
            403,
            "this is a proxy for AWS host names; its own pages begin with /_sim".to_owned(),
        ));
    };
    if let Some(page) = path.strip_prefix("/portals") {
        return portals::act(shared, method.as_str(), page, body);
    }
    match (method.as_str(), path) {
        ("GET", "/clock") => Ok(clock(shared)),
        ("POST", "/clock") => {
            change_clock(shared, read(body)?);
            Ok(clock(shared))
        }
        ("GET", "/totp") => totp(shared, query),
        ("GET", "/faults") => Ok(json!(shared.faults.rules())),
        ("POST", "/faults") => {
            shared.faults.add(read::<Rule>(body)?);
            Ok(json!(shared.faults.rules()))
        }
        ("DELETE", "/faults") => {
            shared.faults.clear();
            Ok(json!([]))
        }
        ("GET", "/calls") => Ok(calls(shared, query)),
        ("DELETE", "/calls") => {
            shared.calls.clear();
            Ok(json!([]))
        }
        ("POST", "/keys/activate") => set_key(shared, read(body)?, true),
        ("POST", "/keys/deactivate") => set_key(shared, read(body)?, false),
        ("POST", "/sessions/expire") => {
            let now = shared.clock.now();
            shared.world().expire_all_sessions(now);
            Ok(json!({}))
        }
        ("POST", "/sessions/revoke") => revoke(shared, read(body)?),
        ("POST", "/roles") => suspend(shared, &read::<RoleChange>(body)?),
        ("POST", "/reset") => {
            shared.clock.reset();
            shared.faults.clear();
            shared.calls.clear();
            Ok(json!({}))
        }
        _ => Err((404, "no such page, or another method".to_owned())),
    }
}

fn read<T: for<'de> Deserialize<'de>>(body: &[u8]) -> Result<T, Refused> {
    serde_json::from_slice(body).map_err(|error| (400, error.to_string()))
}

fn clock(shared: &Shared) -> Value {
    json!({
        "now": shared.clock.now(),
        "offset_seconds": shared.clock.offset().as_secs(),
        "frozen": shared.clock.is_frozen(),
    })
}

fn change_clock(shared: &Shared, change: ClockChange) {
    let clock = &shared.clock;
    match change {
        ClockChange::Set(time) => clock.set(time),
        ClockChange::OffsetSeconds(seconds) => clock.set_offset(SignedDuration::from_secs(seconds)),
        ClockChange::AdvanceSeconds(seconds) => clock.advance(Duration::from_secs(seconds)),
        ClockChange::RewindSeconds(seconds) => clock.rewind(Duration::from_secs(seconds)),
        ClockChange::Freeze => clock.freeze(),
        ClockChange::Resume => clock.resume(),
        ClockChange::Reset => clock.reset(),
    }
}

fn totp(shared: &Shared, query: &str) -> Result<Value, Refused> {
    let serial = parameter(query, "serial").ok_or((400, "no serial is given".to_owned()))?;
    let now = shared.clock.now();
    let world = shared.world();
    let device = world
        .mfa_device(&serial)
        .ok_or((404, "no such MFA device".to_owned()))?;
    let seconds = 30 - now.as_second().rem_euclid(30);
    Ok(json!({ "serial": serial, "code": device.code_at(now), "seconds_left": seconds }))
}

fn calls(shared: &Shared, query: &str) -> Value {
    let operation = parameter(query, "operation");
    let service = parameter(query, "service");
    json!(shared.calls.matching(|call| {
        operation
            .as_ref()
            .is_none_or(|name| call.operation == *name)
            && service
                .as_ref()
                .is_none_or(|name| call.service.label() == name)
    }))
}

fn set_key(shared: &Shared, change: KeyChange, active: bool) -> Result<Value, Refused> {
    let id = change.access_key_id;
    let mut world = shared.world();
    let key = world
        .access_key_mut(&id)
        .ok_or((404, "no such access key".to_owned()))?;
    key.active = active;
    Ok(json!({ "access_key_id": id, "active": active }))
}

fn revoke(shared: &Shared, revocation: Revocation) -> Result<Value, Refused> {
    let now = shared.clock.now();
    let mut world = shared.world();
    let done = match revocation {
        Revocation::AccessKeyId(id) => world.close_session(&id),
        Revocation::RoleArn(arn) => world
            .role_mut(&arn)
            .map(|role| role.revoked_before = Some(now))
            .is_some(),
        Revocation::All => {
            world.close_all_sessions();
            true
        }
    };
    if done {
        Ok(json!({}))
    } else {
        Err((404, "no such session or role".to_owned()))
    }
}

fn suspend(shared: &Shared, change: &RoleChange) -> Result<Value, Refused> {
    let mut world = shared.world();
    let role = world
        .role_mut(&change.role_arn)
        .ok_or((404, "no such role".to_owned()))?;
    role.suspended = change.suspended;
    Ok(json!({ "role_arn": change.role_arn, "suspended": change.suspended }))
}

fn parameter(query: &str, name: &str) -> Option<String> {
    query.split('&').find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        (key == name).then(|| percent_decode_str(value).decode_utf8_lossy().into_owned())
    })
}
