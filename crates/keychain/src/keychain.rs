//! The handle to the keychain that the agent holds.

use crate::backend::file::{FileKeychain, PassphraseCost};
use crate::backend::memory::MemoryKeychain;
use crate::backend::os::OsKeychain;
use crate::backend::{Backend, Kind};
use crate::error::KeychainError;
use crate::item::{AccessKey, Item, MasterKey, StoredKey};
use crate::pending::Pending;
use crate::state::{State, Status};
use crate::supervisor::{Patience, Timing};
use crate::worker::{Call, Factory, Keeper, Shared};
use secrecy::SecretString;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// Which keychain to use and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// Which keychain.
    pub kind: Kind,
    /// Keeps the items of a demo or a test apart from the person's own: letters, digits and
    /// hyphens, appended to the service name `Holdfast`. Anything else is dropped.
    pub namespace: Option<String>,
    /// The key file of [`Kind::File`].
    pub key_file: PathBuf,
    /// Cost of trying a passphrase, for a key file that is created.
    pub passphrase_cost: PassphraseCost,
    /// How long things may take.
    pub timing: Timing,
}

impl Options {
    /// The defaults for a kind; the key file is used by [`Kind::File`] only.
    pub fn new(kind: Kind, key_file: impl Into<PathBuf>) -> Self {
        Self {
            kind,
            namespace: None,
            key_file: key_file.into(),
            passphrase_cost: PassphraseCost::default(),
            timing: Timing::default(),
        }
    }

    fn service(&self) -> String {
        let namespace = self.namespace.as_deref().unwrap_or_default();
        let allowed = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
        let namespace: String = namespace.chars().filter(allowed).collect();
        match namespace.as_str() {
            "" => "Holdfast".to_owned(),
            namespace => format!("Holdfast-{namespace}"),
        }
    }
}

/// A handle to the keychain. Clones share one keychain and one thread of calls.
///
/// No method blocks. Every [`Pending`] is filled within [`Timing::deadline`] of the call
/// ([`Timing::unlock_deadline`] for [`Keychain::unlock`]), whatever the keychain does.
#[derive(Clone)]
pub struct Keychain {
    inner: Arc<Inner>,
}

struct Inner {
    kind: Kind,
    factory: Factory,
    timing: Timing,
    shared: Arc<Shared>,
    keeper: Mutex<Option<Keeper>>,
}

impl Keychain {
    /// A handle; nothing is asked before the first call.
    pub fn open(options: Options) -> Self {
        let (kind, timing) = (options.kind, options.timing);
        let factory: Factory = match kind {
            Kind::Os => {
                let service = options.service();
                Arc::new(move || Box::new(OsKeychain::new(service.clone())))
            }
            Kind::File => Arc::new(move || {
                let Options {
                    key_file,
                    passphrase_cost,
                    ..
                } = &options;
                Box::new(FileKeychain::new(key_file.clone(), *passphrase_cost))
            }),
            Kind::Memory => {
                let memory = MemoryKeychain::default();
                Arc::new(move || Box::new(memory.clone()))
            }
        };
        Self::from_factory(kind, timing, factory)
    }

    /// A handle to a keychain of the caller's making, for tests. It is made anew, on the thread
    /// that calls it, whenever an earlier one is stuck.
    pub fn with_backend(
        kind: Kind,
        timing: Timing,
        make: impl Fn() -> Box<dyn Backend> + Send + Sync + 'static,
    ) -> Self {
        Self::from_factory(kind, timing, Arc::new(make))
    }

