//! `CreateToken`: for an authorization code, a device's code or a refresh token.

use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::{ApiError, ApiRequest, authenticate, invalid_request, read};
use crate::calls::Call;
use crate::endpoint::Endpoint;
use crate::model::World;
use crate::model::identity_center::{Client, Grant, IdentityCenter, Poll, Tokens};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    client_id: String,
    client_secret: String,
    grant_type: String,
    code: Option<String>,
    code_verifier: Option<String>,
    redirect_uri: Option<String>,
    device_code: Option<String>,
    refresh_token: Option<String>,
}

pub(super) fn create(
    world: &mut World,
    endpoint: &Endpoint,
    request: &ApiRequest,
    call: &mut Call,
    now: Timestamp,
) -> Result<Value, ApiError> {
    let asked: Request = read(request)?;
    let grant = Grant::of_name(&asked.grant_type).ok_or_else(|| {
        let why = "Unsupported grant type provided";
        ApiError::new(400, "UnsupportedGrantTypeException", why)
    })?;
    let center = &mut world.identity_center;
    let credentials = (asked.client_id.as_str(), asked.client_secret.as_str());
    let client = authenticate(&center.clients, endpoint, credentials, grant, now)?.clone();
    let tokens = match grant {
        Grant::AuthorizationCode => of_code(center, &client, &asked, now),
        Grant::DeviceCode => of_device(center, &client, &asked, now),
        Grant::RefreshToken => of_refresh_token(center, &client, &asked, now),
    }?;
    call.principal = Some(tokens.user.clone());
    let mut answer = json!({
        "accessToken": tokens.access.reveal(),
        "tokenType": "Bearer",
        "expiresIn": tokens.expires_in,
    });
    world.note_secret("access token", tokens.access);
    if let Some(refresh) = tokens.refresh {
        answer["refreshToken"] = json!(refresh.reveal());
        world.note_secret("refresh token", refresh);
    }
    Ok(answer)
}

fn of_code(
    center: &mut IdentityCenter,
    client: &Client,
    asked: &Request,
    now: Timestamp,
) -> Result<Tokens, ApiError> {
    let (Some(code), Some(verifier), Some(redirect_uri)) =
        (&asked.code, &asked.code_verifier, &asked.redirect_uri)
    else {
        return Err(invalid_request("Invalid request"));
    };
    // Whoever asks, the code is used up: a second one who has it must not succeed.
    let code = center.approvals.take_code(code, now);
    let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(verifier.as_bytes()));
    let code = code.filter(|code| {
        code.client_id == client.id
            && code.redirect_uri == *redirect_uri
            && bool::from(code.challenge.as_bytes().ct_eq(challenge.as_bytes()))
    });
    code.and_then(|code| center.open_session(&code.start_url, &code.user, client, now))
        .ok_or_else(|| invalid_grant("Invalid grant provided"))
}

fn of_device(
    center: &mut IdentityCenter,
    client: &Client,
    asked: &Request,
    now: Timestamp,
) -> Result<Tokens, ApiError> {
    let Some(code) = &asked.device_code else {
        return Err(invalid_request("Invalid request"));
    };
    let refused = |code: &str, why: &str| Err(ApiError::new(400, code, why));
    match center.approvals.poll(code, &client.id, now) {
        Poll::Unknown => Err(invalid_grant("Invalid grant provided")),
        Poll::Expired => refused("ExpiredTokenException", "Token has expired"),
        Poll::SlowDown => refused("SlowDownException", "Slow down"),
        Poll::Denied => refused("AccessDeniedException", "Access denied"),
        Poll::Pending => refused(
            "AuthorizationPendingException",
            "Authorization is still pending",
        ),
        Poll::Allowed { start_url, user } => center
            .open_session(&start_url, &user, client, now)
            .ok_or_else(|| invalid_grant("Invalid grant provided")),
    }
}

fn of_refresh_token(
    center: &mut IdentityCenter,
    client: &Client,
    asked: &Request,
    now: Timestamp,
) -> Result<Tokens, ApiError> {
    let Some(token) = &asked.refresh_token else {
        return Err(invalid_request("Invalid request"));
    };
    center
        .refresh(token, &client.id, now)
        .ok_or_else(|| invalid_grant("Invalid refresh token provided"))
}

fn invalid_grant(why: &str) -> ApiError {
    ApiError::new(400, "InvalidGrantException", why)
}
