//! The sealed store and the list of keys: read when the keychain allows, written after every change.

mod contents;

use super::Controller;
use super::tasks::Done;
use crate::explain::{self, with_causes};
use crate::listener::{Caller, ReplySender};
use holdfast_agent_proto::view::ActivityKind;
use holdfast_agent_proto::{AgentError, Reply};
use holdfast_core::chain::SessionKey;
use holdfast_core::engine::{self, Event, Route};
use holdfast_core::port::Aws;
use holdfast_keychain::{
    Keychain, KeychainError, Kind, Loaded, MasterKey, SealedError, SealedStore, StoredKey,
};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

/// How long saving may take before what AWS gave is used without.
const SAVED_WITHIN: Duration = Duration::from_secs(10);

/// The sealed store as the controller sees it.
pub(super) struct Storage {
    store: SealedStore,
    /// There while the store is open. Dropped at lock.
    key: Option<Arc<MasterKey>>,
    /// Something is not saved yet.
    changed: bool,
    saving: bool,
    opening: bool,
    /// What AWS has exchanged an old token for: the engine is told of it once it is saved.
    unsaved: Vec<Unsaved>,
    /// Answers that tell of something that is being saved.
    held: Vec<(ReplySender, Result<Reply, AgentError>)>,
    /// Signed out while the store was closed: not to come back when it opens.
    signed_out: SignedOut,
    /// What went wrong last, for the person.
    pub(super) warning: Option<String>,
}

/// A call that has brought something which must not be lost with this process.
struct Unsaved {
    key: SessionKey,
    attempt: u64,
    opened: engine::Opened,
    since: Instant,
}

/// Which of the stored sessions the person has signed out of.
enum SignedOut {
    Sessions(Vec<SessionKey>),
    All,
}

impl SignedOut {
    fn is_none(&self) -> bool {
        matches!(self, Self::Sessions(keys) if keys.is_empty())
    }

    /// Whether a session on this route was signed out of.
    fn includes(&self, route: &Route) -> bool {
        match self {
            Self::Sessions(keys) => route.nodes.iter().any(|node| keys.contains(&node.key)),
            Self::All => true,
        }
    }
}

/// What opening brought.
pub(super) struct Opened {
    keys: Vec<StoredKey>,
    master_key: MasterKey,
    loaded: Result<Loaded, SealedError>,
}

impl Storage {
    pub(super) fn closed(file: PathBuf) -> Self {
        Self {
            store: SealedStore::new(file),
            key: None,
            changed: false,
            saving: false,
            opening: false,
            unsaved: Vec::new(),
            held: Vec::new(),
            signed_out: SignedOut::Sessions(Vec::new()),
            warning: None,
        }
    }

    /// The key of what is sealed, while it may be opened.
    pub(super) fn key(&self) -> Option<Arc<MasterKey>> {
        self.key.clone()
    }

    /// Notes that the person signed out, when the store is closed and cannot be told now.
    pub(super) fn sign_out(&mut self, keys: &[SessionKey], all: bool) {
        if self.key.is_some() {
            return;
        }
        match &mut self.signed_out {
            SignedOut::Sessions(noted) if !all => noted.extend_from_slice(keys),
            SignedOut::Sessions(_) | SignedOut::All => self.signed_out = SignedOut::All,
        }
    }

    /// Forgets the key of the store; nothing is read or written until it is opened again.
    pub(super) fn close(&mut self) {
        self.key = None;
    }
}

impl<S: Aws> Controller<S> {
    /// Reads keys and stored sessions, if the keychain allows it without asking the person.
    pub(super) fn open_storage(&mut self) {
        if self.keychain.status().kind == Kind::Memory {
            // Nothing outlives the process, so there is nothing to read, and no key to seal with.
            return self.admit_early();
        }
        if self.storage.opening {
            return;
        }
        self.storage.opening = true;
        let opening = open(self.keychain.clone(), self.storage.store.clone());
        self.tasks
            .spawn(async { Done::StorageOpened(Box::new(opening.await)) });
    }

    /// Tries again while the keychain was not there, locked or stuck.
    pub(super) fn retry_storage(&mut self) {
        if self.storage.key.is_none() && !self.engine.is_locked() {
            self.open_storage();
        }
    }

    pub(super) fn storage_opened(&mut self, opened: Result<Opened, KeychainError>) {
        self.storage.opening = false;
        match opened {
            Ok(opened) if !self.engine.is_locked() => self.take_over(opened),
            Ok(_) => {}
            Err(error) => {
                tracing::info!(error = %with_causes(&error), "the keychain is not usable")
            }
        }
        self.admit_early();
        self.tell_status();
    }

