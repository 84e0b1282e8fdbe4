//! The outcome of a call that is under way: a future of no particular runtime.

use crate::error::KeychainError;
use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// The outcome of a call to the keychain.
///
/// Await it, or [`wait`](Self::wait) for it. It is filled by the deadline of the call at the
/// latest. Dropping it does not stop the call.
#[must_use = "the outcome of a call to the keychain says whether it worked"]
pub struct Pending<T>(Arc<Slot<T>>);

impl<T> Pending<T> {
    pub(crate) fn new() -> (Self, Completer<T>) {
        let slot = Arc::new(Slot {
            content: Mutex::new(Content::Empty(None)),
            filled: Condvar::new(),
        });
        (Self(Arc::clone(&slot)), Completer(slot))
    }

    pub(crate) fn failed(error: KeychainError) -> Self {
        let (pending, completer) = Self::new();
        completer.complete(Err(error));
        pending
    }

    /// Blocks the calling thread until the outcome is there.
    ///
    /// # Errors
    /// Why the call failed.
    pub fn wait(self) -> Result<T, KeychainError> {
        let mut content = self.0.content();
        loop {
            match mem::replace(&mut *content, Content::Taken) {
                Content::Filled(outcome) => return outcome,
                Content::Taken => {
                    let source = "the outcome was taken before".into();
                    return Err(KeychainError::Failed { source });
                }
                empty @ Content::Empty(_) => *content = empty,
            }
            content = (self.0.filled.wait(content)).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl<T> Future for Pending<T> {
    type Output = Result<T, KeychainError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut content = self.0.content();
        match mem::replace(&mut *content, Content::Taken) {
            Content::Filled(outcome) => Poll::Ready(outcome),
            Content::Empty(_) => {
                *content = Content::Empty(Some(context.waker().clone()));
                Poll::Pending
            }
            Content::Taken => Poll::Pending,
        }
    }
}

struct Slot<T> {
    content: Mutex<Content<T>>,
    filled: Condvar,
}

enum Content<T> {
    Empty(Option<Waker>),
    Filled(Result<T, KeychainError>),
    Taken,
}

impl<T> Slot<T> {
    fn content(&self) -> MutexGuard<'_, Content<T>> {
        self.content.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The other end of a [`Pending`]; the first outcome wins.
pub(crate) struct Completer<T>(Arc<Slot<T>>);

impl<T> Clone for Completer<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Completer<T> {
    pub(crate) fn complete(&self, outcome: Result<T, KeychainError>) {
        let mut content = self.0.content();
        if let Content::Empty(waker) = &mut *content {
            let waker = waker.take();
            *content = Content::Filled(outcome);
            drop(content);
            self.0.filled.notify_all();
            if let Some(waker) = waker {
                waker.wake();
            }
        }
    }
}
