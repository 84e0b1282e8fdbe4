//! The sign-in service's federation endpoint, and a console that shows who is signed in.

use jiff::{SignedDuration, Timestamp};
use percent_encoding::percent_decode_str;
use serde::Deserialize;

use super::query::Parameters;
use super::{ApiError, ApiRequest, Reply, console_login};
use crate::auth;
use crate::calls::Call;
use crate::clock::shifted;
use crate::endpoint::{Endpoint, Service};
use crate::hidden::Hidden;
use crate::model::{ConsoleSession, Owner, SignInToken, World};
use crate::random;
use crate::shared::Shared;

/// How long a sign-in token can be used, in seconds.
const TOKEN_SECONDS: i64 = 900;

/// Limits of `SessionDuration`, in seconds.
const SESSION_SECONDS: std::ops::RangeInclusive<i64> = 900..=43_200;

/// The cookie of a console session.
const COOKIE: &str = "aws-sim-console";

/// The credentials in the words of the endpoint.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Session {
    session_id: String,
    session_key: String,
    session_token: String,
}

/// Notes what is asked, without tokens.
pub(super) fn identify(service: Service, request: &ApiRequest, call: &mut Call) {
    let path = request.parts.uri.path();
    if service == Service::Console {
        call.operation = "console".to_owned();
        call.resource = Some(path.to_owned());
    } else if console_login::serves(path) {
        console_login::identify(request, call);
    } else if path == "/federation" {
        let parameters = Parameters::read(request.query(), &request.body);
        call.operation = parameters.action().to_owned();
    }
}

/// Answers a request.
pub(super) fn answer(
    shared: &Shared,
    endpoint: &Endpoint,
    request: &ApiRequest,
    call: &mut Call,
) -> Reply {
    let now = shared.clock.now();
    if endpoint.service == Service::Console {
        return console(&shared.world(), endpoint, request, call, now);
    }
    if console_login::serves(request.parts.uri.path()) {
        return console_login::answer(&mut shared.world(), endpoint, request, call, now);
    }
    let parameters = Parameters::read(request.query(), &request.body);
    let world = &mut shared.world();
    let answered = match (request.parts.uri.path(), parameters.action()) {
        ("/federation", "getSigninToken") => token(world, endpoint, &parameters, call, now),
        ("/federation", "login") => login(world, endpoint, &parameters, call, now),
        _ => Err(bad_request("the page does not exist")),
    };
    answered.unwrap_or_else(failure)
}

/// An error, which this service tells as a page.
pub(super) fn failure(error: ApiError) -> Reply {
    let text = &error.message;
    Reply {
        status: error.status,
        content_type: "text/html; charset=utf-8",
        body: page("Sign-in failed", text),
        error: Some(error.code),
        headers: Vec::new(),
    }
}

fn bad_request(why: &str) -> ApiError {
    ApiError::new(400, "BadRequest", why)
}

/// `getSigninToken`: for sessions of roles only, whose lifetime may be chosen unless they are chained.
fn token(
    world: &mut World,
    endpoint: &Endpoint,
    parameters: &Parameters,
    call: &mut Call,
    now: Timestamp,
) -> Result<Reply, ApiError> {
    let text = parameters.get("Session").unwrap_or_default();
    let session: Session =
        serde_json::from_str(text).map_err(|_| bad_request("Session is not the JSON of one"))?;
    let token = Some(session.session_token.as_str());
    let found = auth::find(world, &session.session_id, token, endpoint.partition)
        .filter(|found| found.secret == session.session_key)
        .ok_or_else(|| bad_request("the session is not known"))?;
    let expires = found.expires.filter(|end| now < *end);
    let expires = expires.ok_or_else(|| bad_request("the session has ended"))?;
    let owner = world.session(&session.session_id).map(|known| &known.owner);
    let Some(&Owner::Role { chained, .. }) = owner else {
        return Err(bad_request("the session is not a role's"));
    };
    let session_ends = match parameters.get("SessionDuration") {
        None => expires,
        Some(_) if chained => {
            return Err(bad_request(
                "a chained role's session cannot be made longer",
            ));
        }
        Some(text) => {
            let seconds = text.parse().ok().filter(|n| SESSION_SECONDS.contains(n));
            let seconds = seconds.ok_or_else(|| bad_request("SessionDuration is not valid"))?;
            shifted(now, SignedDuration::from_secs(seconds))
        }
    };
    let token = random::session_token();
    world.note_secret("sign-in token", token.clone());
    call.access_key_id = Some(session.session_id);
    call.principal = Some(found.caller.arn.clone());
    let body = serde_json::json!({ "SigninToken": token.reveal() }).to_string();
    world.signins.offer(SignInToken {
        token,
        arn: found.caller.arn,
        partition: endpoint.partition,
        expires: shifted(now, SignedDuration::from_secs(TOKEN_SECONDS)),
        session_ends,
    });
    Ok(Reply {
        status: 200,
        content_type: "application/json",
        body,
        error: None,
        headers: Vec::new(),
    })
}

/// `login`: a token is taken once and leads to a page of the console.
fn login(
    world: &mut World,
    endpoint: &Endpoint,
    parameters: &Parameters,
    call: &mut Call,
    now: Timestamp,
) -> Result<Reply, ApiError> {
    let destination = parameters.get("Destination").unwrap_or_default();
    let leads_there = destination
        .strip_prefix("https://")
        .and_then(|rest| rest.split(['/', '?', '#']).next())
        .and_then(Endpoint::of_host)
        .is_some_and(|to| to.service == Service::Console && to.partition == endpoint.partition);
    if !leads_there {
        return Err(bad_request("Destination is not a page of the console"));
    }
    let text = parameters.get("SigninToken").unwrap_or_default();
    let token = world
        .signins
        .redeem(text, endpoint.partition, now)
        .ok_or_else(|| bad_request("the sign-in token is not valid, was used or has ended"))?;
    call.principal = Some(token.arn.clone());
    let cookie = Hidden::new(random::uuid());
    let header = format!(
        "{COOKIE}={}; Domain={}; Path=/; Secure; HttpOnly",
        cookie.reveal(),
        endpoint.suffix
    );
    world.note_secret("console cookie", cookie.clone());
    world.signins.open(ConsoleSession {
        cookie,
        arn: token.arn,
        partition: token.partition,
        ends: token.session_ends,
    });
    Ok(Reply {
        status: 302,
        content_type: "text/html; charset=utf-8",
        body: String::new(),
        error: None,
        headers: vec![("location", destination.to_owned()), ("set-cookie", header)],
    })
}

fn console(
    world: &World,
    endpoint: &Endpoint,
    request: &ApiRequest,
    call: &mut Call,
    now: Timestamp,
) -> Reply {
    let headers = request.parts.headers.get_all("cookie");
    let session = headers
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split("; "))
        .filter_map(|cookie| cookie.strip_prefix(COOKIE)?.strip_prefix('='))
        .find_map(|cookie| world.signins.session(cookie, endpoint.partition, now));
    let Some(session) = session else {
        return failure(ApiError::new(403, "SignedOut", "Nobody is signed in."));
    };
    call.principal = Some(session.arn.clone());
    let path = percent_decode_str(request.parts.uri.path()).decode_utf8_lossy();
    let text = format!("Signed in as {}. This is {path}.", session.arn);
    Reply {
        status: 200,
        content_type: "text/html; charset=utf-8",
        body: page("Simulated AWS console", &text),
        error: None,
        headers: Vec::new(),
    }
}

fn page(title: &str, text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>\n"
    )
}
