//! The batch API: where objects can be had or put
//! (<https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md>).

use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::super::ApiError;
use super::{Object, invalid, objects};

/// What is to happen to which objects.
#[derive(Debug, Deserialize)]
pub(super) struct Batch {
    operation: Operation,
    /// Ways of transfer that the client knows; without the list it is `basic` alone.
    transfers: Option<Vec<String>>,
    objects: Vec<Object>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Operation {
    Upload,
    Download,
}

impl Batch {
    /// Whether the client wants to write.
    pub(super) fn is_upload(&self) -> bool {
        self.operation == Operation::Upload
    }
}

/// Reads a request.
pub(super) fn parse(body: &[u8]) -> Result<Batch, ApiError> {
    let batch: Batch = serde_json::from_slice(body).map_err(|error| invalid(&error.to_string()))?;
    let knows_basic = |transfers: &Vec<String>| transfers.iter().any(|name| name == "basic");
    if !batch.transfers.as_ref().is_none_or(knows_basic) {
        return Err(invalid("the basic transfer is the only one"));
    }
    if !batch
        .objects
        .iter()
        .all(|object| objects::is_oid(&object.oid))
    {
        return Err(invalid("an object's name is 64 hexadecimal digits"));
    }
    Ok(batch)
}

/// The answer for a repository in this folder, whose large files are below `url`.
pub(super) fn answer(batch: &Batch, url: &str, repository: &Path) -> Value {
    let objects: Vec<Value> = batch
        .objects
        .iter()
        .map(|object| answer_one(batch.operation, object, url, repository))
        .collect();
    json!({ "transfer": "basic", "objects": objects, "hash_algo": "sha256" })
}

fn answer_one(operation: Operation, object: &Object, url: &str, repository: &Path) -> Value {
    let Object { oid, size } = object;
    let is_stored = objects::size(repository, oid) == Some(*size);
    let content = json!({ "href": format!("{url}/objects/{oid}") });
    match (operation, is_stored) {
        // An object that is there already has no actions.
        (Operation::Upload, true) => json!({ "oid": oid, "size": size }),
        (Operation::Upload, false) => {
            let verify = json!({ "href": format!("{url}/objects/verify") });
            json!({ "oid": oid, "size": size, "actions": { "upload": content, "verify": verify } })
        }
        (Operation::Download, true) => {
            json!({ "oid": oid, "size": size, "actions": { "download": content } })
        }
        (Operation::Download, false) => {
            let error = json!({ "code": 404, "message": "Object does not exist" });
            json!({ "oid": oid, "size": size, "error": error })
        }
    }
}
