//! The simulated services. A new one is a module here, a variant of [`Service`] and an arm in the three functions below.

pub(crate) mod codecommit;
mod console_login;
pub(crate) mod git;
mod iam;
mod json;
mod machine;
pub(crate) mod oidc;
pub(crate) mod portal;
mod query;
mod signed;
mod sts;
mod web;

pub(crate) use console_login::sign_in as console_login;
pub(crate) use machine::CONTAINER_PATH;

use std::sync::Arc;

use hyper::Response;
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::http::request::Parts;
use jiff::Timestamp;

use crate::calls::Call;
use crate::endpoint::{Endpoint, Service};
use crate::model::{Caller, Denied};
use crate::net::body::{Body, full, status};
use crate::shared::Shared;

/// A request to an API, read to its end.
#[derive(Debug)]
pub(crate) struct ApiRequest {
    pub(crate) parts: Parts,
    pub(crate) body: Bytes,
}

impl ApiRequest {
    fn query(&self) -> &str {
        self.parts.uri.query().unwrap_or_default()
    }
}

/// Notes in the call log what a request asks for.
pub(crate) fn identify(service: Service, request: &ApiRequest, call: &mut Call) {
    match service {
        Service::Sts => sts::identify(request, call),
        Service::Iam => iam::identify(request, call),
        Service::CodeCommit => codecommit::identify(request, call),
        Service::SignIn | Service::Console => web::identify(service, request, call),
        Service::Oidc => oidc::identify(request, call),
        Service::Portal | Service::AccessPortal => portal::identify(service, request, call),
        Service::InstanceMetadata | Service::Container => {
            machine::identify(service, request, call);
        }
        Service::Git => {}
    }
}

/// Answers a request.
pub(crate) async fn answer(
    shared: &Arc<Shared>,
    endpoint: &Arc<Endpoint>,
    request: ApiRequest,
    call: &mut Call,
) -> Reply {
    match endpoint.service {
        Service::Sts => sts::answer(shared, endpoint, &request, call),
        Service::Iam => iam::answer(shared, endpoint, &request, call),
        Service::CodeCommit => codecommit::answer(shared, endpoint, request, call).await,
        Service::SignIn | Service::Console => web::answer(shared, endpoint, &request, call),
        Service::Oidc => oidc::answer(shared, endpoint, &request, call),
        Service::Portal | Service::AccessPortal => portal::answer(shared, endpoint, &request, call),
        Service::InstanceMetadata | Service::Container => {
            machine::answer(shared, endpoint.service, &request, call)
        }
        Service::Git => git::failure(ApiError::new(500, "InternalFailure", "git is streamed")),
    }
}

/// An error in the form the service gives its own.
pub(crate) fn failure(service: Service, operation: &str, error: ApiError) -> Reply {
    match service {
        Service::Sts => query::failure(sts::NAMESPACE, error),
        Service::Iam => query::failure(iam::NAMESPACE, error),
        Service::CodeCommit => json::failure(error),
        Service::Git => git::failure(error),
        Service::SignIn if console_login::speaks_json(operation) => console_login::failure(error),
        Service::SignIn | Service::Console => web::failure(error),
        Service::InstanceMetadata | Service::Container => machine::failure(service, error),
        Service::Oidc => oidc::failure(error),
        Service::Portal | Service::AccessPortal => portal::failure(error),
    }
}

/// An error answer, before it is put into a protocol's form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ApiError {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
}

impl ApiError {
    pub(crate) fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            code: code.to_owned(),
            message: message.into(),
        }
    }

    fn denied(status: u16, code: &str, denied: &Denied) -> Self {
        Self::new(status, code, denied.to_string())
    }
}

/// An answer in a protocol's form.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    pub(crate) body: String,
    /// The error code, for the call log and the header JSON protocols want.
    pub(crate) error: Option<String>,
    /// Headers that only this answer has.
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl From<Reply> for Response<Body> {
    fn from(reply: Reply) -> Self {
        let mut response = Response::new(full(reply.body));
        *response.status_mut() = status(reply.status);
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(reply.content_type));
        if let Some(code) = reply
            .error
            .and_then(|code| HeaderValue::from_str(&code).ok())
        {
            headers.insert("x-amzn-errortype", code);
        }
        for (name, value) in reply.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
        response
    }
}

/// An authenticated request to an API: what its handlers need to know.
#[derive(Clone, Copy, Debug)]
struct Context<'a> {
    caller: &'a Caller,
    endpoint: &'a Endpoint,
    now: Timestamp,
}

/// Whole seconds, as AWS writes times in XML.
fn iso_time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
