//! The OIDC service of IAM Identity Center: clients register, people let them in, tokens are given and renewed.
//!
//! API: <https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/Welcome.html>. It is not signed.

mod authorize;
mod device;
pub(super) mod page;
mod register;
mod token;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

pub(crate) use authorize::{Answer, answer_as};

use super::{ApiError, ApiRequest, Reply};
use crate::calls::Call;
use crate::endpoint::Endpoint;
use crate::model::identity_center::{Client, Clients, Grant};
use crate::shared::Shared;

/// What stands behind the name of an error in AWS's header.
const NAMESPACE: &str = "http://internal.amazon.com/coral/com.amazonaws.sso.oidc/";

/// What is asked of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operation {
    RegisterClient,
    StartDeviceAuthorization,
    CreateToken,
    /// The page that asks a person.
    Authorize,
    /// The person's answer.
    Consent,
}

impl Operation {
    fn of(request: &ApiRequest) -> Option<Self> {
        let method = request.parts.method.as_str();
        match (method, request.parts.uri.path()) {
            ("POST", "/client/register") => Some(Self::RegisterClient),
            ("POST", "/device_authorization") => Some(Self::StartDeviceAuthorization),
            ("POST", "/token") => Some(Self::CreateToken),
            ("GET", "/authorize") => Some(Self::Authorize),
            ("POST", "/authorize") => Some(Self::Consent),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::RegisterClient => "RegisterClient",
            Self::StartDeviceAuthorization => "StartDeviceAuthorization",
            Self::CreateToken => "CreateToken",
            Self::Authorize => "Authorize",
            Self::Consent => "Consent",
        }
    }
}

/// Notes the operation and what it is about: the kind of grant, or the start URL.
pub(super) fn identify(request: &ApiRequest, call: &mut Call) {
    let Some(operation) = Operation::of(request) else {
        return;
    };
    call.operation = operation.name().to_owned();
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let text = |name: &str| body[name].as_str().map(str::to_owned);
    call.resource = match operation {
        Operation::RegisterClient => text("issuerUrl"),
        Operation::StartDeviceAuthorization => text("startUrl"),
        Operation::CreateToken => text("grantType")
            .and_then(|name| Grant::of_name(&name))
            .map(|grant| grant.label().to_owned()),
        Operation::Authorize | Operation::Consent => None,
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
    let answered = match Operation::of(request) {
        Some(Operation::RegisterClient) => register::register(world, endpoint, request, now),
        Some(Operation::StartDeviceAuthorization) => device::start(world, endpoint, request, now),
        Some(Operation::CreateToken) => token::create(world, endpoint, request, call, now),
        Some(Operation::Authorize) => {
            let center = &world.identity_center;
            return authorize::show(center, endpoint, request.query(), now);
        }
        Some(Operation::Consent) => return authorize::consent(world, endpoint, request, now),
        None => Err(ApiError::new(
            404,
            "UnknownOperationException",
            "no such operation",
        )),
    };
    answered.map_or_else(failure, |value| Reply {
        status: 200,
        content_type: "application/json",
        body: value.to_string(),
        error: None,
        headers: vec![("cache-control", "no-store".to_owned())],
    })
}

/// An error in this service's form: OAuth's body, and AWS's name of it in a header.
pub(super) fn failure(error: ApiError) -> Reply {
    let body = json!({ "error": oauth_name(&error.code), "error_description": error.message });
    Reply {
        status: error.status,
        content_type: "application/json",
        body: body.to_string(),
        headers: vec![("x-amzn-errortype", format!("{}:{NAMESPACE}", error.code))],
        error: Some(error.code),
    }
}

/// `AuthorizationPendingException` is `authorization_pending`.
fn oauth_name(code: &str) -> String {
    let mut name = String::new();
    for character in code.trim_end_matches("Exception").chars() {
        if character.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(character.to_ascii_lowercase());
    }
    name
}

fn invalid_request(why: &str) -> ApiError {
    ApiError::new(400, "InvalidRequestException", why)
}

/// The body of a request.
fn read<T: for<'de> Deserialize<'de>>(request: &ApiRequest) -> Result<T, ApiError> {
    serde_json::from_slice(&request.body).map_err(|_| invalid_request("Invalid request"))
}

/// The client of these credentials, when it may use this grant.
fn authenticate<'c>(
    clients: &'c Clients,
    endpoint: &Endpoint,
    (id, secret): (&str, &str),
    grant: Grant,
    now: Timestamp,
) -> Result<&'c Client, ApiError> {
    let client = clients
        .authenticate(id, secret, &endpoint.region, now)
        .ok_or_else(|| ApiError::new(401, "InvalidClientException", "Invalid client provided"))?;
    if client.may_use(grant) {
        Ok(client)
    } else {
        let why = "Client is not authorized to use this grant";
        Err(ApiError::new(400, "UnauthorizedClientException", why))
    }
}

#[cfg(test)]
mod tests {
    use super::oauth_name;

    #[test]
    fn errors_have_oauths_names() {
        assert_eq!(
            oauth_name("AuthorizationPendingException"),
            "authorization_pending"
        );
        assert_eq!(oauth_name("SlowDownException"), "slow_down");
        assert_eq!(oauth_name("InvalidGrantException"), "invalid_grant");
    }
}
