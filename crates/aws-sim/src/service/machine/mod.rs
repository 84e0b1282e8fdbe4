//! The endpoints that only the machine itself reaches: instance metadata and container credentials.

mod container;
mod instance;

use super::{ApiError, ApiRequest, Reply};
use crate::calls::Call;
use crate::endpoint::Service;
use crate::shared::Shared;

pub(crate) use container::PATH as CONTAINER_PATH;

/// Notes what is asked, without tokens.
pub(super) fn identify(service: Service, request: &ApiRequest, call: &mut Call) {
    let operation = if service == Service::InstanceMetadata {
        instance::operation(request)
    } else {
        container::operation(request)
    };
    call.operation = operation.to_owned();
    call.resource = Some(request.parts.uri.path().to_owned());
}

/// Answers a request.
pub(super) fn answer(
    shared: &Shared,
    service: Service,
    request: &ApiRequest,
    call: &mut Call,
) -> Reply {
    let now = shared.clock.now();
    let world = &mut shared.world();
    let answered = if service == Service::InstanceMetadata {
        instance::answer(world, request, call, now)
    } else {
        container::answer(world, request, call, now)
    };
    answered.unwrap_or_else(|error| failure(service, error))
}

/// An error in the endpoint's own form.
pub(super) fn failure(service: Service, error: ApiError) -> Reply {
    if service == Service::InstanceMetadata {
        instance::failure(error)
    } else {
        container::failure(error)
    }
}

fn header<'r>(request: &'r ApiRequest, name: &str) -> Option<&'r str> {
    request.parts.headers.get(name)?.to_str().ok()
}

fn reply(content_type: &'static str, body: String) -> Reply {
    Reply {
        status: 200,
        content_type,
        body,
        error: None,
        headers: Vec::new(),
    }
}
