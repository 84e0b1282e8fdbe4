//! CodeCommit's repositories over git's smart HTTP protocol.

mod access;
mod backend;
mod route;

use std::sync::Arc;

use hyper::Response;
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, HeaderValue, WWW_AUTHENTICATE};
use hyper::http::request::Parts;

use super::{ApiError, Reply};
use crate::calls::Call;
use crate::endpoint::Endpoint;
use crate::net::body::{Body, full};
use crate::shared::Shared;
use crate::xml::Xml;

pub(crate) use route::Route;

/// Answers one request of git's.
pub(crate) async fn answer(
    shared: &Arc<Shared>,
    endpoint: &Endpoint,
    parts: &Parts,
    body: Incoming,
    call: &mut Call,
) -> Response<Body> {
    let Some(authorization) = parts.headers.get(AUTHORIZATION) else {
        let mut response = Response::new(full(""));
        *response.status_mut() = hyper::StatusCode::UNAUTHORIZED;
        let challenge = HeaderValue::from_static("Basic realm=\"AWS CodeCommit\"");
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        return response;
    };
    let access = match Route::of(parts) {
        None => Err(ApiError::new(404, "UnknownOperationException", "")),
        Some(route) => access::check(shared, endpoint, &route, authorization, call)
            .map(|repository| (route, repository)),
    };
    let failed = match access {
        Err(error) => error,
        Ok((route, repository)) => {
            match backend::run(shared, &route, &repository, parts, body, call).await {
                Ok(response) => return response,
                Err(error) => ApiError::new(500, "InternalFailure", error.to_string()),
            }
        }
    };
    call.error = Some(failed.code.clone());
    failure(failed).into()
}

/// An error as the git endpoint writes it: XML that git does not show.
pub(crate) fn failure(error: ApiError) -> Reply {
    let mut xml = Xml::default();
    xml.group(&error.code, |inner| {
        inner.text("Message", &error.message);
    });
    Reply {
        status: error.status,
        content_type: "application/xml",
        body: xml.finish(),
        error: Some(error.code),
        headers: Vec::new(),
    }
}
