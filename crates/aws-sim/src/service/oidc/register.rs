//! `RegisterClient`.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{ApiError, ApiRequest, invalid_request, read};
use crate::endpoint::Endpoint;
use crate::hidden::Hidden;
use crate::model::World;
use crate::model::identity_center::{Client, Grant, without_port};

/// The scopes that the simulated service knows.
const SCOPES: [&str; 4] = [
    "sso:account:access",
    "openid",
    "aws",
    "sts:identity_context",
];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Registration {
    client_name: String,
    client_type: String,
    scopes: Option<Vec<String>>,
    grant_types: Option<Vec<String>>,
    redirect_uris: Option<Vec<String>>,
    issuer_url: Option<String>,
}

pub(super) fn register(
    world: &mut World,
    endpoint: &Endpoint,
    request: &ApiRequest,
    now: Timestamp,
) -> Result<Value, ApiError> {
    let asked: Registration = read(request)?;
    if asked.client_type != "public" || asked.client_name.is_empty() {
        let why = "Invalid client metadata provided";
        return Err(ApiError::new(400, "InvalidClientMetadataException", why));
    }
    let scopes = asked.scopes.unwrap_or_default();
    if scopes.iter().any(|scope| !SCOPES.contains(&scope.as_str())) {
        return Err(ApiError::new(
            400,
            "InvalidScopeException",
            "Invalid scope provided",
        ));
    }
    let grants = asked
        .grant_types
        .unwrap_or_default()
        .iter()
        .map(|name| Grant::of_name(name))
        .collect::<Option<Vec<Grant>>>()
        .ok_or_else(|| {
            let why = "Unsupported grant type provided";
            ApiError::new(400, "UnsupportedGrantTypeException", why)
        })?;
    let redirect_uris = asked.redirect_uris.unwrap_or_default();
    let has_code = grants.contains(&Grant::AuthorizationCode);
    if redirect_uris.iter().any(|uri| without_port(uri).is_none())
        || has_code == redirect_uris.is_empty()
    {
        let why = "Invalid redirect URI provided";
        return Err(ApiError::new(400, "InvalidRedirectUriException", why));
    }
    let center = &mut world.identity_center;
    // Without a portal there is nobody who could let the client in.
    if has_code || asked.issuer_url.is_some() {
        let issuer = asked.issuer_url.as_deref().unwrap_or_default();
        if center.portal_in(issuer, &endpoint.region).is_none() {
            return Err(invalid_request("Invalid issuer URL provided"));
        }
    }
    let client = center.clients.register(
        Client {
            id: String::new(),
            secret: Hidden::new(String::new()),
            name: asked.client_name,
            region: endpoint.region.clone(),
            scopes,
            grants,
            redirect_uris,
            issuer_url: asked.issuer_url,
            issued: now,
            expires: now,
        },
        now,
    );
    world.note_secret("client secret", client.secret.clone());
    Ok(json!({
        "clientId": client.id,
        "clientSecret": client.secret.reveal(),
        "clientIdIssuedAt": client.issued.as_second(),
        "clientSecretExpiresAt": client.expires.as_second(),
    }))
}
