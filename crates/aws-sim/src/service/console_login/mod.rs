//! The sign-in service as `aws login` uses it: a page to sign in on, and a token endpoint whose tokens are bound to a key
//! (CreateOAuth2Token, <https://docs.aws.amazon.com/signin/latest/APIReference/>; RFC 7636, RFC 9449).

mod authorize;
mod page;
mod proof;
#[cfg(test)]
mod tests;
mod token;

use jiff::Timestamp;

use super::query::Parameters;
use super::{ApiError, ApiRequest, Reply};
use crate::calls::Call;
use crate::endpoint::Endpoint;
use crate::model::World;

pub(crate) use authorize::sign_in;

const AUTHORIZE: &str = "/v1/authorize";
const TOKEN: &str = "/v1/token";
const CONFIRMATION: &str = "/v1/sessions/confirmation";

/// The operation of the token endpoint, in the call log and in fault rules.
const CREATE_TOKEN: &str = "CreateOAuth2Token";

/// Clients that need no registration: the browser comes back to this machine, or shows a code to type.
const SAME_DEVICE: &str = "arn:aws:signin:::devtools/same-device";
const CROSS_DEVICE: &str = "arn:aws:signin:::devtools/cross-device";

/// Whether a path of the sign-in service belongs here.
pub(super) fn serves(path: &str) -> bool {
    [AUTHORIZE, TOKEN, CONFIRMATION].contains(&path)
}

/// Whether an operation of the call log belongs here and speaks JSON.
pub(super) fn speaks_json(operation: &str) -> bool {
    operation == CREATE_TOKEN
}

/// Notes what is asked, without codes and tokens; for a token, the kind of the grant.
pub(super) fn identify(request: &ApiRequest, call: &mut Call) {
    match request.parts.uri.path() {
        TOKEN => {
            call.operation = CREATE_TOKEN.to_owned();
            call.resource = token::grant_type(request).map(str::to_owned);
        }
        AUTHORIZE => call.operation = "Authorize".to_owned(),
        _ => call.operation = "Confirmation".to_owned(),
    }
}

/// Answers a request.
pub(super) fn answer(
    world: &mut World,
    endpoint: &Endpoint,
    request: &ApiRequest,
    call: &mut Call,
    now: Timestamp,
) -> Reply {
    let query = Parameters::read(request.query(), b"");
    let method = request.parts.method.as_str();
    match (method, request.parts.uri.path()) {
        ("POST", TOKEN) => {
            token::create(world, endpoint, request, call, now).unwrap_or_else(failure)
        }
        ("GET", AUTHORIZE) => authorize::show(world, endpoint, &query),
        ("POST", AUTHORIZE) => {
            let form = Parameters::read("", &request.body);
            authorize::answer(world, endpoint, &query, &form, now)
        }
        ("GET", CONFIRMATION) => page::confirmation(&query),
        _ => page::refusal("This page does not exist."),
    }
}

/// An error of the token endpoint: the code is OAuth's, the exception follows from it.
pub(super) fn failure(error: ApiError) -> Reply {
    let exception = match (error.code.as_str(), error.status) {
        (
            "TOKEN_EXPIRED"
            | "AUTHCODE_EXPIRED"
            | "USER_CREDENTIALS_CHANGED"
            | "INSUFFICIENT_PERMISSIONS",
            _,
        ) => "AccessDeniedException",
        (_, 429) => "TooManyRequestsError",
        (_, 500..) => "InternalServerException",
        _ => "ValidationException",
    };
    let body = serde_json::json!({ "error": error.code, "message": error.message });
    Reply {
        status: error.status,
        content_type: "application/json",
        body: body.to_string(),
        error: Some(exception.to_owned()),
        headers: Vec::new(),
    }
}
