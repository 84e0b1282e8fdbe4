//! CodeCommit's API: repositories of the caller's account in the endpoint's region.

mod listing;
mod repositories;

use std::sync::Arc;

use serde_json::Value;

use super::json;
use super::{ApiError, ApiRequest, Context, Reply, signed};
use crate::arn;
use crate::calls::Call;
use crate::endpoint::Endpoint;
use crate::model::Repository;
use crate::shared::Shared;

/// Notes the operation, and the repository a request is about.
pub(super) fn identify(request: &ApiRequest, call: &mut Call) {
    call.operation = json::operation(&request.parts.headers).to_owned();
    let input: Option<Value> = serde_json::from_slice(&request.body).ok();
    call.resource = input.and_then(|input| Some(input.get("repositoryName")?.as_str()?.to_owned()));
}

/// Answers a request.
pub(super) async fn answer(
    shared: &Arc<Shared>,
    endpoint: &Arc<Endpoint>,
    request: ApiRequest,
    call: &mut Call,
) -> Reply {
    let caller = match signed::authenticate(shared, endpoint, &request, call) {
        Ok(caller) => caller,
        Err(refused) => return json::failure(json::refusal(&refused)),
    };
    let shared = Arc::clone(shared);
    let endpoint = Arc::clone(endpoint);
    let operation = call.operation.clone();
    // The handlers run git and wait for it.
    let work = tokio::task::spawn_blocking(move || {
        let context = Context {
            caller: &caller,
            endpoint: &endpoint,
            now: shared.clock.now(),
        };
        dispatch(&shared, context, &operation, &request.body)
    });
    match work.await {
        Ok(Ok(result)) => json::success(&result),
        Ok(Err(error)) => json::failure(error),
        Err(_) => json::failure(ApiError::new(500, "InternalFailure", "the handler failed")),
    }
}

fn dispatch(
    shared: &Shared,
    context: Context<'_>,
    operation: &str,
    body: &[u8],
) -> Result<Value, ApiError> {
    let input: Value = serde_json::from_slice(body)
        .map_err(|_| ApiError::new(400, "SerializationException", "the body is not JSON"))?;
    let ask = Ask {
        shared,
        context,
        operation,
        input: &input,
    };
    match operation {
        "ListRepositories" => listing::repositories(ask),
        "BatchGetRepositories" => repositories::batch_get(ask),
        "GetRepository" => repositories::get(ask),
        "CreateRepository" => repositories::create(ask),
        "DeleteRepository" => repositories::delete(ask),
        "ListBranches" => listing::branches(ask),
        "GetBranch" => listing::branch(ask),
        _ => Err(ApiError::new(400, "UnknownOperationException", "")),
    }
}

/// One request: what is asked of what.
#[derive(Clone, Copy)]
struct Ask<'a> {
    shared: &'a Shared,
    context: Context<'a>,
    operation: &'a str,
    input: &'a Value,
}

impl Ask<'_> {
    fn text(&self, name: &str) -> Option<&str> {
        self.input.get(name)?.as_str()
    }

    /// The ARN a repository of this name has or would have.
    fn arn_of(&self, name: &str) -> String {
        let caller = self.context.caller;
        arn::repository(
            self.context.endpoint.partition,
            &self.context.endpoint.region,
            &caller.account,
            name,
        )
    }

    fn authorize(&self, resource: &str) -> Result<(), ApiError> {
        let action = format!("codecommit:{}", self.operation);
        let Context { caller, now, .. } = self.context;
        self.shared
            .world()
            .authorize(caller, &action, resource, now)
            .map_err(|denied| ApiError::denied(400, "AccessDeniedException", &denied))
    }

    /// The name in `repositoryName`, when it is a possible one and the caller may do this to it.
    fn authorized_name(&self) -> Result<&str, ApiError> {
        let name = self.text("repositoryName").ok_or_else(|| {
            ApiError::new(
                400,
                "RepositoryNameRequiredException",
                "A repository name is required.",
            )
        })?;
        if !is_name(name) {
            return Err(ApiError::new(
                400,
                "InvalidRepositoryNameException",
                "The repository name is not valid. Repository names can be any valid combination of letters, \
                 numbers, periods, underscores, and dashes between 1 and 100 characters in length.",
            ));
        }
        self.authorize(&self.arn_of(name))?;
        Ok(name)
    }

    fn repository(&self, name: &str) -> Option<Repository> {
        let key = (self.context.endpoint.region.clone(), name.to_owned());
        let world = self.shared.world();
        let account = world.accounts.get(&self.context.caller.account)?;
        account.repositories.get(&key).cloned()
    }

    /// The repository in `repositoryName`.
    fn authorized_repository(&self) -> Result<Repository, ApiError> {
        let name = self.authorized_name()?;
        self.repository(name).ok_or_else(|| {
            ApiError::new(
                400,
                "RepositoryDoesNotExistException",
                format!("{name} does not exist"),
            )
        })
    }
}

/// Whether CodeCommit would take this as a repository's name.
fn is_name(name: &str) -> bool {
    (1..=100).contains(&name.len())
        && !name.ends_with(".git")
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

fn internal(error: &std::io::Error) -> ApiError {
    ApiError::new(500, "InternalFailure", error.to_string())
}
