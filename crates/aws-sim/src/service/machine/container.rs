//! The endpoint from which a container gets the credentials of its role
//! (<https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html>).

use jiff::Timestamp;
use serde_json::json;
use subtle::ConstantTimeEq;

use super::super::{ApiError, ApiRequest, Reply, iso_time};
use super::{header, reply};
use crate::calls::Call;
use crate::model::{MachinePlace, NoCredentials, World};

/// Where the credentials are.
pub(crate) const PATH: &str = "/v2/credentials/0123456789abcdef";

const JSON: &str = "application/json";

/// The name of what is asked for, in the call log.
pub(super) fn operation(request: &ApiRequest) -> &'static str {
    match request.parts.uri.path() {
        PATH => "GetCredentials",
        _ => "",
    }
}

pub(super) fn answer(
    world: &mut World,
    request: &ApiRequest,
    call: &mut Call,
    now: Timestamp,
) -> Result<Reply, ApiError> {
    if request.parts.uri.path() != PATH || request.parts.method != "GET" {
        return Err(ApiError::new(
            404,
            "NotFound",
            "there are no such credentials",
        ));
    }
    let expected = world.machine.authorization.as_ref();
    let sent = header(request, "authorization").unwrap_or_default();
    let authorized =
        expected.is_some_and(|token| bool::from(token.reveal().as_bytes().ct_eq(sent.as_bytes())));
    if !authorized {
        let text = "the authorization token is not the container's";
        return Err(ApiError::new(401, "Unauthorized", text));
    }
    let role_arn = world.machine.container.role_arn.clone();
    let session = world
        .machine_session(MachinePlace::Container, now)
        .map_err(|why| match why {
            NoCredentials::NoRole => ApiError::new(404, "NotFound", "the container has no role"),
            NoCredentials::NotAssumable(role) => ApiError::new(
                403,
                "AccessDenied",
                format!("The role {role} cannot be assumed."),
            ),
        })?;
    call.access_key_id = Some(session.access_key_id.clone());
    let body = json!({
        "RoleArn": role_arn,
        "AccessKeyId": session.access_key_id,
        "SecretAccessKey": session.secret.reveal(),
        "Token": session.token.reveal(),
        "Expiration": iso_time(session.expires),
    });
    Ok(reply(JSON, body.to_string()))
}

pub(super) fn failure(error: ApiError) -> Reply {
    let body = json!({ "code": error.code, "message": error.message });
    Reply {
        status: error.status,
        content_type: JSON,
        body: body.to_string(),
        error: Some(error.code),
        headers: Vec::new(),
    }
}
