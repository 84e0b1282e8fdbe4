//! `/authorize`: a person lets a client in or turns it away, and goes back to it (RFC 6749, section 4.1, with RFC 7636).

use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{ApiRequest, page};
use crate::endpoint::Endpoint;
use crate::hidden::Hidden;
use crate::model::World;
use crate::model::identity_center::{AuthorizationCode, Client, IdentityCenter, Portal};
use crate::service::Reply;
use crate::service::query::Parameters;

/// What is not one of RFC 3986's unreserved characters.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What a person says to a client that wants in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Allow,
    Deny,
}

/// A request that may be asked about: the client is known and may be sent back to where it wants.
struct Asked<'c> {
    client: &'c Client,
    portal: &'c Portal,
    redirect_uri: String,
    state: String,
    challenge: String,
}

/// Why nobody is asked.
enum Refusal {
    /// Nothing is known to be true about the client, so the person is told and goes nowhere.
    Page(&'static str),
    /// The client is told.
    Redirect(String),
}

/// The page that asks.
pub(super) fn show(
    center: &IdentityCenter,
    endpoint: &Endpoint,
    query: &str,
    now: Timestamp,
) -> Reply {
    match examine(center, &endpoint.region, &Parameters::read(query, b""), now) {
        Ok(asked) => {
            let question = page::Question {
                client: &asked.client.name,
                start_url: &asked.portal.start_url,
                users: &asked.portal.users,
                code: None,
            };
            page::ask(&question, &format!("/authorize?{query}"))
        }
        Err(refusal) => refuse(refusal),
    }
}

/// The person's answer, as the page sends it.
pub(super) fn consent(
    world: &mut World,
    endpoint: &Endpoint,
    request: &ApiRequest,
    now: Timestamp,
) -> Reply {
    let form = Parameters::read("", &request.body);
    let answer = match form.get("answer") {
        Some("allow") => Answer::Allow,
        Some("deny") => Answer::Deny,
        Some(_) | None => return page::refusal("Neither Allow nor Deny was chosen."),
    };
    let user = form.get("user");
    match decide(world, &endpoint.region, request.query(), answer, user, now) {
        Ok(target) => redirect(target),
        Err(refusal) => refuse(refusal),
    }
}

/// Answers the page of this address as `user`, or as the first person of the portal; the answer is the address that the browser
/// goes to, or why it goes nowhere.
pub(crate) fn answer_as(
    world: &mut World,
    endpoint: &Endpoint,
    query: &str,
    (answer, user): (Answer, Option<&str>),
    now: Timestamp,
) -> Result<String, String> {
    match decide(world, &endpoint.region, query, answer, user, now) {
        Ok(target) | Err(Refusal::Redirect(target)) => Ok(target),
        Err(Refusal::Page(why)) => Err(why.to_owned()),
    }
}

fn decide(
    world: &mut World,
    region: &str,
    query: &str,
    answer: Answer,
    user: Option<&str>,
    now: Timestamp,
) -> Result<String, Refusal> {
    let center = &mut world.identity_center;
    let asked = examine(center, region, &Parameters::read(query, b""), now)?;
    if answer == Answer::Deny {
        let why = ("access_denied", "The request was denied");
        return Err(Refusal::Redirect(failed(
            &asked.redirect_uri,
            &asked.state,
            why,
        )));
    }
    let users = &asked.portal.users;
    let user = user
        .or(users.first().map(String::as_str))
        .filter(|name| users.iter().any(|known| known == name))
        .ok_or(Refusal::Page("There is no such user."))?;
    let code = AuthorizationCode {
        code: Hidden::new(String::new()),
        client_id: asked.client.id.clone(),
        start_url: asked.portal.start_url.clone(),
        user: user.to_owned(),
        redirect_uri: asked.redirect_uri.clone(),
        challenge: asked.challenge.clone(),
        expires: now,
    };
    let (redirect_uri, state) = (asked.redirect_uri, asked.state);
    let code = center.approvals.issue_code(code, now);
    let target = format!(
        "{redirect_uri}?code={}&state={}",
        code.reveal(),
        encoded(&state)
    );
    world.note_secret("authorization code", code);
    Ok(target)
}

fn examine<'c>(
    center: &'c IdentityCenter,
    region: &str,
    parameters: &Parameters,
    now: Timestamp,
) -> Result<Asked<'c>, Refusal> {
    let text = |name: &str| parameters.get(name).unwrap_or_default();
    let client = center
        .clients
        .find(text("client_id"), region, now)
        .ok_or(Refusal::Page("Invalid client provided."))?;
    let redirect_uri = text("redirect_uri");
    if !client.may_redirect_to(redirect_uri) {
        return Err(Refusal::Page("Invalid redirect URI provided."));
    }
    let portal = client
        .issuer_url
        .as_deref()
        .and_then(|issuer| center.portal_in(issuer, region))
        .ok_or(Refusal::Page("Invalid issuer provided."))?;
    let state = text("state");
    let refused = |error, why| {
        let target = failed(redirect_uri, state, (error, why));
        Err(Refusal::Redirect(target))
    };
    if text("response_type") != "code" {
        return refused("unsupported_response_type", "response_type must be code");
    }
    if text("code_challenge_method") != "S256" || text("code_challenge").len() != 43 {
        return refused(
            "invalid_request",
            "code_challenge of method S256 is missing",
        );
    }
    let mut scopes = text("scopes").split(' ').filter(|scope| !scope.is_empty());
    if scopes.any(|scope| !client.scopes.iter().any(|known| known == scope)) {
        return refused("invalid_scope", "Invalid scope provided");
    }
    Ok(Asked {
        client,
        portal,
        redirect_uri: redirect_uri.to_owned(),
        state: state.to_owned(),
        challenge: text("code_challenge").to_owned(),
    })
}

fn failed(redirect_uri: &str, state: &str, (error, why): (&str, &str)) -> String {
    format!(
        "{redirect_uri}?error={error}&error_description={}&state={}",
        encoded(why),
        encoded(state)
    )
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

fn refuse(refusal: Refusal) -> Reply {
    match refusal {
        Refusal::Page(why) => page::refusal(why),
        Refusal::Redirect(target) => redirect(target),
    }
}

fn redirect(target: String) -> Reply {
    Reply {
        status: 302,
        headers: vec![("location", target)],
        ..page::told(
            "Back to the client",
            "Your browser goes back to the client.",
        )
    }
}
