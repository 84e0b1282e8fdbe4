//! Which profile was chosen for which repository, kept in a sealed file of its own.
//!
//! None of it is a secret. It is sealed all the same: it says what a person works on, and sealed, nobody but the agent
//! can change whose credentials git is given.

use super::super::Controller;
use super::super::beside::Kept;
use super::super::tasks::Done;
use crate::explain::with_causes;
use holdfast_codecommit::{GitHost, RepositoryAddress, RepositoryName};
use holdfast_core::port::Aws;
use holdfast_keychain::{Loaded, SealedError, SealedStore};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use zeroize::Zeroizing;

/// Version of the form that this release writes.
const VERSION: u32 = 1;

/// Repositories that are remembered; those that were not used for the longest time go.
const MAX_REMEMBERED: usize = 1_000;

/// What is remembered.
pub(in super::super) struct Memory {
    store: SealedStore,
    /// What was stored is in `remembered`.
    is_loaded: bool,
    /// The one that was used last at the end.
    remembered: Vec<Remembered>,
    saving: bool,
    /// Something has changed since saving began.
    changed: bool,
}

/// A profile that was chosen for a repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Remembered {
    host: String,
    repository: String,
    pub(super) profile: String,
    /// The config file that the profile stands in: other files have profiles of their own.
    pub(super) config_file: PathBuf,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Stored {
    version: u32,
    repositories: Vec<Remembered>,
}

impl Remembered {
    pub(super) fn new(address: &RepositoryAddress, profile: &str, config_file: &Path) -> Self {
        Self {
            host: address.host().canonical().to_owned(),
            repository: address.repository().as_str().to_owned(),
            profile: profile.to_owned(),
            config_file: config_file.to_owned(),
        }
    }

    fn is_of(&self, address: &RepositoryAddress) -> bool {
        self.host == address.host().canonical() && self.repository == address.repository().as_str()
    }
}

impl Memory {
    /// Nothing yet; what was stored lies beside the file of the sessions.
    pub(in super::super) fn beside(sessions: &Path) -> Self {
        Self {
            store: Kept::Profiles.store(sessions),
            is_loaded: false,
            remembered: Vec::new(),
            saving: false,
            changed: false,
        }
    }

    /// What is remembered for a repository, which is used by that.
    fn used(&mut self, address: &RepositoryAddress) -> Option<Remembered> {
        let found = self.take(address)?;
        self.remembered.push(found.clone());
        Some(found)
    }

    /// The host of the one repository of this name that is remembered with these files.
    fn host_of(&self, repository: &RepositoryName, config_file: &Path) -> Option<GitHost> {
        let mut found = self
            .remembered
            .iter()
            .filter(|it| it.repository == repository.as_str() && it.config_file == config_file);
        match (found.next(), found.next()) {
            (Some(remembered), None) => GitHost::parse(&remembered.host).ok(),
            (None, _) | (Some(_), Some(_)) => None,
        }
    }

    fn put(&mut self, remembered: Remembered, address: &RepositoryAddress) {
        self.take(address);
        self.remembered.push(remembered);
        let over = self.remembered.len().saturating_sub(MAX_REMEMBERED);
        self.remembered.drain(..over);
    }

    fn take(&mut self, address: &RepositoryAddress) -> Option<Remembered> {
        let at = self.remembered.iter().position(|it| it.is_of(address))?;
        Some(self.remembered.remove(at))
    }

    /// What was stored, behind which comes what was remembered before it could be read.
    fn restore(&mut self, mut stored: Vec<Remembered>) {
        let is_same =
            |a: &Remembered, b: &Remembered| (&a.host, &a.repository) == (&b.host, &b.repository);
        stored.retain(|old| !self.remembered.iter().any(|new| is_same(old, new)));
        stored.append(&mut self.remembered);
        let over = stored.len().saturating_sub(MAX_REMEMBERED);
        stored.drain(..over);
        self.remembered = stored;
    }
}

impl<S: Aws> Controller<S> {
    /// What is remembered for a repository.
    pub(super) fn recall(&mut self, address: &RepositoryAddress) -> Option<Remembered> {
        self.load_remembered();
        self.memory.used(address)
    }

    /// The host of the one repository of this name for which a profile of these files is remembered.
    pub(super) fn host_recalled(
        &mut self,
        repository: &RepositoryName,
        config_file: &Path,
    ) -> Option<GitHost> {
        self.load_remembered();
        self.memory.host_of(repository, config_file)
    }

    /// From now on, this profile is used for a repository.
    pub(super) fn remember(&mut self, remembered: Remembered, address: &RepositoryAddress) {
        self.load_remembered();
        self.memory.put(remembered, address);
        self.save_remembered();
    }

    /// Nothing is remembered for a repository any more.
    pub(super) fn forget_remembered(&mut self, address: &RepositoryAddress) {
        self.load_remembered();
        if self.memory.take(address).is_some() {
            self.save_remembered();
        }
    }

