//! Access keys in the OS keychain, everything else in one sealed file.
//!
//! [`Keychain`] is the handle that the agent holds. No call of it blocks: each
//! returns a [`Pending`], which is a future of no particular runtime and can also
//! be waited for. The work is done on a thread of its own, under a deadline, so a
//! keychain that is locked, missing or stuck is a [`State`] and never a hang.
//!
//! [`SealedStore`] keeps sessions and tokens in one encrypted file, whose
//! [`MasterKey`] is an item of the keychain.

mod backend;
mod error;
mod item;
mod keychain;
mod pending;
mod replace;
mod seal;
mod sealed;
mod state;
mod supervisor;
mod worker;

pub use backend::file::PassphraseCost;
pub use backend::{Backend, Kind, UnknownKind};
pub use error::{Cause, KeychainError};
pub use item::{AccessKey, Item, MasterKey, StoredKey};
pub use keychain::{Keychain, Options};
pub use pending::Pending;
pub use sealed::{Loaded, SealedError, SealedStore};
pub use state::{State, Status};
pub use supervisor::Timing;
