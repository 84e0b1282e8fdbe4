//! Answers that injected faults put in the place of real ones.

use hyper::Response;
use hyper::body::Bytes;
use hyper::header::{CONTENT_LENGTH, HeaderValue, LOCATION};

use super::body::{Body, full, half};
use crate::endpoint::Service;
use crate::service::{ApiError, Reply, git, iam, json, query, sts};

/// An error in the form the service gives its own.
pub(super) fn error(service: Service, status: u16, code: &str, message: &str) -> Reply {
    let error = ApiError::new(status, code, message);
    match service {
        Service::Sts => query::failure(sts::NAMESPACE, error),
        Service::Iam => query::failure(iam::NAMESPACE, error),
        Service::CodeCommit => json::failure(error),
        Service::Git => git::failure(error),
    }
}

/// A captive portal's page.
pub(super) fn portal(status: u16, location: Option<&str>) -> Response<Body> {
    let page = "<!DOCTYPE html>\n<html><head><title>Guest network</title></head>\n\
                <body><h1>Welcome</h1><p>Please accept the terms to go online.</p></body></html>\n";
    let mut response = Response::new(full(page));
    *response.status_mut() = super::exchange::status(status);
    let headers = response.headers_mut();
    headers.insert(
        "content-type",
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    if let Some(location) = location.and_then(|text| HeaderValue::from_str(text).ok()) {
        headers.insert(LOCATION, location);
    }
    response
}

/// The same answer, announced in full and sent by half.
pub(super) fn truncated(response: Response<Bytes>) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    parts
        .headers
        .insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    Response::from_parts(parts, half(&body))
}
