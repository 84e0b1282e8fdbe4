//! The form in which lists outlive the agent: JSON in a sealed file, since what a company's repositories are called is
//! not for everybody.

use super::super::Controller;
use super::super::tasks::Done;
use super::lists::Known;
use crate::explain::with_causes;
use holdfast_agent_proto::view::RepositoryView;
use holdfast_core::port::Aws;
use holdfast_core::time::Timestamp;
use holdfast_keychain::{Loaded, SealedError};
use serde::{Deserialize, Serialize};
use std::time::SystemTime;
use zeroize::Zeroizing;

/// Version of the form that this release writes.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Stored {
    version: u32,
    lists: Vec<StoredList>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct StoredList {
    /// The text of the session's key.
    session: String,
    region: String,
    fetched_at: i64,
    repositories: Vec<StoredRepository>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct StoredRepository {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    default_branch: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_modified: Option<i64>,
    account_id: String,
    host: String,
}

impl StoredList {
    pub(super) fn of(session: &str, region: &str, known: &Known) -> Self {
        let repository = |view: &RepositoryView| StoredRepository {
            name: view.name.clone(),
            description: view.description.clone(),
            default_branch: view.default_branch.clone(),
            last_modified: view.last_modified,
            account_id: view.account_id.clone(),
            host: view.host.clone(),
        };
        Self {
            session: session.to_owned(),
            region: region.to_owned(),
            fetched_at: known.fetched_at.unix_seconds(),
            repositories: known.repositories.iter().map(repository).collect(),
        }
    }

    /// The session's key as text, the Region, and the list.
    pub(super) fn restore(self) -> (String, String, Known) {
        let region = self.region;
        let view = |stored: StoredRepository| RepositoryView {
            name: stored.name,
            description: stored.description,
            default_branch: stored.default_branch,
            last_modified: stored.last_modified,
            region: region.clone(),
            account_id: stored.account_id,
            host: stored.host,
        };
        let known = Known {
            repositories: self.repositories.into_iter().map(view).collect(),
            fetched_at: Timestamp::from_unix_seconds(self.fetched_at),
        };
        (self.session, region, known)
    }
}

impl<S: Aws> Controller<S> {
    /// Reads what was stored, once, at the first request that may need it.
    pub(super) fn load_repositories(&mut self) {
        let Some(key) = self.storage.key().filter(|_| !self.repositories.is_loaded) else {
            return;
        };
        self.repositories.is_loaded = true;
        let contents = match self.repositories.store.load(&key, SystemTime::now()) {
            Ok(Loaded::Contents(contents)) => contents,
            Ok(Loaded::Nothing | Loaded::Damaged { .. }) => return,
            Err(error) => {
                tracing::warn!(error = %with_causes(&error), "lists of repositories are not there");
                return;
            }
        };
        let stored: Option<Stored> = serde_json::from_slice(&contents).ok();
        let stored = stored.filter(|stored| stored.version == VERSION);
        for list in stored.into_iter().flat_map(|stored| stored.lists) {
            let (session, region, known) = list.restore();
            self.repositories.lists.restore(&session, &region, known);
        }
    }

    /// Stores everything that is known; what changes meanwhile is stored after that.
    pub(super) fn save_repositories(&mut self) {
        let Some(key) = self.storage.key().filter(|_| !self.engine.is_locked()) else {
            return;
        };
        if self.repositories.saving {
            self.repositories.unsaved = true;
            return;
        }
        self.repositories.saving = true;
        self.repositories.unsaved = false;
        let stored = Stored {
            version: VERSION,
            lists: self.repositories.lists.stored(),
        };
        let store = self.repositories.store.clone();
        self.tasks.spawn_blocking(move || {
            let contents = Zeroizing::new(serde_json::to_vec(&stored).unwrap_or_default());
            Done::RepositoriesSaved(store.save(&key, &contents, SystemTime::now()))
        });
    }

    /// Something is being written.
    pub(in crate::controller) fn is_saving_repositories(&self) -> bool {
        self.repositories.saving
    }

    pub(in crate::controller) fn repositories_saved(&mut self, outcome: Result<(), SealedError>) {
        self.repositories.saving = false;
        if let Err(error) = outcome {
            tracing::warn!(error = %with_causes(&error), "lists of repositories were not kept");
        } else if self.repositories.unsaved {
            self.save_repositories();
        }
    }
}
