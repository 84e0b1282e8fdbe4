//! What runs beside the controller: calls to AWS and to the keychain. Each ends in a [`Done`].

use super::Controller;
use super::calls::Brought;
use super::sign_in::{Answered, CallId, Prepared};
use super::storage;
use crate::explain::with_causes;
use crate::listener::{Caller, ReplySender};
use holdfast_core::chain::SessionKey;
use holdfast_core::credentials::Credentials;
use holdfast_core::engine::WaiterId;
use holdfast_core::failure::Failure;
use holdfast_core::port::Aws;
use holdfast_keychain::{Keychain, KeychainError, SealedError};
use std::sync::Arc;

/// Something that ran beside the controller has ended.
pub(super) enum Done {
    /// A call to AWS.
    Call {
        key: SessionKey,
        attempt: u64,
        result: Result<Brought, Failure>,
    },
    /// The page of a sign-in is ready.
    SignInPrepared(CallId, Box<Prepared>),
    /// The browser of a sign-in came back.
    SignInAnswered(CallId, Box<Answered>),
    /// The port that a browser came back to is closed.
    LoopbackClosed,
    /// The AWS CLI's cache was changed.
    Cached(super::cli_cache::Cached),
    /// Portals were told that the person signed out.
    Revoked(super::revoke::Revoked),
    /// A key that is used as it is, for a caller that wants just that.
    AccessKey {
        waiter: WaiterId,
        result: Result<Arc<Credentials>, Failure>,
    },
    /// The keychain and the sealed store were opened.
    StorageOpened(Box<Result<storage::Opened, KeychainError>>),
    /// The sealed store was written.
    Saved(Result<(), SealedError>),
    /// The keychain was told to forget.
    Locked(Result<(), KeychainError>),
    /// The keychain was asked to unlock.
    Unlocked {
        outcome: Result<(), KeychainError>,
        caller: Arc<Caller>,
        replies: ReplySender,
    },
    /// A key was put into the keychain.
    KeyAdded(super::keys::Added),
    /// A key was removed from the keychain.
    KeyRemoved(super::keys::Removed),
    /// The sign-in service made a link to the console.
    ConsoleLink(super::console::Linked),
    /// CodeCommit listed its repositories.
    Repositories(Box<super::repositories::Listed>),
    /// CodeCommit made a repository.
    RepositoryCreated(Box<super::repositories::Created>),
    /// What is known of repositories was written.
    RepositoriesSaved(Result<(), SealedError>),
    /// A portal listed some of its accounts or roles.
    Discovered(Box<super::discovery::Discovered>),
    /// Which profiles were chosen for repositories was written.
    RememberedSaved(Result<(), SealedError>),
    /// What is known of portals was written.
    ListingsSaved(Result<(), SealedError>),
}

impl<S: Aws> Controller<S> {
    pub(super) fn finished(&mut self, done: Done) {
        match done {
            Done::Call {
                key,
                attempt,
                result,
            } => self.call_finished(key, attempt, result),
            Done::SignInPrepared(id, prepared) => self.sign_in_prepared(id, *prepared),
            Done::SignInAnswered(id, answered) => self.sign_in_answered(id, *answered),
            Done::LoopbackClosed => {}
            Done::Cached(cached) => self.cached(cached),
            Done::Revoked(revoked) => self.revoked(revoked),
            Done::AccessKey { waiter, result } => self.access_key_read(waiter, result),
            Done::StorageOpened(opened) => self.storage_opened(*opened),
            Done::Saved(outcome) => self.saved(outcome),
            Done::Locked(outcome) => {
                if let Err(error) = outcome {
                    tracing::info!(error = %with_causes(&error), "the keychain was not locked");
                }
            }
            Done::Unlocked {
                outcome,
                caller,
                replies,
            } => self.unlocked(outcome, &caller, replies),
            Done::KeyAdded(added) => self.key_added(added),
            Done::KeyRemoved(removed) => self.key_removed(removed),
            Done::ConsoleLink(linked) => self.console_linked(linked),
            Done::Repositories(listed) => self.repositories_listed(*listed),
            Done::RepositoryCreated(created) => self.repository_created(*created),
            Done::RepositoriesSaved(outcome) => self.repositories_saved(outcome),
            Done::Discovered(discovered) => self.discovered(*discovered),
            Done::RememberedSaved(outcome) => self.remembered_saved(outcome),
            Done::ListingsSaved(outcome) => self.listings_saved(outcome),
        }
    }
}

/// Makes the keychain forget its passphrase, where it has one.
pub(super) async fn lock_keychain(keychain: Keychain) -> Done {
    Done::Locked(keychain.lock().await)
}
