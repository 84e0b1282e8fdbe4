//! Lists of repositories and branches.

use serde_json::{Value, json};

use super::super::ApiError;
use super::{Ask, internal};
use crate::model::Repository;
use crate::repository_folder;

pub(super) fn repositories(ask: Ask<'_>) -> Result<Value, ApiError> {
    ask.authorize("*")?;
    let mut list: Vec<Repository> = ask
        .shared
        .world()
        .accounts
        .get(&ask.context.caller.account)
        .into_iter()
        .flat_map(|account| account.repositories.values())
        .filter(|repository| repository.region == ask.context.endpoint.region)
        .cloned()
        .collect();
    match ask.text("sortBy") {
        None | Some("repositoryName") => {}
        Some("lastModifiedDate") => list.sort_by_key(|repository| repository.modified),
        Some(_) => {
            return Err(ApiError::new(
                400,
                "InvalidSortByException",
                "The value for sortBy is not valid.",
            ));
        }
    }
    match ask.text("order") {
        None | Some("ascending") => {}
        Some("descending") => list.reverse(),
        Some(_) => {
            return Err(ApiError::new(
                400,
                "InvalidOrderException",
                "The value for order is not valid.",
            ));
        }
    }
    let (page, next) = page(ask, &list)?;
    let names: Vec<Value> = page
        .iter()
        .map(|repository| {
            json!({ "repositoryName": repository.name, "repositoryId": repository.id })
        })
        .collect();
    Ok(with_token(json!({ "repositories": names }), next))
}

pub(super) fn branches(ask: Ask<'_>) -> Result<Value, ApiError> {
    let repository = ask.authorized_repository()?;
    let branches =
        repository_folder::branches(&repository.folder).map_err(|error| internal(&error))?;
    let (page, next) = page(ask, &branches)?;
    let names: Vec<&String> = page.iter().map(|(name, _)| name).collect();
    Ok(with_token(json!({ "branches": names }), next))
}

pub(super) fn branch(ask: Ask<'_>) -> Result<Value, ApiError> {
    let repository = ask.authorized_repository()?;
    let wanted = ask.text("branchName").ok_or_else(|| {
        ApiError::new(
            400,
            "BranchNameRequiredException",
            "A branch name is required.",
        )
    })?;
    repository_folder::branches(&repository.folder)
        .map_err(|error| internal(&error))?
        .into_iter()
        .find(|(name, _)| name == wanted)
        .map(|(name, commit)| json!({ "branch": { "branchName": name, "commitId": commit } }))
        .ok_or_else(|| {
            ApiError::new(
                400,
                "BranchDoesNotExistException",
                format!("{wanted} does not exist"),
            )
        })
}

/// The page that `nextToken` asks for, and the token of the one after it.
fn page<'a, T>(ask: Ask<'_>, items: &'a [T]) -> Result<(&'a [T], Option<String>), ApiError> {
    let start = match ask.text("nextToken") {
        None => 0,
        Some(token) => token
            .strip_prefix("page-")
            .and_then(|number| number.parse::<usize>().ok())
            .filter(|start| *start <= items.len())
            .ok_or_else(|| {
                ApiError::new(
                    400,
                    "InvalidContinuationTokenException",
                    "The continuation token is not valid.",
                )
            })?,
    };
    let end = items.len().min(start + ask.shared.page_size);
    let next = (end < items.len()).then(|| format!("page-{end}"));
    Ok((&items[start..end], next))
}

fn with_token(mut result: Value, next: Option<String>) -> Value {
    if let Some(next) = next {
        result["nextToken"] = json!(next);
    }
    result
}
