//! The page on which a person lends a console session to a program.

use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::super::Reply;
use super::super::query::Parameters;
use super::{CONFIRMATION, CROSS_DEVICE, SAME_DEVICE, page};
use crate::endpoint::Endpoint;
use crate::model::World;

/// Characters of a SHA-256 in base64.
const CHALLENGE_LENGTH: usize = 43;

/// What a program asks for.
struct Asked<'q> {
    client_id: &'q str,
    redirect_uri: &'q str,
    state: &'q str,
    challenge: &'q str,
}

/// The page that asks as whom to sign in.
pub(super) fn show(world: &World, endpoint: &Endpoint, query: &Parameters) -> Reply {
    match examine(endpoint, query) {
        Ok(_) => page::ask(&world.console_logins.people),
        Err(why) => page::refusal(why),
    }
}

/// The person's answer, as the page sends it.
pub(super) fn answer(
    world: &mut World,
    endpoint: &Endpoint,
    query: &Parameters,
    form: &Parameters,
    now: Timestamp,
) -> Reply {
    let session = form.get("session").filter(|arn| !arn.is_empty());
    match decide(world, endpoint, query, session, now) {
        Ok(target) => page::redirect(target),
        Err(why) => page::refusal(why),
    }
}

/// Answers the page of this query with a console session, or with a refusal when there is none: where the browser goes.
pub(crate) fn sign_in(
    world: &mut World,
    endpoint: &Endpoint,
    query: &str,
    session: Option<&str>,
    now: Timestamp,
) -> Result<String, &'static str> {
    decide(world, endpoint, &Parameters::read(query, b""), session, now)
}

fn decide(
    world: &mut World,
    endpoint: &Endpoint,
    query: &Parameters,
    session: Option<&str>,
    now: Timestamp,
) -> Result<String, &'static str> {
    let asked = examine(endpoint, query)?;
    let back = |parameters: &str| {
        let state = utf8_percent_encode(asked.state, NON_ALPHANUMERIC);
        format!("{}?{parameters}&state={state}", asked.redirect_uri)
    };
    let Some(session) = session else {
        return Ok(back(
            "error=access_denied&error_description=The%20request%20was%20denied",
        ));
    };
    if !world.console_logins.people.iter().any(|arn| arn == session) {
        return Err("There is no such session.");
    }
    let code = world.console_logins.offer(
        asked.client_id,
        asked.redirect_uri,
        asked.challenge,
        session,
        now,
    );
    world.note_secret("authorization code", code.clone());
    Ok(back(&format!("code={}", code.reveal())))
}

fn examine<'q>(endpoint: &Endpoint, query: &'q Parameters) -> Result<Asked<'q>, &'static str> {
    let value = |name| query.get(name).unwrap_or_default();
    let (client_id, redirect_uri) = (value("client_id"), value("redirect_uri"));
    let comes_back = match client_id {
        SAME_DEVICE => is_loopback(redirect_uri),
        CROSS_DEVICE => redirect_uri == format!("https://{}{CONFIRMATION}", endpoint.host),
        _ => return Err("The client is not known."),
    };
    if !comes_back {
        return Err("The redirect URI is not one of this client's.");
    }
    let method = value("code_challenge_method");
    let challenge = value("code_challenge");
    if !["SHA-256", "S256"].contains(&method) || challenge.len() != CHALLENGE_LENGTH {
        return Err("The code challenge is not valid.");
    }
    if value("response_type") != "code" || value("scope") != "openid" {
        return Err("The response type or the scope is not valid.");
    }
    Ok(Asked {
        client_id,
        redirect_uri,
        state: value("state"),
        challenge,
    })
}

/// Whether a redirect URI leads to this machine: `http://127.0.0.1:PORT/oauth/callback`.
fn is_loopback(redirect_uri: &str) -> bool {
    redirect_uri
        .strip_prefix("http://127.0.0.1:")
        .and_then(|rest| rest.strip_suffix("/oauth/callback"))
        .is_some_and(|port| port.parse::<u16>().is_ok_and(|port| port > 0))
}