    fn take_over(&mut self, opened: Opened) {
        self.keys = opened
            .keys
            .into_iter()
            .map(|key| (key.profile, key.access_key_id))
            .collect();
        self.files.keys_changed();
        self.storage.warning = None;
        match opened.loaded {
            Ok(Loaded::Nothing) => {}
            Ok(Loaded::Contents(contents)) => self.restore(&contents),
            Ok(Loaded::Damaged { moved_to }) => {
                let file = self.storage.store.path().display();
                let warning = format!(
                    "{file} was damaged and is now {}; sign in again",
                    moved_to.display()
                );
                self.warn(warning);
            }
            // Saving would destroy what a newer version or a failing disk still holds.
            Err(error) => {
                self.warn(with_causes(&error));
                return;
            }
        }
        self.storage.key = Some(Arc::new(opened.master_key));
        if !self.storage.signed_out.is_none() {
            self.storage.signed_out = SignedOut::Sessions(Vec::new());
            self.storage.changed = true;
        }
        if self.storage.changed {
            self.save();
        }
    }

    /// Tells the engine of what a call brought once it is saved: AWS has taken the old token for it.
    pub(super) fn conclude_when_saved(
        &mut self,
        key: SessionKey,
        attempt: u64,
        opened: engine::Opened,
    ) {
        self.storage.unsaved.push(Unsaved {
            key,
            attempt,
            opened,
            since: Instant::now(),
        });
        self.save();
        if !self.storage.saving {
            self.conclude_unsaved(Duration::ZERO);
        }
    }

    /// A disk that does not answer must not keep what AWS gave from being used.
    pub(super) fn conclude_overdue(&mut self) {
        self.conclude_unsaved(SAVED_WITHIN);
    }

    fn conclude_unsaved(&mut self, older_than: Duration) {
        let all = std::mem::take(&mut self.storage.unsaved);
        let (due, rest): (Vec<_>, Vec<_>) = all
            .into_iter()
            .partition(|it| it.since.elapsed() >= older_than);
        self.storage.unsaved = rest;
        for it in due {
            self.conclude(it.key, it.attempt, Ok(it.opened));
        }
    }

    /// Notes that something has to be saved, and saves it as soon as possible.
    pub(super) fn save(&mut self) {
        self.storage.changed = true;
        let Some(key) = self.storage.key.clone() else {
            return;
        };
        if self.storage.saving || self.engine.is_locked() {
            return;
        }
        self.storage.changed = false;
        self.storage.saving = true;
        let contents = self.contents();
        let store = self.storage.store.clone();
        self.tasks
            .spawn_blocking(move || Done::Saved(store.save(&key, &contents, SystemTime::now())));
    }

    pub(super) fn saved(&mut self, outcome: Result<(), SealedError>) {
        self.storage.saving = false;
        match outcome {
            Ok(()) => self.storage.warning = None,
            Err(error) => {
                // Kept in memory; the next change tries again.
                self.warn(with_causes(&error));
            }
        }
        if self.storage.changed {
            self.save();
        }
        if !self.storage.saving {
            self.conclude_unsaved(Duration::ZERO);
        }
        if !self.storage.saving {
            for (replies, answer) in std::mem::take(&mut self.storage.held) {
                replies.finish(answer);
            }
        }
    }

    /// Answers when nothing is being saved any more: who was told of a session does not lose it with this process.
    pub(super) fn finish_when_saved(
        &mut self,
        replies: ReplySender,
        answer: Result<Reply, AgentError>,
    ) {
        if self.storage.saving {
            self.storage.held.push((replies, answer));
        } else {
            replies.finish(answer);
        }
    }

    /// Something is being written, or will be.
    pub(super) fn is_saving_sessions(&self) -> bool {
        self.storage.saving || self.is_refreshing()
    }

    /// Whether AWS is exchanging a refresh token: its answer is the only one that is good from then on.
    fn is_refreshing(&self) -> bool {
        self.engine
            .sessions()
            .any(|it| it.is_in_flight() && it.refreshable() && !it.is_signing_in())
    }

    fn warn(&mut self, warning: String) {
        tracing::warn!(%warning, "the sealed store");
        self.storage.warning = Some(warning);
        self.tell_status();
    }

    /// Unlocks keychain and agent; may wait for the person.
    pub(super) fn unlocked(
        &mut self,
        outcome: Result<(), KeychainError>,
        caller: &Arc<Caller>,
        replies: ReplySender,
    ) {
        match outcome {
            Ok(()) => {
                if self.engine.is_locked() {
                    self.note_by(ActivityKind::Unlocked, caller, None);
                }
                self.step(Event::Unlocked);
                // Whoever asks right after this finds the sessions of before.
                self.early.get_or_insert_default();
                self.open_storage();
                replies.reply(Reply::Done);
            }
            Err(error) => {
                replies.error(explain::keychain(&error));
            }
        }
        self.tell_status();
    }
}

async fn open(keychain: Keychain, store: SealedStore) -> Result<Opened, KeychainError> {
    let keys = keychain.access_keys().await?;
    let master_key = keychain.master_key().await?;
    let reading = tokio::task::spawn_blocking(move || {
        let loaded = store.load(&master_key, SystemTime::now());
        (master_key, loaded)
    });
    let (master_key, loaded) = reading.await.map_err(|error| KeychainError::Failed {
        source: Box::new(error),
    })?;
    Ok(Opened {
        keys,
        master_key,
        loaded,
    })
}
