//! Answers that injected faults put in the place of real ones.

use std::io;

use http_body_util::BodyExt;
use hyper::Response;
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, LOCATION};
use tokio::sync::watch;

use super::body::{Body, full, half, halves, status};

/// A captive portal's page.
pub(super) fn portal(number: u16, location: Option<&str>) -> Response<Body> {
    let page = "<!DOCTYPE html>\n<html><head><title>Guest network</title></head>\n\
                <body><h1>Welcome</h1><p>Please accept the terms to go online.</p></body></html>\n";
    let mut response = Response::new(full(page));
    *response.status_mut() = status(number);
    let headers = response.headers_mut();
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    headers.insert(CONTENT_TYPE, html);
    if let Some(location) = location.and_then(|text| HeaderValue::from_str(text).ok()) {
        headers.insert(LOCATION, location);
    }
    response
}

/// The same answer, announced in full and sent by half.
pub(super) async fn truncated(response: Response<Body>) -> io::Result<Response<Body>> {
    let (mut parts, body) = response.into_parts();
    let body = body.collect().await?.to_bytes();
    parts
        .headers
        .insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    Ok(Response::from_parts(parts, half(&body)))
}

/// The same answer, its second half when the rules are forgotten.
pub(super) async fn stalled(
    response: Response<Body>,
    cleared: watch::Receiver<()>,
) -> io::Result<Response<Body>> {
    let (mut parts, body) = response.into_parts();
    let body = body.collect().await?.to_bytes();
    parts
        .headers
        .insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    Ok(Response::from_parts(parts, halves(&body, cleared)))
}