    fn from_factory(kind: Kind, timing: Timing, factory: Factory) -> Self {
        let shared = Arc::new(Shared {
            status: Mutex::new(Status::new(kind)),
            watchers: Mutex::default(),
        });
        let inner = Inner {
            kind,
            factory,
            timing,
            shared,
            keeper: Mutex::default(),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// How the keychain was at the last call. Asks nothing.
    pub fn status(&self) -> Status {
        self.inner.shared.status()
    }

    /// Calls `watcher` whenever the status changes, on a thread of the keychain. It must not block.
    pub fn watch(&self, watcher: impl Fn(&Status) + Send + 'static) {
        let watchers = self.inner.shared.watchers.lock();
        let mut watchers = watchers.unwrap_or_else(PoisonError::into_inner);
        watchers.push(Box::new(watcher));
    }

    /// Finds out whether the keychain can be used now, for example after it was locked.
    pub fn probe(&self) -> Pending<()> {
        self.quiet(|backend| backend.read(&Item::MasterKey).map(drop))
    }

    /// Makes the keychain usable. May show the keychain's own prompt and wait for the person; the
    /// passphrase is for [`Kind::File`], which is created with it when it does not exist yet.
    pub fn unlock(&self, passphrase: Option<SecretString>) -> Pending<()> {
        self.call(Patience::Interactive, State::Ready, move |backend| {
            backend.unlock(passphrase.as_ref())
        })
    }

    /// Forgets the passphrase's key of [`Kind::File`]. The OS's keychain is locked by the OS.
    pub fn lock(&self) -> Pending<()> {
        let locked = match self.inner.kind {
            Kind::File => State::Locked,
            Kind::Os | Kind::Memory => State::Unknown,
        };
        self.call(Patience::Quiet, locked, |backend| {
            backend.lock();
            Ok(())
        })
    }

    /// The access key of a profile, or `None` when there is none.
    pub fn access_key(&self, profile: &str) -> Pending<Option<AccessKey>> {
        let item = match Item::access_key(profile) {
            Ok(item) => item,
            Err(error) => return Pending::failed(error),
        };
        self.quiet(move |backend| read_access_key(backend, &item))
    }

    /// Keeps the access key of a profile, in place of an earlier one, and reads it back: whoever gives
    /// a key may be about to delete the only other copy.
    pub fn set_access_key(&self, profile: &str, key: AccessKey) -> Pending<()> {
        let (item, text) = match (Item::access_key(profile), key.encode()) {
            (Ok(item), Ok(text)) => (item, text),
            (Err(error), _) | (_, Err(error)) => return Pending::failed(error),
        };
        self.quiet(move |backend| {
            backend.write(&item, &text)?;
            match backend.read(&item)? {
                Some(kept) if kept == text => Ok(()),
                Some(_) | None => Err(damaged(&item)),
            }
        })
    }

    /// Removes the access key of a profile; `false` when there was none.
    pub fn delete_access_key(&self, profile: &str) -> Pending<bool> {
        let item = match Item::access_key(profile) {
            Ok(item) => item,
            Err(error) => return Pending::failed(error),
        };
        self.quiet(move |backend| backend.remove(&item))
    }

    /// The profiles that have an access key, with its id, sorted. Items that cannot be read as
    /// one are left out.
    pub fn access_keys(&self) -> Pending<Vec<StoredKey>> {
        self.quiet(|backend| {
            let mut keys = Vec::new();
            for item in backend.items()? {
                let Item::AccessKey { profile } = &item else {
                    continue;
                };
                match read_access_key(backend, &item) {
                    Ok(Some(key)) => keys.push(StoredKey {
                        profile: profile.clone(),
                        access_key_id: key.access_key_id,
                    }),
                    Ok(None)
                    | Err(KeychainError::DamagedItem { .. } | KeychainError::Ambiguous { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
            keys.sort();
            keys.dedup();
            Ok(keys)
        })
    }

    /// The key of the sealed store; made and kept when there is none yet.
    pub fn master_key(&self) -> Pending<MasterKey> {
        self.quiet(|backend| {
            let item = Item::MasterKey;
            if let Some(text) = backend.read(&item)? {
                return MasterKey::decode(&text).ok_or_else(|| damaged(&item));
            }
            let key = MasterKey::generate()?;
            backend.write(&item, &key.encode())?;
            Ok(key)
        })
    }

    /// Removes every item of ours, for an uninstall; how many there were.
    pub fn purge(&self) -> Pending<usize> {
        self.quiet(|backend| {
            let items = backend.items()?;
            for item in &items {
                backend.remove(item)?;
            }
            Ok(items.len())
        })
    }

    fn quiet<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut dyn Backend) -> Result<T, KeychainError> + Send + 'static,
    ) -> Pending<T> {
        self.call(Patience::Quiet, State::Ready, act)
    }

    fn call<T: Send + 'static>(
        &self,
        patience: Patience,
        answered: State,
        act: impl FnOnce(&mut dyn Backend) -> Result<T, KeychainError> + Send + 'static,
    ) -> Pending<T> {
        let (call, pending) = Call::new(patience, act, answered);
        let keeper = self.inner.keeper.lock();
        let mut keeper = keeper.unwrap_or_else(PoisonError::into_inner);
        if keeper.is_none() {
            let Inner {
                factory,
                timing,
                shared,
                ..
            } = &*self.inner;
            match Keeper::spawn(Arc::clone(factory), *timing, Arc::clone(shared)) {
                Ok(spawned) => *keeper = Some(spawned),
                Err(source) => {
                    let source = Box::new(source);
                    return Pending::failed(KeychainError::Failed { source });
                }
            }
        }
        if let Some(keeper) = &*keeper {
            keeper.submit(call);
        }
        pending
    }
}

fn read_access_key(
    backend: &mut dyn Backend,
    item: &Item,
) -> Result<Option<AccessKey>, KeychainError> {
    let Some(text) = backend.read(item)? else {
        return Ok(None);
    };
    AccessKey::decode(&text)
        .map(Some)
        .ok_or_else(|| damaged(item))
}

fn damaged(item: &Item) -> KeychainError {
    KeychainError::DamagedItem {
        item: item.to_string(),
    }
}
