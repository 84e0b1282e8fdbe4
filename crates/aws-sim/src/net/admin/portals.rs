//! The admin API's pages about IAM Identity Center.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Refused, read};
use crate::model::identity_center::PortalPolicy;
use crate::service::oidc::Answer;
use crate::shared::Shared;
use crate::sim::{PortalControl, answer_device, answer_page};

/// What a person says on a page: `{"url": "https://oidc…/authorize?…"}` or `{"user_code": "ABCD-EFGH"}`, with `"answer": "deny"` and
/// `"user"` where wanted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    url: Option<String>,
    user_code: Option<String>,
    #[serde(default)]
    answer: Spoken,
    user: Option<String>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Spoken {
    #[default]
    Allow,
    Deny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    start_url: String,
    user: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyChange {
    start_url: String,
    policy: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Assignment {
    start_url: String,
    user: String,
    account: String,
    permission_set: String,
    assigned: bool,
}

/// One change of the registrations: `"forget"`, `{"seconds": 3600}`.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum ClientChange {
    Forget,
    Seconds(i64),
}

/// Answers a request for a page whose path begins with `/portals`.
pub(super) fn act(
    shared: &Arc<Shared>,
    method: &str,
    page: &str,
    body: &[u8],
) -> Result<Value, Refused> {
    match (method, page) {
        ("GET", "") => Ok(list(shared)),
        ("POST", "/answer") => answer(shared, &read(body)?),
        ("POST", "/policy") => change_policy(shared, read(body)?),
        ("POST", "/assignments") => assign(shared, &read(body)?),
        ("POST", "/sessions/end") => {
            let which: Which = read(body)?;
            find(shared, &which.start_url)?.end_sessions();
            Ok(json!({}))
        }
        ("POST", "/sessions/revoke") => {
            let which: Which = read(body)?;
            let portal = find(shared, &which.start_url)?;
            let number = match &which.user {
                Some(user) => portal.revoke_sessions_of(user),
                None => portal.revoke_sessions(),
            };
            Ok(json!({ "revoked": number }))
        }
        ("POST", "/clients") => Ok(change_clients(shared, &read(body)?)),
        _ => Err((404, "no such page, or another method".to_owned())),
    }
}

fn find(shared: &Arc<Shared>, start_url: &str) -> Result<PortalControl, Refused> {
    PortalControl::find(shared, start_url).ok_or_else(|| (404, "no such portal".to_owned()))
}

fn list(shared: &Arc<Shared>) -> Value {
    let start_urls: Vec<String> = {
        let world = shared.world();
        let portals = world.identity_center.portals.iter();
        portals.map(|portal| portal.start_url.clone()).collect()
    };
    let portals = start_urls
        .iter()
        .filter_map(|start_url| PortalControl::find(shared, start_url));
    portals
        .map(|portal| {
            json!({
                "start_url": portal.start_url(),
                "policy": portal.policy(),
                "user_codes": portal.user_codes(),
                "sessions": portal.sessions(),
            })
        })
        .collect()
}

fn answer(shared: &Shared, said: &Said) -> Result<Value, Refused> {
    let user = said.user.as_deref();
    let allowed = said.answer == Spoken::Allow;
    match (&said.url, &said.user_code) {
        (Some(url), None) => {
            let answer = if allowed { Answer::Allow } else { Answer::Deny };
            let target = answer_page(shared, url, (answer, user)).map_err(|why| (400, why))?;
            Ok(json!({ "location": target }))
        }
        (None, Some(code)) => {
            let answered = answer_device(shared, code, (allowed, user));
            answered.map_err(|why| (404, why.to_owned()))?;
            Ok(json!({}))
        }
        (Some(_), Some(_)) | (None, None) => {
            Err((400, "either url or user_code must be given".to_owned()))
        }
    }
}

fn change_policy(shared: &Arc<Shared>, change: PolicyChange) -> Result<Value, Refused> {
    let portal = find(shared, &change.start_url)?;
    let mut value = json!(portal.policy());
    if let Some(fields) = value.as_object_mut() {
        fields.extend(change.policy);
    }
    let policy: PortalPolicy =
        serde_json::from_value(value).map_err(|error| (400, error.to_string()))?;
    portal.set_policy(|old| *old = policy);
    Ok(json!(portal.policy()))
}

fn assign(shared: &Arc<Shared>, change: &Assignment) -> Result<Value, Refused> {
    let portal = find(shared, &change.start_url)?;
    let Assignment {
        user,
        account,
        permission_set,
        assigned,
        ..
    } = change;
    if portal.assign(user, account, permission_set, *assigned) {
        Ok(json!({ "assigned": assigned }))
    } else {
        Err((
            404,
            "no such user, or no such permission set in the account".to_owned(),
        ))
    }
}

fn change_clients(shared: &Shared, change: &ClientChange) -> Value {
    let clients = &mut shared.world().identity_center.clients;
    match change {
        ClientChange::Forget => json!({ "forgotten": clients.forget() }),
        ClientChange::Seconds(seconds) => {
            clients.registration_seconds = *seconds;
            json!({ "seconds": seconds })
        }
    }
}
