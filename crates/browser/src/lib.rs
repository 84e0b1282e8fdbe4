//! Opens links in the user's browser, and folders in the file manager or an editor.
//!
//! A browser is told its link on the command line, which every program of this computer may read.
//! A link that holds a secret is therefore never handed over itself: the browser gets the address
//! of a [`Redirect`] on this computer that leads there once.

mod launch;
mod peer;
mod redirect;
mod request;

pub use launch::{OpenError, open, open_by, open_folder, open_folder_by};
pub use redirect::{Ending, LIFETIME, Redirect};

use secrecy::SecretString;

/// Opens a link that holds a secret, and returns what leads there. The link works until it was
/// followed once, [`LIFETIME`] has passed, or what is returned is dropped: keep it, and wait for its end.
///
/// # Errors
/// When nothing can listen on this computer, or no browser can be started.
pub fn open_secret(link: SecretString) -> Result<Redirect, OpenError> {
    let redirect = Redirect::start(link, LIFETIME)?;
    open(redirect.address())?;
    Ok(redirect)
}
