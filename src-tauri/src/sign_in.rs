//! The page that a person signs in on: opened as the settings for the portal say, or copied.

use crate::clipboard::Clipboard;
use holdfast_agent_proto::view::{BrowserChoice, SignInView};
use holdfast_desktop::page::Trouble;
use holdfast_desktop::page::sign_in::SignInWay;

/// Brings the person to the page, the way they chose; whether the link was copied for that. On another device the
/// page is opened by hand: a code is only typed where somebody knows why.
pub(crate) fn lead(
    view: &SignInView,
    way: SignInWay,
    clipboard: &Clipboard,
) -> Result<bool, Trouble> {
    let opened = match (way, &view.browser) {
        (SignInWay::Device, _) => return Ok(false),
        (SignInWay::CopyLink, _) | (SignInWay::Browser, BrowserChoice::CopyLink) => {
            clipboard.put(view.url.clone())?;
            return Ok(true);
        }
        (SignInWay::Browser, BrowserChoice::Default) => holdfast_browser::open(&view.url),
        (SignInWay::Browser, BrowserChoice::Command(words)) => {
            holdfast_browser::open_by(words, &view.url)
        }
    };
    opened.map_err(|error| Trouble::new(error.to_string()))?;
    Ok(false)
}
