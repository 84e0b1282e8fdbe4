//! Registrations of the AWS CLI at IAM Identity Center that have ended.

use crate::examine::Seen;
use crate::finding::{Check, Finding};
use jiff::Timestamp;
use serde::Deserialize;
use std::fs;
use std::path::Path;

/// Files that are looked at, at most.
const MOST_FILES: usize = 200;

/// Largest file that is read, in bytes.
const LARGEST: u64 = 64 * 1024;

/// What of a file of the AWS CLI's cache tells a registration from a token. The rest, secrets among it, is not read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cached {
    client_id: Option<serde::de::IgnoredAny>,
    access_token: Option<serde::de::IgnoredAny>,
    expires_at: Option<String>,
}

/// Those whose end has come.
pub(crate) fn look(seen: &Seen<'_>) -> Vec<Finding> {
    let Some(aws) = seen.around.context.config_file.parent() else {
        return Vec::new();
    };
    let Ok(files) = fs::read_dir(aws.join("sso").join("cache")) else {
        return Vec::new();
    };
    files
        .flatten()
        .take(MOST_FILES)
        .map(|file| file.path())
        .filter(|file| file.extension().is_some_and(|extension| extension == "json"))
        .filter(|file| has_ended(file))
        .map(|file| {
            Check::Registrations
                .note(
                    "a registration of the AWS CLI at IAM Identity Center has ended",
                    "some versions of the AWS CLI answer aws sso login with: Invalid client provided",
                )
                .at(file.display().to_string())
                .advise("remove the file; the AWS CLI registers again")
        })
        .collect()
}

fn has_ended(file: &Path) -> bool {
    let small = fs::metadata(file).is_ok_and(|metadata| metadata.len() <= LARGEST);
    let text = small.then(|| fs::read(file).ok()).flatten();
    let cached = text.and_then(|text| serde_json::from_slice::<Cached>(&text).ok());
    let Some(cached) = cached else {
        return false;
    };
    let ends = cached
        .expires_at
        .as_deref()
        .map(|at| at.replace("UTC", "Z"));
    let ends = ends.and_then(|at| at.parse::<Timestamp>().ok());
    cached.client_id.is_some()
        && cached.access_token.is_none()
        && ends.is_some_and(|ends| ends < Timestamp::now())
}
