//! CodeCommit's repositories over git's smart HTTP protocol, and their large files over Git LFS.

mod access;
mod backend;
mod lfs;
mod route;

use std::sync::Arc;

use http_body_util::{BodyExt, Limited};
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
use access::Wanted;

use route::Route;

/// What a URL asks for.
enum Asked {
    Git(Route),
    Lfs(lfs::Route),
}

impl Asked {
    fn of(parts: &Parts) -> Option<Self> {
        let git = Route::of(parts).map(Self::Git);
        git.or_else(|| lfs::Route::of(parts).map(Self::Lfs))
    }
}

/// Notes in the call log what a request asks for.
pub(crate) fn identify(parts: &Parts, call: &mut Call) {
    let (operation, name) = match Asked::of(parts) {
        Some(Asked::Git(route)) => (route.operation(), route.name().to_owned()),
        Some(Asked::Lfs(route)) => (route.operation().to_owned(), route.name().to_owned()),
        None => return,
    };
    call.operation = operation;
    call.resource = Some(name);
}

/// Answers one request of git's or git-lfs's.
pub(crate) async fn answer(
    shared: &Arc<Shared>,
    endpoint: &Endpoint,
    parts: &Parts,
    body: Incoming,
    call: &mut Call,
) -> Response<Body> {
    let Some(authorization) = parts.headers.get(AUTHORIZATION) else {
        // A client that is still sending a large file would take an early answer for a broken connection.
        let _ = Limited::new(body, lfs::OBJECT_LIMIT).collect().await;
        let mut response = Response::new(full(""));
        *response.status_mut() = hyper::StatusCode::UNAUTHORIZED;
        let challenge = HeaderValue::from_static("Basic realm=\"AWS CodeCommit\"");
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        return response;
    };
    let access = match Asked::of(parts) {
        None => Err(ApiError::new(404, "UnknownOperationException", "")),
        Some(Asked::Lfs(route)) => {
            let caller = lfs::Client {
                shared,
                endpoint,
                authorization,
            };
            return lfs::answer(&caller, route, body, call).await;
        }
        Some(Asked::Git(route)) => {
            let wanted = Wanted {
                repository: route.name(),
                action: route.action(),
                signed_paths: &route.signed_paths(),
            };
            access::check(shared, endpoint, &wanted, authorization, call)
                .map(|repository| (route, repository))
        }
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
