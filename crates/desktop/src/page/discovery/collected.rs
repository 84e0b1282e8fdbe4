//! What is known of a portal's accounts, in the order in which it came.

use super::{DiscoveryPage, DiscoveryPhase, FoundAccount, WrittenRole};
use crate::page::Trouble;
use crate::words::{grouped, shortened};
use holdfast_agent_proto::SsoAccountsPart;
use holdfast_agent_proto::view::SsoAccountView;
use std::collections::HashMap;

/// More than AWS allows for any of these names.
const COLUMNS: usize = 256;

/// What is known so far.
#[derive(Debug, Default)]
pub struct Collected {
    phase: DiscoveryPhase,
    done: u32,
    total: u32,
    fetched_at: Option<i64>,
    trouble: Option<Trouble>,
    /// Every account as often as it came.
    log: Vec<SsoAccountView>,
    /// Where the newest of an account is.
    newest: HashMap<String, usize>,
}

impl Collected {
    /// Another search begins; with `anew`, what was known counts no longer.
    pub fn begin(&mut self, anew: bool) {
        if anew {
            *self = Self::default();
        }
        self.phase = DiscoveryPhase::Searching;
        self.trouble = None;
    }

    /// The agent told more.
    pub fn take(&mut self, part: SsoAccountsPart) {
        self.done = part.done;
        self.total = part.total;
        self.fetched_at = Some(part.fetched_at);
        for account in part.accounts {
            let before = self.newest.get(&account.account_id);
            if before.is_some_and(|at| self.log[*at] == account) {
                continue;
            }
            self.newest
                .insert(account.account_id.clone(), self.log.len());
            self.log.push(account);
        }
    }

    /// The search ended.
    pub fn end(&mut self, phase: DiscoveryPhase, trouble: Option<Trouble>) {
        self.phase = phase;
        self.trouble = trouble;
    }

    /// An account by its number.
    pub(super) fn account(&self, id: &str) -> Option<&SsoAccountView> {
        self.newest.get(id).map(|at| &self.log[*at])
    }

    /// What to show, with the accounts from a number on. A number from before the search began anew counts as the
    /// first.
    pub fn page(&self, from: usize, written: Vec<WrittenRole>) -> DiscoveryPage {
        let from = if from > self.log.len() { 0 } else { from };
        DiscoveryPage {
            phase: self.phase,
            done: self.done,
            total: self.total,
            fetched_at: self.fetched_at,
            trouble: self.trouble.clone(),
            accounts: self.log[from..].iter().map(found).collect(),
            next: self.log.len(),
            written,
        }
    }
}

/// Without characters that would change what stands beside them.
fn found(account: &SsoAccountView) -> FoundAccount {
    let shown = |text: &str| shortened(text, COLUMNS);
    FoundAccount {
        id: account.account_id.clone(),
        grouped: grouped(&account.account_id),
        name: shown(&account.name),
        email: shown(account.email.as_deref().unwrap_or_default()),
        roles: account.roles.clone().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(id: &str, name: &str, roles: Option<&[&str]>) -> SsoAccountView {
        SsoAccountView {
            account_id: id.to_owned(),
            name: name.to_owned(),
            email: None,
            roles: roles.map(|roles| roles.iter().map(|&role| role.to_owned()).collect()),
        }
    }

    fn part(accounts: Vec<SsoAccountView>, done: u32) -> SsoAccountsPart {
        SsoAccountsPart {
            accounts,
            done,
            total: 3,
            fetched_at: 1_795_168_800,
        }
    }

    #[test]
    fn only_what_is_new_is_told() {
        let mut known = Collected::default();
        known.begin(false);
        let first = account("111111111111", "Dev", None);
        known.take(part(vec![first.clone()], 0));
        let page = known.page(0, Vec::new());
        assert_eq!((page.accounts.len(), page.next, page.total), (1, 1, 3));
        // After a pause the agent begins with what it has told before.
        let complete = account("111111111111", "Dev", Some(&["Admin"]));
        known.take(part(vec![first, complete.clone()], 1));
        let page = known.page(page.next, Vec::new());
        assert_eq!(page.accounts[0].roles, ["Admin"]);
        assert_eq!((page.next, page.done), (2, 1));
        known.take(part(vec![complete], 1));
        assert_eq!(known.page(2, Vec::new()).accounts, []);
        known.begin(true);
        assert_eq!(known.page(2, Vec::new()).next, 0);
    }

    #[test]
    fn names_of_others_keep_to_their_place() {
        let mut known = Collected::default();
        let odd = "\u{202e}evil\n<img src=x>";
        known.take(part(vec![account("222222222222", odd, Some(&[]))], 1));
        let page = known.page(0, Vec::new());
        assert_eq!(page.accounts[0].name, "�evil�<img src=x>");
        assert_eq!(page.accounts[0].grouped, "2222-2222-2222");
    }
}
