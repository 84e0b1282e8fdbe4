//! `holdfast sso accounts`.

use super::chosen::Chosen;
use super::listing::{self, Wanted};
use crate::agent::Agent;
use crate::args::SsoAccounts;
use crate::outcome::Result;
use crate::print::table::{Cell, Table};
use crate::print::{Output, json};
use holdfast_agent_proto::Interaction;
use holdfast_agent_proto::view::SsoAccountView;

/// Lists the accounts.
pub(crate) fn run(args: &SsoAccounts, output: &mut Output) -> Result {
    let mut agent = Agent::connect_or_start(Some(Interaction::Never))?;
    let portal = Chosen::by(&args.portal, &mut agent)?;
    let wanted = Wanted {
        roles: false,
        refresh: args.refresh,
    };
    let mut listing = listing::list(&mut agent, &portal, wanted)?;
    if let Some(text) = &args.search {
        listing.accounts.retain(|account| matches(account, text));
    }
    if args.json.json {
        return output.json(&json::SsoAccounts::new(
            &portal.start_url,
            &portal.region,
            &listing.accounts,
            listing.fetched_at,
        ));
    }
    if listing.accounts.is_empty() {
        return output.line("No account fits.");
    }
    let mut table = Table::new(["ACCOUNT", "NAME", "E-MAIL"]);
    for account in &listing.accounts {
        table.row([
            Cell::new(&account.account_id),
            Cell::new(&account.name),
            Cell::new(account.email.as_deref().unwrap_or_default()),
        ]);
    }
    table.print(output)
}

/// Whether an account's id, name or e-mail address contains a text, whatever its case.
pub(super) fn matches(account: &SsoAccountView, text: &str) -> bool {
    let text = text.to_lowercase();
    let fields = [&account.account_id, &account.name];
    fields
        .into_iter()
        .chain(&account.email)
        .any(|field| field.to_lowercase().contains(&text))
}
