//! `holdfast sso accounts`.

use super::listing::{self, Subject};
use crate::args::SsoAccounts;
use crate::outcome::Result;
use crate::print::Output;
use crate::print::table::{Cell, Table};
use holdfast_agent_proto::view::SsoAccountView;

const ACCOUNTS: Subject = Subject {
    roles: false,
    nothing: "No account fits.",
    table,
};

/// Lists the accounts.
pub(crate) fn run(args: &SsoAccounts, output: &mut Output) -> Result {
    let keep = |accounts: &mut Vec<SsoAccountView>| {
        if let Some(text) = &args.search {
            accounts.retain(|account| matches(account, text));
        }
    };
    listing::print(&args.listing, &ACCOUNTS, keep, output)
}

fn table(accounts: &[SsoAccountView]) -> Table<3> {
    let mut table = Table::new(["ACCOUNT", "NAME", "E-MAIL"]);
    for account in accounts {
        table.row([
            Cell::new(&account.account_id),
            Cell::new(&account.name),
            Cell::new(account.email.as_deref().unwrap_or_default()),
        ]);
    }
    table
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
