//! Repositories one by one.

use std::collections::btree_map::Entry;
use std::{fs, io};

use serde_json::{Value, json};

use super::super::ApiError;
use super::{Ask, internal, is_name};
use crate::model::Repository;
use crate::{random, repository_folder};

/// The most names `BatchGetRepositories` takes.
const BATCH: usize = 100;

pub(super) fn get(ask: Ask<'_>) -> Result<Value, ApiError> {
    let repository = ask.authorized_repository()?;
    Ok(json!({ "repositoryMetadata": metadata(ask, &repository) }))
}

pub(super) fn batch_get(ask: Ask<'_>) -> Result<Value, ApiError> {
    let names: Vec<&str> = ask
        .input
        .get("repositoryNames")
        .and_then(Value::as_array)
        .map(|names| names.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    if names.is_empty() {
        return Err(ApiError::new(
            400,
            "RepositoryNamesRequiredException",
            "At least one repository name is required.",
        ));
    }
    if names.len() > BATCH {
        return Err(ApiError::new(
            400,
            "MaximumRepositoryNamesExceededException",
            format!("The maximum number of repository names is {BATCH}."),
        ));
    }
    let mut found = Vec::new();
    let mut missing = Vec::new();
    for name in names {
        ask.authorize(&ask.arn_of(name))?;
        match ask.repository(name).filter(|_| is_name(name)) {
            Some(repository) => found.push(metadata(ask, &repository)),
            None => missing.push(name),
        }
    }
    Ok(json!({ "repositories": found, "repositoriesNotFound": missing, "errors": [] }))
}

pub(super) fn create(ask: Ask<'_>) -> Result<Value, ApiError> {
    let name = ask.authorized_name()?;
    let account = &ask.context.caller.account;
    let region = &ask.context.endpoint.region;
    let id = random::uuid();
    let folder = ask.shared.repositories.join(account).join(region);
    let repository = Repository {
        name: name.to_owned(),
        region: region.clone(),
        arn: ask.arn_of(name),
        // The identifier keeps a deleted repository and its successor of the same name apart.
        folder: folder.join(format!("{id}.git")),
        id,
        description: ask.text("repositoryDescription").map(str::to_owned),
        created: ask.context.now,
        modified: ask.context.now,
    };
    let metadata = metadata(ask, &repository);
    let mut world = ask.shared.world();
    let repositories = world
        .accounts
        .get_mut(account)
        .map(|account| &mut account.repositories)
        .ok_or_else(|| ApiError::new(500, "InternalFailure", "the account is gone"))?;
    match repositories.entry((region.clone(), name.to_owned())) {
        Entry::Occupied(_) => Err(ApiError::new(
            400,
            "RepositoryNameExistsException",
            format!("Repository named {name} already exists"),
        )),
        Entry::Vacant(place) => {
            place.insert(repository);
            Ok(json!({ "repositoryMetadata": metadata }))
        }
    }
}

pub(super) fn delete(ask: Ask<'_>) -> Result<Value, ApiError> {
    let name = ask.authorized_name()?;
    let key = (ask.context.endpoint.region.clone(), name.to_owned());
    let gone = ask
        .shared
        .world()
        .accounts
        .get_mut(&ask.context.caller.account)
        .and_then(|account| account.repositories.remove(&key));
    let Some(repository) = gone else {
        return Ok(json!({}));
    };
    match fs::remove_dir_all(&repository.folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(internal(&error)),
        Ok(()) | Err(_) => Ok(json!({ "repositoryId": repository.id })),
    }
}

fn metadata(ask: Ask<'_>, repository: &Repository) -> Value {
    let endpoint = ask.context.endpoint;
    let host = format!("git-codecommit.{}.{}", endpoint.region, endpoint.suffix);
    let mut metadata = json!({
        "accountId": ask.context.caller.account,
        "repositoryId": repository.id,
        "repositoryName": repository.name,
        "lastModifiedDate": seconds(repository.modified),
        "creationDate": seconds(repository.created),
        "cloneUrlHttp": format!("https://{host}/v1/repos/{}", repository.name),
        "cloneUrlSsh": format!("ssh://{host}/v1/repos/{}", repository.name),
        "Arn": repository.arn,
    });
    if let Some(description) = &repository.description {
        metadata["repositoryDescription"] = json!(description);
    }
    if let Some(branch) = repository_folder::default_branch(&repository.folder) {
        metadata["defaultBranch"] = json!(branch);
    }
    metadata
}

/// Seconds since 1970 with milliseconds, as AWS writes times in JSON.
fn seconds(time: jiff::Timestamp) -> f64 {
    time.as_millisecond() as f64 / 1000.0
}
