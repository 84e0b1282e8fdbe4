//! The clipboard.

use holdfast_desktop::page::Trouble;
use std::sync::{Arc, Mutex, PoisonError};

/// What this process put on the clipboard. On some desktops it is there only as long as its owner, so it is
/// kept, and handed over at the end.
#[derive(Clone, Default)]
pub(crate) struct Clipboard(Arc<Mutex<Option<arboard::Clipboard>>>);

impl Clipboard {
    /// Replaces what is on the clipboard.
    pub(crate) fn put(&self, text: String) -> Result<(), Trouble> {
        let failed = |error: arboard::Error| Trouble::new(format!("cannot copy: {error}"));
        let mut owned = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let clipboard = match owned.as_mut() {
            Some(clipboard) => clipboard,
            None => owned.insert(arboard::Clipboard::new().map_err(failed)?),
        };
        clipboard.set_text(text).map_err(failed)
    }

    /// Gives what was put there to the desktop's own keeper, where there is one.
    pub(crate) fn hand_over(&self) {
        drop(self.0.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}
