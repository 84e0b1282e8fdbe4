//! Signing in with the browser: the page is opened or shown, and what comes of it awaited.

use super::NAMES_AT_PROMPT;
use crate::agent::Agent;
use crate::args::Browser;
use crate::outcome::Result;
use crate::print::text::{list, visible};
use crate::print::time;
use crate::terminal::Terminal;
use holdfast_agent_proto::SignInTarget;
use holdfast_agent_proto::view::{BrowserChoice, SessionView, SignInMethod, SignInView};

/// Signs in. What the person is told goes to the terminal, or to standard error where there is none, so that a
/// program can read the output.
pub(crate) fn sign_in(
    agent: &mut Agent,
    target: &SignInTarget,
    browser: Browser,
) -> Result<SessionView> {
    let method = if browser.device {
        SignInMethod::Device
    } else {
        SignInMethod::Browser
    };
    let sign_in = agent.sign_in(target, method)?;
    tell(&introduction(&sign_in))?;
    tell(&match method {
        SignInMethod::Device => on_another_device(&sign_in),
        SignInMethod::Browser => open(&sign_in, browser.no_browser),
    })?;
    agent.await_sign_in(sign_in.id)
}

fn tell(text: &str) -> Result {
    match Terminal::open() {
        Some(mut terminal) => terminal.show(text),
        None => {
            crate::print::report::note(text);
            Ok(())
        }
    }
}

fn introduction(sign_in: &SignInView) -> String {
    let title = visible(&sign_in.title);
    if sign_in.profiles.is_empty() {
        return format!("Signing in to {title}.\n");
    }
    let profiles = list(&sign_in.profiles, NAMES_AT_PROMPT);
    format!("Signing in to {title}. Unlocks {profiles}.\n")
}

/// The code and where to type it. The page is never opened from here: who types a code somewhere should know why.
fn on_another_device(sign_in: &SignInView) -> String {
    format!(
        "On any device, open\n\n    {}\n\nand type the code\n\n    {}\n\nOnly confirm it there because you began it \
         here: whoever has a confirmed code acts as you.\n{}",
        visible(&sign_in.url),
        visible(sign_in.user_code.as_deref().unwrap_or_default()),
        waiting(sign_in)
    )
}

/// Opens the page as the settings for the portal say, or shows where it is.
fn open(sign_in: &SignInView, only_show: bool) -> String {
    let opened = match &sign_in.browser {
        _ if only_show => None,
        BrowserChoice::CopyLink => None,
        BrowserChoice::Default => Some(holdfast_browser::open(&sign_in.url)),
        BrowserChoice::Command(words) => Some(holdfast_browser::open_by(words, &sign_in.url)),
    };
    let waiting = waiting(sign_in);
    let address = visible(&sign_in.url);
    match opened {
        Some(Ok(())) => format!("Your browser opens; go on there. {waiting}"),
        Some(Err(error)) => {
            format!(
                "{error}.\nOpen this page in a browser on this computer:\n\n{address}\n\n{waiting}"
            )
        }
        None => format!("Open this page in a browser on this computer:\n\n{address}\n\n{waiting}"),
    }
}

fn waiting(sign_in: &SignInView) -> String {
    let left = time::length(sign_in.expires_at - time::now());
    format!("Waiting for at most {left}; Ctrl-C gives up.\n")
}