    /// The agent is being locked; what is stored is read again after that.
    pub(in super::super) fn close_memory(&mut self) {
        if std::mem::take(&mut self.memory.is_loaded) {
            self.memory.remembered.clear();
        }
    }

    fn load_remembered(&mut self) {
        let Some(key) = self.storage.key().filter(|_| !self.memory.is_loaded) else {
            return;
        };
        self.memory.is_loaded = true;
        let contents = match self.memory.store.load(&key, SystemTime::now()) {
            Ok(Loaded::Contents(contents)) => contents,
            Ok(Loaded::Nothing | Loaded::Damaged { .. }) => return,
            Err(error) => {
                tracing::warn!(error = %with_causes(&error), "profiles of repositories are not there");
                return;
            }
        };
        let stored: Option<Stored> = serde_json::from_slice(&contents).ok();
        if let Some(stored) = stored.filter(|stored| stored.version == VERSION) {
            self.memory.restore(stored.repositories);
        }
    }

    fn save_remembered(&mut self) {
        self.memory.changed = true;
        let Some(key) = self.storage.key().filter(|_| !self.memory.saving) else {
            return;
        };
        self.memory.saving = true;
        self.memory.changed = false;
        let stored = Stored {
            version: VERSION,
            repositories: self.memory.remembered.clone(),
        };
        let store = self.memory.store.clone();
        self.tasks.spawn_blocking(move || {
            let contents = Zeroizing::new(serde_json::to_vec(&stored).unwrap_or_default());
            Done::RememberedSaved(store.save(&key, &contents, SystemTime::now()))
        });
    }

    /// It was written.
    pub(in super::super) fn remembered_saved(&mut self, outcome: Result<(), SealedError>) {
        self.memory.saving = false;
        if let Err(error) = outcome {
            // Kept in memory; the next change tries again.
            tracing::warn!(error = %with_causes(&error), "profiles of repositories were not kept");
        } else if self.memory.changed {
            self.save_remembered();
        }
    }

    /// Something is being written.
    pub(in super::super) fn is_saving_remembered(&self) -> bool {
        self.memory.saving
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(repository: usize) -> RepositoryAddress {
        let path = format!("v1/repos/r{repository}");
        RepositoryAddress::from_git("git-codecommit.us-east-2.amazonaws.com", &path).unwrap()
    }

    fn remembered(repository: usize, profile: &str) -> Remembered {
        Remembered::new(&address(repository), profile, Path::new("/config"))
    }

    #[test]
    fn the_longest_unused_goes_first() {
        let mut memory = Memory::beside(Path::new("/state/sessions-file"));
        for at in 0..MAX_REMEMBERED {
            memory.put(remembered(at, "p"), &address(at));
        }
        assert!(memory.used(&address(0)).is_some());
        memory.put(remembered(MAX_REMEMBERED, "p"), &address(MAX_REMEMBERED));
        assert_eq!(memory.remembered.len(), MAX_REMEMBERED);
        assert!(memory.used(&address(0)).is_some(), "it was used");
        assert!(memory.used(&address(1)).is_none(), "it was not");
    }

    #[test]
    fn one_profile_is_remembered_for_a_repository() {
        let mut memory = Memory::beside(Path::new("/state/store"));
        memory.put(remembered(1, "a"), &address(1));
        memory.put(remembered(1, "b"), &address(1));
        let typed = RepositoryAddress::from_git(
            "GIT-codecommit.us-east-2.amazonaws.com",
            "v1/repos/r1/info/lfs",
        )
        .unwrap();
        assert_eq!(memory.used(&typed), Some(remembered(1, "b")));
        assert_eq!(memory.take(&address(1)), Some(remembered(1, "b")));
        assert_eq!(memory.used(&address(1)), None);
    }

    #[test]
    fn a_name_leads_to_its_host_when_no_other_has_it() {
        let mut memory = Memory::beside(Path::new("/state/store"));
        memory.put(remembered(1, "a"), &address(1));
        let name = RepositoryName::parse("r1").unwrap();
        let config = Path::new("/config");
        assert_eq!(
            memory.host_of(&name, config).as_ref(),
            Some(address(1).host())
        );
        assert_eq!(memory.host_of(&name, Path::new("/other")), None);
        let host = "git-codecommit.eu-west-1.amazonaws.com";
        let far = RepositoryAddress::from_git(host, "v1/repos/r1").unwrap();
        memory.put(Remembered::new(&far, "b", config), &far);
        assert_eq!(memory.host_of(&name, config), None, "two have it");
    }

    #[test]
    fn what_is_stored_comes_back_before_what_is_newer() {
        let stored = Stored {
            version: VERSION,
            repositories: vec![remembered(1, "old"), remembered(2, "old")],
        };
        let text = serde_json::to_string(&stored).unwrap();
        let mut memory = Memory::beside(Path::new("/state/store"));
        memory.put(remembered(1, "new"), &address(1));
        memory.restore(serde_json::from_str::<Stored>(&text).unwrap().repositories);
        assert_eq!(
            memory.remembered,
            [remembered(2, "old"), remembered(1, "new")]
        );
    }
}
