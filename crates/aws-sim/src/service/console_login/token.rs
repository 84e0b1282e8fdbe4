//! `CreateOAuth2Token`: a code or a refresh token is exchanged for credentials and the next refresh token.

use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::super::{ApiError, ApiRequest, Reply};
use super::{CROSS_DEVICE, SAME_DEVICE, TOKEN, proof};
use crate::calls::Call;
use crate::endpoint::Endpoint;
use crate::hidden::Hidden;
use crate::model::{LoginSession, RefreshRefused, Session, World};

/// Seconds for which credentials last, at most.
const CREDENTIALS_SECONDS: i64 = 900;

/// Seconds for which an identity token lasts.
const IDENTITY_SECONDS: i64 = 900;

const AUTHORIZATION_CODE: &str = "authorization_code";
const REFRESH_TOKEN: &str = "refresh_token";

/// The body of a request.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    client_id: String,
    grant_type: String,
    code: Option<String>,
    redirect_uri: Option<String>,
    code_verifier: Option<String>,
    refresh_token: Option<String>,
}

/// What was exchanged.
struct Granted {
    session: LoginSession,
    refresh_token: Hidden,
    id_token: Option<Hidden>,
}

/// The kind of the grant, when it is one of these.
pub(super) fn grant_type(request: &ApiRequest) -> Option<&'static str> {
    let body: Body = serde_json::from_slice(&request.body).ok()?;
    [AUTHORIZATION_CODE, REFRESH_TOKEN]
        .into_iter()
        .find(|known| *known == body.grant_type)
}

pub(super) fn create(
    world: &mut World,
    endpoint: &Endpoint,
    request: &ApiRequest,
    call: &mut Call,
    now: Timestamp,
) -> Result<Reply, ApiError> {
    let body: Body =
        serde_json::from_slice(&request.body).map_err(|_| invalid("the body is not valid"))?;
    if ![SAME_DEVICE, CROSS_DEVICE].contains(&body.client_id.as_str()) {
        return Err(invalid("clientId is not valid"));
    }
    let proofs: Vec<&str> = request
        .parts
        .headers
        .get_all("dpop")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    let url = format!("https://{}{TOKEN}", endpoint.host);
    let method = request.parts.method.as_str();
    let thumbprint =
        proof::check(&mut world.console_logins, &proofs, (method, &url), now).map_err(invalid)?;
    let granted = match body.grant_type.as_str() {
        AUTHORIZATION_CODE => exchange_code(world, &body, thumbprint, now)?,
        REFRESH_TOKEN => refresh(world, &body, &thumbprint, now)?,
        _ => return Err(invalid("grantType is not valid")),
    };
    call.principal = Some(granted.session.arn.clone());
    answer(world, granted, call, now)
}

/// A code is good once, for the client, the redirect URI and the verifier it was made for.
fn exchange_code(
    world: &mut World,
    body: &Body,
    thumbprint: String,
    now: Timestamp,
) -> Result<Granted, ApiError> {
    let required = |member: &'static str, value: &Option<String>| {
        let value = value.clone().filter(|value| !value.is_empty());
        value.ok_or_else(|| invalid(format!("{member} is required")))
    };
    let code = required("code", &body.code)?;
    let redirect_uri = required("redirectUri", &body.redirect_uri)?;
    let verifier = required("codeVerifier", &body.code_verifier)?;
    if !(43..=128).contains(&verifier.len()) {
        return Err(invalid("codeVerifier is not valid"));
    }
    let code = world.console_logins.redeem(&code, now).ok_or_else(|| {
        let text = "the authorization code is not known, was used or has expired";
        ApiError::new(401, "AUTHCODE_EXPIRED", text)
    })?;
    if code.client_id != body.client_id || code.redirect_uri != redirect_uri {
        return Err(invalid(
            "clientId or redirectUri is not the one of the authorization",
        ));
    }
    if BASE64URL_NOPAD.encode(&Sha256::digest(verifier.as_bytes())) != code.challenge {
        return Err(invalid("codeVerifier does not fit the code challenge"));
    }
    let claims = json!({
        "iss": "https://signin.aws.amazon.com/signin",
        "sub": code.arn,
        "aud": code.client_id,
        "session_arn": code.arn,
        "iat": now.as_second(),
        "exp": now.as_second() + IDENTITY_SECONDS,
    });
    let (session, refresh_token) = world.console_logins.open(&code, thumbprint, now);
    let key = world.console_logins.key.get_or_insert_default();
    Ok(Granted {
        session,
        refresh_token,
        id_token: Some(Hidden::new(key.sign(&claims))),
    })
}

fn refresh(
    world: &mut World,
    body: &Body,
    thumbprint: &str,
    now: Timestamp,
) -> Result<Granted, ApiError> {
    let token = body.refresh_token.as_deref().unwrap_or_default();
    let (session, refresh_token) = world
        .console_logins
        .refresh(token, &body.client_id, thumbprint, now)
        .map_err(|why| match why {
            RefreshRefused::Invalid => invalid("refreshToken is not valid"),
            RefreshRefused::Ended => {
                ApiError::new(401, "TOKEN_EXPIRED", "the refresh token has expired")
            }
            RefreshRefused::Revoked => ApiError::new(
                403,
                "USER_CREDENTIALS_CHANGED",
                "the user's credentials were changed",
            ),
        })?;
    Ok(Granted {
        session,
        refresh_token,
        id_token: None,
    })
}

fn answer(
    world: &mut World,
    granted: Granted,
    call: &mut Call,
    now: Timestamp,
) -> Result<Reply, ApiError> {
    let arn = &granted.session.arn;
    let person = world.console_person(arn);
    let (account, owner) = person.ok_or_else(|| {
        let text = "the identity may not use console credentials for command line access";
        ApiError::new(403, "INSUFFICIENT_PERMISSIONS", text)
    })?;
    let left = granted.session.ends.duration_since(now).as_secs();
    let seconds = CREDENTIALS_SECONDS.min(left.max(1));
    let session = Session::new(account, owner, seconds, None, now);
    call.access_key_id = Some(session.access_key_id.clone());
    let mut body = json!({
        "accessToken": {
            "accessKeyId": session.access_key_id,
            "secretAccessKey": session.secret.reveal(),
            "sessionToken": session.token.reveal(),
        },
        "tokenType": "aws_sigv4",
        "expiresIn": seconds,
        "refreshToken": granted.refresh_token.reveal(),
    });
    world.note_secret("refresh token", granted.refresh_token);
    if let Some(token) = granted.id_token {
        body["idToken"] = Value::from(token.reveal());
    }
    world.open_session(session, now);
    Ok(Reply {
        status: 200,
        content_type: "application/json",
        body: body.to_string(),
        error: None,
        headers: Vec::new(),
    })
}

fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::new(400, "INVALID_REQUEST", message)
}
