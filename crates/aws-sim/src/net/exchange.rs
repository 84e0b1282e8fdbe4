//! The way of one request to an AWS host: who asks for what, is a fault due, the answer, the call log.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::{DATE, HOST, HeaderMap, HeaderValue, USER_AGENT};
use hyper::http::request::Parts;
use hyper::{Request, Response};
use jiff::Timestamp;

use super::body::Body;
use super::socket::Breaker;
use super::strike;
use crate::calls::Call;
use crate::endpoint::{Endpoint, Service};
use crate::faults::Fault;
use crate::random;
use crate::service::{self, ApiError, ApiRequest, git};
use crate::shared::Shared;

/// The largest request to an API, in bytes.
const BODY_LIMIT: usize = 1024 * 1024;

/// The answer is withheld and the connection ends.
#[derive(Debug, thiserror::Error)]
#[error("no answer is sent")]
pub(super) struct NoAnswer;

/// A request as far as it must be read to know what it asks for.
enum Asked {
    /// An API request, read to its end.
    Api(ApiRequest),
    /// A git request, whose body may be large and is passed on as it comes.
    Git { parts: Parts, body: Incoming },
    /// A request for another host than the one the tunnel leads to.
    Misdirected,
}

/// Answers one request.
pub(super) async fn answer(
    shared: Arc<Shared>,
    endpoint: Arc<Endpoint>,
    breaker: Breaker,
    request: Request<Incoming>,
) -> Result<Response<Body>, NoAnswer> {
    let mut call = Call::new(&endpoint, shared.clock.now());
    call.user_agent = text(request.headers(), USER_AGENT.as_str()).map(str::to_owned);
    let asked = read(&endpoint, request, &mut call).await?;
    let fault = {
        let resource = call.resource.as_deref();
        shared
            .faults
            .on_request(&endpoint, &call.operation, resource)
    };
    call.fault = fault.as_ref().map(|fault| fault.name().to_owned());

    let mut response = match fault {
        Some(Fault::Error {
            status,
            code,
            message,
        }) => {
            let error = ApiError::new(status, &code, message);
            call.error = Some(code);
            service::failure(endpoint.service, &call.operation, error).into()
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
        Some(Fault::LostAnswer) => {
            let done = real(&shared, &endpoint, asked, &mut call).await;
            // The body of a streamed answer is only made while it is read.
            let _ = done.into_body().collect().await;
            breaker.trip();
            shared.calls.push(call);
            return Err(NoAnswer);
        }
        Some(Fault::Truncate) => {
            let whole = real(&shared, &endpoint, asked, &mut call).await;
            strike::truncated(whole).await.map_err(|_| NoAnswer)?
        }
        Some(Fault::Stall) => {
            let cleared = shared.faults.cleared();
            let whole = real(&shared, &endpoint, asked, &mut call).await;
            strike::stalled(whole, cleared)
                .await
                .map_err(|_| NoAnswer)?
        }
        Some(Fault::Delay { millis }) => {
            tokio::time::sleep(Duration::from_millis(millis)).await;
            real(&shared, &endpoint, asked, &mut call).await
        }
        Some(Fault::Proxy { .. } | Fault::Intercept) | None => {
            real(&shared, &endpoint, asked, &mut call).await
        }
    };
    stamp(response.headers_mut(), endpoint.service, shared.clock.now());
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
    let host = text(&parts.headers, HOST.as_str()).unwrap_or_default();
    let host = host.strip_suffix(":443").unwrap_or(host);
    if !host.eq_ignore_ascii_case(&endpoint.host) {
        return Ok(Asked::Misdirected);
    }
    if endpoint.service == Service::Git {
        git::identify(&parts, call);
        return Ok(Asked::Git { parts, body });
    }
    let body = Limited::new(body, BODY_LIMIT)
        .collect()
        .await
        .map_err(|_| NoAnswer)?
        .to_bytes();
    let request = ApiRequest { parts, body };
    service::identify(endpoint.service, &request, call);
    Ok(Asked::Api(request))
}

/// The answer the service itself gives.
async fn real(
    shared: &Arc<Shared>,
    endpoint: &Arc<Endpoint>,
    asked: Asked,
    call: &mut Call,
) -> Response<Body> {
    let reply = match asked {
        Asked::Git { parts, body } => {
            return git::answer(shared, endpoint, &parts, body, call).await;
        }
        Asked::Api(request) => service::answer(shared, endpoint, request, call).await,
        Asked::Misdirected => {
            let text = "the Host header names another host than the tunnel";
            let error = ApiError::new(421, "MisdirectedRequest", text);
            service::failure(endpoint.service, &call.operation, error)
        }
    };
    call.error.clone_from(&reply.error);
    reply.into()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Adds what every answer of AWS carries; the machine's own endpoints number none.
fn stamp(headers: &mut HeaderMap, service: Service, now: Timestamp) {
    let date = now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    if let Ok(date) = HeaderValue::from_str(&date) {
        headers.insert(DATE, date);
    }
    if matches!(service, Service::InstanceMetadata | Service::Container) {
        return;
    }
    if let Ok(id) = HeaderValue::from_str(&random::uuid()) {
        headers.insert("x-amzn-requestid", id);
    }
}
