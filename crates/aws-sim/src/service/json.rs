//! AWS's JSON 1.1 protocol, spoken by CodeCommit: the operation in a header, JSON in and out.

use hyper::HeaderMap;
use serde_json::{Value, json};

use super::{ApiError, Reply};
use crate::auth::Refused;

const CONTENT_TYPE: &str = "application/x-amz-json-1.1";

/// The operation in `X-Amz-Target`, without the service's prefix.
pub(super) fn operation(headers: &HeaderMap) -> &str {
    headers
        .get("x-amz-target")
        .and_then(|value| value.to_str().ok())
        .and_then(|target| target.rsplit_once('.'))
        .map_or("", |(_, operation)| operation)
}

/// The answer to a successful operation.
pub(super) fn success(result: &Value) -> Reply {
    Reply {
        status: 200,
        content_type: CONTENT_TYPE,
        body: result.to_string(),
        error: None,
        headers: Vec::new(),
    }
}

/// The answer to a failed operation.
pub(super) fn failure(error: ApiError) -> Reply {
    Reply {
        status: error.status,
        content_type: CONTENT_TYPE,
        body: json!({ "__type": error.code, "message": error.message }).to_string(),
        error: Some(error.code),
        headers: Vec::new(),
    }
}

/// How this protocol names a failed authentication.
pub(super) fn refusal(refused: &Refused) -> ApiError {
    let code = match refused {
        Refused::Unsigned => "MissingAuthenticationTokenException",
        Refused::Incomplete(_) => "IncompleteSignatureException",
        Refused::UnknownKey => "UnrecognizedClientException",
        Refused::Expired => "ExpiredTokenException",
        Refused::Signature(_) => "InvalidSignatureException",
    };
    ApiError::new(400, code, refused.text())
}
