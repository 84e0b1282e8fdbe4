//! The way of one request to an AWS host: who asks for what, is a fault due, the answer, the call log.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{DATE, HeaderValue, USER_AGENT};
use hyper::http::request::Parts;
use hyper::{Request, Response, StatusCode};
use jiff::Timestamp;

use super::body::{Body, full};
use super::socket::Breaker;
use super::strike;
use crate::auth;
use crate::calls::Call;
use crate::endpoint::{Endpoint, Service};
use crate::faults::Fault;
use crate::model::Caller;
use crate::random;
use crate::service::query::Parameters;
use crate::service::{Context, Reply, codecommit, git, iam, json, query, sts};
use crate::shared::Shared;
use crate::sigv4::{Claim, Signed};

/// The largest request to an API, in bytes.
const BODY_LIMIT: usize = 1024 * 1024;

/// The answer is withheld and the connection ends.
#[derive(Debug, thiserror::Error)]
#[error("no answer is sent")]
pub(super) struct NoAnswer;

/// A request as far as it must be read to know what it asks for.
enum Asked {
    /// An API request, read to its end.
    Api { parts: Parts, body: Bytes },
    /// A git request, whose body may be large and is passed on as it comes.
    Git { parts: Parts, body: Incoming },
}

/// Answers one request.
pub(super) async fn answer(
    shared: Arc<Shared>,
    endpoint: Arc<Endpoint>,
    breaker: Breaker,
    request: Request<Incoming>,
) -> Result<Response<Body>, NoAnswer> {
    let mut call = Call::new(&endpoint, shared.clock.now());
    call.user_agent = request
        .headers()
        .get(USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    let asked = read(&endpoint, request, &mut call).await?;
    let fault = shared.faults.on_request(&endpoint, &call.operation);
    call.fault = fault.as_ref().map(|fault| fault.name().to_owned());

    let mut response = match fault {
        Some(Fault::Error {
            status,
            code,
            message,
        }) => {
            call.error = Some(code.clone());
            written(strike::error(endpoint.service, status, &code, &message))
        }
        Some(Fault::Html { status, location }) => strike::portal(status, location.as_deref()),
        Some(Fault::Hang) => {
            shared.calls.push(call);
            return std::future::pending().await;
        }
        Some(Fault::Reset | Fault::Offline) => {
            breaker.trip();
            shared.calls.push(call);
            return Err(NoAnswer);
        }
        Some(Fault::Truncate) => {
            let (parts, body) = real(&shared, &endpoint, asked, &mut call)
                .await
                .into_parts();
            let body = body.collect().await.map_err(|_| NoAnswer)?.to_bytes();
            strike::truncated(Response::from_parts(parts, body))
        }
        Some(Fault::Delay { millis }) => {
            tokio::time::sleep(Duration::from_millis(millis)).await;
            real(&shared, &endpoint, asked, &mut call).await
        }
        Some(Fault::Proxy { .. } | Fault::Intercept) | None => {
            real(&shared, &endpoint, asked, &mut call).await
        }
    };
    stamp(&mut response, shared.clock.now());
    call.status = Some(response.status().as_u16());
    shared.calls.push(call);
    Ok(response)
}

/// Reads what must be known before anything is decided.
async fn read(
    endpoint: &Endpoint,
    request: Request<Incoming>,
    call: &mut Call,
) -> Result<Asked, NoAnswer> {
    let (parts, body) = request.into_parts();
    if endpoint.service == Service::Git {
        if let Some(route) = git::Route::of(&parts) {
            call.operation = route.operation();
            call.resource = Some(route.name().to_owned());
        }
        return Ok(Asked::Git { parts, body });
    }
    let body = Limited::new(body, BODY_LIMIT)
        .collect()
        .await
        .map_err(|_| NoAnswer)?
        .to_bytes();
    if endpoint.service == Service::CodeCommit {
        call.operation = json::operation(&parts.headers).to_owned();
        call.resource = codecommit::resource(&body);
    } else {
        let parameters = Parameters::read(parts.uri.query().unwrap_or_default(), &body);
        call.operation = parameters.action().to_owned();
        call.resource = sts::resource(&parameters);
    }
    Ok(Asked::Api { parts, body })
}

/// The answer the service itself gives.
async fn real(
    shared: &Arc<Shared>,
    endpoint: &Arc<Endpoint>,
    asked: Asked,
    call: &mut Call,
) -> Response<Body> {
    match asked {
        Asked::Git { parts, body } => git::answer(shared, endpoint, &parts, body, call).await,
        Asked::Api { parts, body } => {
            let reply = api(shared, endpoint, &parts, body, call).await;
            call.error.clone_from(&reply.error);
            written(reply)
        }
    }
}

async fn api(
    shared: &Arc<Shared>,
    endpoint: &Arc<Endpoint>,
    parts: &Parts,
    body: Bytes,
    call: &mut Call,
) -> Reply {
    let now = shared.clock.now();
    let query = parts.uri.query().unwrap_or_default();
    let caller = match authenticate(shared, endpoint, parts, &body, call) {
        Ok(caller) => caller,
        Err(refused) => {
            return match endpoint.service {
                Service::Sts => query::failure(sts::NAMESPACE, query::refusal(&refused)),
                Service::Iam => query::failure(iam::NAMESPACE, query::refusal(&refused)),
                Service::CodeCommit | Service::Git => json::failure(json::refusal(&refused)),
            };
        }
    };
    match endpoint.service {
        Service::Sts | Service::Iam => {
            let parameters = Parameters::read(query, &body);
            let context = Context {
                caller: &caller,
                endpoint,
                now,
            };
            let mut world = shared.world();
            match endpoint.service {
                Service::Iam => iam::handle(&mut world, context, &parameters),
                _ => sts::handle(&mut world, context, &parameters),
            }
        }
        Service::CodeCommit | Service::Git => {
            codecommit_reply(shared, endpoint, caller, call.operation.clone(), body, now).await
        }
    }
}

fn authenticate(
    shared: &Shared,
    endpoint: &Endpoint,
    parts: &Parts,
    body: &Bytes,
    call: &mut Call,
) -> Result<Caller, auth::Refused> {
    let query = parts.uri.query().unwrap_or_default();
    let claim = Claim::of(&parts.headers, query)?;
    let mut world = shared.world();
    if auth::is_known(&world, &claim.access_key_id) {
        call.access_key_id = Some(claim.access_key_id.clone());
    }
    let request = Signed {
        method: parts.method.as_str(),
        path: parts.uri.path(),
        query,
        headers: &parts.headers,
        body,
    };
    let now = shared.clock.now();
    let caller = auth::authenticate(&world, endpoint, &claim, request, now)?;
    auth::note_use(&mut world, &caller, endpoint, now);
    call.principal = Some(caller.arn.clone());
    Ok(caller)
}

/// CodeCommit's answers need git, which blocks.
async fn codecommit_reply(
    shared: &Arc<Shared>,
    endpoint: &Arc<Endpoint>,
    caller: Caller,
    operation: String,
    body: Bytes,
    now: Timestamp,
) -> Reply {
    let shared = Arc::clone(shared);
    let endpoint = Arc::clone(endpoint);
    tokio::task::spawn_blocking(move || {
        let backend = codecommit::Backend {
            world: &shared.world,
            folder: &shared.repositories,
            page_size: shared.page_size,
        };
        let context = Context {
            caller: &caller,
            endpoint: &endpoint,
            now,
        };
        codecommit::handle(backend, context, &operation, &body)
    })
    .await
    .unwrap_or_else(|_| {
        strike::error(
            Service::CodeCommit,
            500,
            "InternalFailure",
            "the handler failed",
        )
    })
}

/// A reply as an HTTP answer.
pub(super) fn written(reply: Reply) -> Response<Body> {
    let mut response = Response::new(full(reply.body));
    *response.status_mut() = status(reply.status);
    let headers = response.headers_mut();
    headers.insert("content-type", HeaderValue::from_static(reply.content_type));
    if let Some(code) = reply
        .error
        .and_then(|code| HeaderValue::from_str(&code).ok())
    {
        headers.insert("x-amzn-errortype", code);
    }
    response
}

/// The status of this number; 500 for a number HTTP does not have.
pub(super) fn status(number: u16) -> StatusCode {
    StatusCode::from_u16(number).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Adds what every answer of AWS carries.
fn stamp(response: &mut Response<Body>, now: Timestamp) {
    let headers = response.headers_mut();
    let date = now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    if let Ok(date) = HeaderValue::from_str(&date) {
        headers.insert(DATE, date);
    }
    if let Ok(id) = HeaderValue::from_str(&random::uuid()) {
        headers.insert("x-amzn-requestid", id);
    }
}
