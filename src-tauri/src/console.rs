//! The AWS console in the person's browser.

use holdfast_agent_proto::{ClientError, Reply, Request};
use holdfast_browser::Redirect;
use holdfast_desktop::agent::Agent;
use holdfast_desktop::page::Trouble;

/// Opens the console, signed in with a profile, at its home or at another page. The browser is led there as
/// long as the redirect is waited for.
pub(crate) fn open(
    agent: &Agent,
    profile: &str,
    destination: Option<&str>,
) -> Result<Redirect, Trouble> {
    let reply = agent.ask(|| Request::ConsoleLink {
        profile: profile.to_owned(),
        destination: destination.map(str::to_owned),
        duration_seconds: None,
    })?;
    let Reply::ConsoleLink { url, .. } = reply else {
        return Err(ClientError::UnexpectedReply.into());
    };
    holdfast_browser::open_secret(url).map_err(|error| Trouble::new(error.to_string()))
}
