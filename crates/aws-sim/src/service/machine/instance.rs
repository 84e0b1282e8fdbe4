//! The instance metadata service, version 2 only
//! (<https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html>).

use jiff::Timestamp;
use serde_json::json;

use super::super::{ApiError, ApiRequest, Reply, iso_time};
use super::{header, reply};
use crate::calls::Call;
use crate::model::{MachinePlace, NoCredentials, World};

const TOKEN_PATH: &str = "/latest/api/token";
const ROLE_PATH: &str = "/latest/meta-data/iam/security-credentials";
const TTL: &str = "x-aws-ec2-metadata-token-ttl-seconds";
const TEXT: &str = "text/plain";

/// Limits of a token's lifetime, in seconds.
const TTL_SECONDS: std::ops::RangeInclusive<i64> = 1..=21_600;

/// The name of what is asked for, in the call log.
pub(super) fn operation(request: &ApiRequest) -> &'static str {
    match request.parts.uri.path() {
        TOKEN_PATH => "GetToken",
        path => match path.strip_prefix(ROLE_PATH) {
            Some("" | "/") => "GetRoleName",
            Some(_) => "GetCredentials",
            None => "GetMetadata",
        },
    }
}

pub(super) fn answer(
    world: &mut World,
    request: &ApiRequest,
    call: &mut Call,
    now: Timestamp,
) -> Result<Reply, ApiError> {
    let path = request.parts.uri.path();
    if path == TOKEN_PATH {
        return token(world, request, now);
    }
    // Version 1 asks without a token.
    let known = header(request, "x-aws-ec2-metadata-token")
        .is_some_and(|token| world.machine.accepts(token, now));
    if !known {
        return Err(ApiError::new(401, "Unauthorized", "no valid token is sent"));
    }
    if request.parts.method != "GET" {
        return Err(ApiError::new(405, "MethodNotAllowed", "this is to be read"));
    }
    let not_found = || ApiError::new(404, "NotFound", "there is no such data");
    let role = path.strip_prefix(ROLE_PATH).ok_or_else(not_found)?;
    let role = role.trim_start_matches('/');
    let attached = world.machine.instance.role_arn.as_deref();
    let name = attached.and_then(|arn| arn.rsplit('/').next());
    let name = name.ok_or_else(not_found)?.to_owned();
    if role.is_empty() {
        return Ok(reply(TEXT, name));
    }
    if role != name {
        return Err(not_found());
    }
    // Trouble with the role is told with status 200.
    let body = match world.machine_session(MachinePlace::Instance, now) {
        Ok(session) => {
            call.access_key_id = Some(session.access_key_id.clone());
            json!({
                "Code": "Success",
                "LastUpdated": iso_time(session.issued),
                "Type": "AWS-HMAC",
                "AccessKeyId": session.access_key_id,
                "SecretAccessKey": session.secret.reveal(),
                "Token": session.token.reveal(),
                "Expiration": iso_time(session.expires),
            })
        }
        Err(NoCredentials::NoRole) => return Err(not_found()),
        Err(NoCredentials::NotAssumable(role)) => json!({
            "Code": "AssumeRoleUnauthorizedAccess",
            "Message": format!("EC2 cannot assume the role {role}."),
            "LastUpdated": iso_time(now),
        }),
    };
    Ok(reply(TEXT, format!("{body:#}")))
}

pub(super) fn failure(error: ApiError) -> Reply {
    Reply {
        status: error.status,
        content_type: TEXT,
        body: error.message,
        error: Some(error.code),
        headers: Vec::new(),
    }
}

/// A token is put, not got, and never through a proxy, so that nothing that merely forwards requests gets one.
fn token(world: &mut World, request: &ApiRequest, now: Timestamp) -> Result<Reply, ApiError> {
    if request.parts.method != "PUT" {
        return Err(ApiError::new(405, "MethodNotAllowed", "a token is put"));
    }
    if header(request, "x-forwarded-for").is_some() {
        return Err(ApiError::new(403, "Forbidden", "the request was forwarded"));
    }
    let seconds = header(request, TTL).and_then(|text| text.parse().ok());
    let seconds = seconds
        .filter(|seconds| TTL_SECONDS.contains(seconds))
        .ok_or_else(|| ApiError::new(400, "BadRequest", "the lifetime is not valid"))?;
    let token = world.machine.issue_token(seconds, now);
    world.note_secret("instance metadata token", token.clone());
    let mut answer = reply(TEXT, token.reveal().to_owned());
    answer.headers.push((TTL, seconds.to_string()));
    Ok(answer)
}
