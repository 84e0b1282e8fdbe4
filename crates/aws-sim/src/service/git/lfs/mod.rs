//! Git LFS: the batch API and the basic transfer of objects
//! (<https://github.com/git-lfs/git-lfs/tree/main/docs/api>). Locks are answered as by a server that has none.

mod batch;
mod objects;
mod route;

use std::io;
use std::sync::Arc;

use http_body_util::{BodyExt, Limited};
use hyper::Response;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::ApiError;
use super::access::{self, Wanted};
use crate::calls::Call;
use crate::endpoint::Endpoint;
use crate::model::Repository;
use crate::net::body::{Body, full, status};
use crate::shared::Shared;

pub(super) use route::{Request, Route};

/// The largest object, in bytes.
pub(super) const OBJECT_LIMIT: usize = 64 * 1024 * 1024;

/// The content type of the API.
const JSON: &str = "application/vnd.git-lfs+json";

/// Who asks, and where.
pub(super) struct Client<'a> {
    pub(super) shared: &'a Arc<Shared>,
    pub(super) endpoint: &'a Endpoint,
    pub(super) authorization: &'a HeaderValue,
}

impl Client<'_> {
    /// The repository, when the client may do this to it.
    fn open(&self, route: &Route, action: &str, call: &mut Call) -> Result<Repository, ApiError> {
        let wanted = Wanted {
            repository: route.name(),
            action,
            signed_paths: &route.signed_paths(),
        };
        access::check(
            self.shared,
            self.endpoint,
            &wanted,
            self.authorization,
            call,
        )
    }
}

/// An object as clients name it: the SHA-256 of its content, and its size.
#[derive(Clone, Debug, Deserialize)]
struct Object {
    oid: String,
    size: u64,
}

/// What is answered when all is well.
enum Done {
    Json(Value),
    Content(Bytes),
    Nothing,
}

/// Answers one request of git-lfs's.
pub(super) async fn answer(
    client: &Client<'_>,
    route: Route,
    body: Incoming,
    call: &mut Call,
) -> Response<Body> {
    let (mut response, content_type) = match act(client, &route, body, call).await {
        Ok(Done::Json(value)) => (Response::new(full(value.to_string())), JSON),
        Ok(Done::Content(content)) => (Response::new(full(content)), "application/octet-stream"),
        Ok(Done::Nothing) => (Response::new(full("")), JSON),
        Err(error) => {
            let message = json!({ "message": format!("{}: {}", error.code, error.message) });
            let mut response = Response::new(full(message.to_string()));
            *response.status_mut() = status(error.status);
            call.error = Some(error.code);
            (response, JSON)
        }
    };
    let content_type = HeaderValue::from_static(content_type);
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}

async fn act(
    client: &Client<'_>,
    route: &Route,
    body: Incoming,
    call: &mut Call,
) -> Result<Done, ApiError> {
    let repository = client.open(route, route.action(), call)?;
    let body = Limited::new(body, OBJECT_LIMIT)
        .collect()
        .await
        .map_err(|_| invalid("the request is cut short or too large"))?
        .to_bytes();
    match route.request() {
        Request::Batch => {
            let batch = batch::parse(&body)?;
            if batch.is_upload() {
                client.open(route, "codecommit:GitPush", call)?;
            }
            let url = route.url(&client.endpoint.host);
            Ok(Done::Json(batch::answer(&batch, &url, &repository.folder)))
        }
        Request::Verify => {
            let object: Object =
                serde_json::from_slice(&body).map_err(|error| invalid(&error.to_string()))?;
            if objects::size(&repository.folder, &object.oid) == Some(object.size) {
                Ok(Done::Nothing)
            } else {
                Err(ApiError::new(
                    404,
                    "ObjectNotFound",
                    "the object is not stored",
                ))
            }
        }
        Request::Download(oid) => {
            let content = objects::read(&repository.folder, oid).map_err(not_stored)?;
            Ok(Done::Content(content.into()))
        }
        Request::Upload(oid) => {
            if objects::digest(&body) != *oid {
                return Err(invalid("the content is not that of the object's name"));
            }
            objects::write(&repository.folder, oid, &body).map_err(not_stored)?;
            Ok(Done::Nothing)
        }
    }
}

fn invalid(message: &str) -> ApiError {
    ApiError::new(422, "InvalidRequest", message)
}

fn not_stored(error: io::Error) -> ApiError {
    let status = if error.kind() == io::ErrorKind::NotFound {
        404
    } else {
        500
    };
    ApiError::new(status, "ObjectNotFound", error.to_string())
}
