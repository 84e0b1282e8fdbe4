//! CodeCommit's API: repositories of the caller's account in the endpoint's region.

mod listing;
mod repositories;

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::json;
use super::{ApiError, Context, Reply};
use crate::arn;
use crate::model::{Repository, World};

/// What the handlers share.
#[derive(Clone, Copy)]
pub(crate) struct Backend<'a> {
    pub(crate) world: &'a Mutex<World>,
    /// Where the bare repositories are.
    pub(crate) folder: &'a Path,
    /// How many names one page of a list holds.
    pub(crate) page_size: usize,
}

impl Backend<'_> {
    fn with<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        act(&mut self.world.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Answers an authenticated request. Runs git, so it may take milliseconds and must not block a runtime.
pub(crate) fn handle(
    backend: Backend<'_>,
    context: Context<'_>,
    operation: &str,
    input: &[u8],
) -> Reply {
    let result = serde_json::from_slice(input)
        .map_err(|_| ApiError::new(400, "SerializationException", "the body is not JSON"))
        .and_then(|input| dispatch(backend, context, operation, &input));
    match result {
        Ok(value) => json::success(&value),
        Err(error) => json::failure(error),
    }
}

/// What a request is about: a repository's name, for the call log.
pub(crate) fn resource(input: &[u8]) -> Option<String> {
    let input: Value = serde_json::from_slice(input).ok()?;
    Some(input.get("repositoryName")?.as_str()?.to_owned())
}

fn dispatch(
    backend: Backend<'_>,
    context: Context<'_>,
    operation: &str,
    input: &Value,
) -> Result<Value, ApiError> {
    let ask = Ask {
        backend,
        context,
        operation,
        input,
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
    backend: Backend<'a>,
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
        if self
            .backend
            .with(|world| world.allows(caller, &action, resource, now))
        {
            return Ok(());
        }
        Err(ApiError::not_authorized(
            "AccessDeniedException",
            400,
            caller,
            &action,
            resource,
        ))
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
        self.backend.with(|world| {
            let account = world.accounts.get(&self.context.caller.account)?;
            account.repositories.get(&key).cloned()
        })
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
pub(crate) fn is_name(name: &str) -> bool {
    (1..=100).contains(&name.len())
        && !name.ends_with(".git")
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

fn internal(error: &std::io::Error) -> ApiError {
    ApiError::new(500, "InternalFailure", error.to_string())
}
