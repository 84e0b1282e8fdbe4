//! `holdfast sso roles`.

use super::accounts::matches;
use super::listing::{self, Subject};
use crate::args::SsoRoles;
use crate::outcome::Result;
use crate::print::Output;
use crate::print::table::{Cell, Table};
use holdfast_agent_proto::view::SsoAccountView;

const ROLES: Subject = Subject {
    roles: true,
    nothing: "No role fits.",
    table,
};

/// Lists the roles.
pub(crate) fn run(args: &SsoRoles, output: &mut Output) -> Result {
    let keep = |accounts: &mut Vec<SsoAccountView>| {
        if let Some(text) = &args.search {
            narrow(accounts, text);
        }
    };
    listing::print(&args.listing, &ROLES, keep, output)
}

fn table(accounts: &[SsoAccountView]) -> Table<3> {
    let mut table = Table::new(["ACCOUNT", "NAME", "ROLE"]);
    for account in accounts {
        for role in account.roles.iter().flatten() {
            table.row([
                Cell::new(&account.account_id),
                Cell::new(&account.name),
                Cell::new(role),
            ]);
        }
    }
    table
}

/// Keeps accounts that contain the text with all their roles, and of the others the roles that contain it.
fn narrow(accounts: &mut Vec<SsoAccountView>, text: &str) {
    let lower = text.to_lowercase();
    accounts.retain_mut(|account| {
        if matches(account, text) {
            return true;
        }
        let Some(roles) = &mut account.roles else {
            return false;
        };
        roles.retain(|role| role.to_lowercase().contains(&lower));
        !roles.is_empty()
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_finds_accounts_and_roles() {
        let account = |id: &str, name: &str, roles: &[&str]| SsoAccountView {
            account_id: id.to_owned(),
            name: name.to_owned(),
            email: None,
            roles: Some(roles.iter().map(|&role| role.to_owned()).collect()),
        };
        let all = [
            account("111111111111", "Shop", &["Admin", "ReadOnly"]),
            account("222222222222", "Data", &["Developer"]),
        ];
        for (text, expect) in [
            ("shop", vec![("Shop", 2)]),
            ("ADMIN", vec![("Shop", 1)]),
            ("2222", vec![("Data", 1)]),
            ("o", vec![("Shop", 2), ("Data", 1)]),
            ("nothing", vec![]),
        ] {
            let mut accounts = all.to_vec();
            narrow(&mut accounts, text);
            let found: Vec<(&str, usize)> = accounts
                .iter()
                .map(|it| (it.name.as_str(), it.roles.as_ref().map_or(0, Vec::len)))
                .collect();
            assert_eq!(found, expect, "{text}");
        }
    }
}
