//! Asking for the accounts of a portal, with progress on a terminal, and printing them.

use super::chosen::Chosen;
use crate::agent::Agent;
use crate::args::{Browser, SsoListing};
use crate::command::login::{describe, sign_in};
use crate::outcome::{Failure, Result};
use crate::print::table::Table;
use crate::print::{Output, json, report};
use crate::terminal::Terminal;
use holdfast_agent_proto::view::SsoAccountView;
use holdfast_agent_proto::{ErrorCode, Interaction, Request};
use std::ops::ControlFlow;

/// The accounts of a portal, sorted by name.
pub(super) struct Listing {
    /// The accounts.
    pub(super) accounts: Vec<SsoAccountView>,
    /// When AWS was asked, in seconds since 1970.
    pub(super) fetched_at: i64,
}

/// How much is asked for.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    /// The roles in each account, too.
    pub(super) roles: bool,
    /// Ask AWS again.
    pub(super) refresh: bool,
}

/// What a command lists.
pub(super) struct Subject {
    /// The roles in each account, too.
    pub(super) roles: bool,
    /// Said when there is nothing.
    pub(super) nothing: &'static str,
    /// What a person is shown.
    pub(super) table: fn(&[SsoAccountView]) -> Table<3>,
}

/// Lists what `keep` leaves, as a table or as JSON.
pub(super) fn print(
    args: &SsoListing,
    subject: &Subject,
    keep: impl FnOnce(&mut Vec<SsoAccountView>),
    output: &mut Output,
) -> Result {
    let mut agent = Agent::connect_or_start(Some(Interaction::Never))?;
    let portal = Chosen::by(&args.portal, &mut agent)?;
    let wanted = Wanted {
        roles: subject.roles,
        refresh: args.refresh,
    };
    let mut listing = list(&mut agent, &portal, wanted)?;
    keep(&mut listing.accounts);
    if args.json.json {
        return output.json(&json::SsoAccounts::new(
            &portal.start_url,
            &portal.region,
            &listing.accounts,
            listing.fetched_at,
        ));
    }
    if listing.accounts.is_empty() {
        return output.line(subject.nothing);
    }
    (subject.table)(&listing.accounts).print(output)
}

/// Lists; a person at a terminal signs in first where that is needed.
pub(super) fn list(agent: &mut Agent, portal: &Chosen, wanted: Wanted) -> Result<Listing> {
    match fetch(agent, portal, wanted) {
        Err(failure) if needs_sign_in(&failure) && Terminal::open().is_some() => {
            let browser = Browser {
                no_browser: false,
                device: false,
            };
            let session = sign_in(agent, &portal.target(), browser)?;
            report::note(&format!("{}\n", describe(&session)));
            fetch(agent, portal, wanted)
        }
        listed => listed,
    }
}

fn needs_sign_in(failure: &Failure) -> bool {
    failure
        .agent()
        .is_some_and(|error| error.code == ErrorCode::SignInRequired)
}

fn fetch(agent: &mut Agent, portal: &Chosen, wanted: Wanted) -> Result<Listing> {
    let request = Request::SsoAccounts {
        start_url: portal.start_url.clone(),
        region: portal.region.clone(),
        roles: wanted.roles,
        refresh: wanted.refresh,
    };
    let mut listing = Listing {
        accounts: Vec::new(),
        fetched_at: 0,
    };
    let mut progress = Progress::new();
    let listed = agent.sso_accounts(request, |part| {
        listing.accounts.extend(part.accounts);
        listing.fetched_at = part.fetched_at;
        progress.show(part.done, part.total);
        ControlFlow::Continue(())
    });
    progress.clear();
    listed?;
    listing
        .accounts
        .sort_by(|a, b| (&a.name, &a.account_id).cmp(&(&b.name, &b.account_id)));
    Ok(listing)
}

/// One line on the terminal that counts up. What takes no time shows nothing.
struct Progress {
    terminal: Option<Terminal>,
    shown: bool,
}

impl Progress {
    fn new() -> Self {
        Self {
            terminal: Terminal::open(),
            shown: false,
        }
    }

    fn show(&mut self, done: u32, total: u32) {
        if let Some(terminal) = self.terminal.as_mut().filter(|_| done < total) {
            // Whoever hung up the terminal does not watch.
            let _ = terminal.show(&format!("\rAccounts: {done} of {total} "));
            self.shown = true;
        }
    }

    fn clear(&mut self) {
        if let Some(terminal) = self.terminal.as_mut().filter(|_| self.shown) {
            let _ = terminal.show("\r\x1b[K");
        }
    }
}
