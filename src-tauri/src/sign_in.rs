//! Signing in with the browser: its page is opened as the settings for the portal say, or its link is copied.

use crate::clipboard::Clipboard;
use holdfast_agent_proto::view::{BrowserChoice, SignInView};
use holdfast_agent_proto::{ClientError, Reply, Request, SignInTarget};
use holdfast_desktop::agent::Agent;
use holdfast_desktop::page::Trouble;
use holdfast_desktop::page::sign_in::SignInWay;

/// Begins a sign-in, or joins the one that is under way.
pub(crate) fn begin(
    agent: &Agent,
    target: impl Fn() -> SignInTarget,
    way: SignInWay,
) -> Result<SignInView, Trouble> {
    let request = || Request::SignIn {
        target: target(),
        method: way.method(),
    };
    let Reply::SignInStarted { sign_in } = agent.ask(request)? else {
        return Err(ClientError::UnexpectedReply.into());
    };
    Ok(sign_in)
}

/// Waits until the person has signed in.
pub(crate) fn wait(agent: &Agent, sign_in: u64) -> Result<(), Trouble> {
    agent.ask_once(Request::AwaitSignIn {
        sign_in,
        or_cancel: false,
    })?;
    Ok(())
}

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
