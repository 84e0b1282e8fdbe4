//! Accounts and roles of a portal as far as they are known, and what is to be asked next.

use holdfast_agent_proto::view::SsoAccountView;
use holdfast_core::port::{AccountPage, RolePage};
use holdfast_core::time::Timestamp;
use std::collections::{BTreeMap, HashMap};

/// Accounts in the order in which AWS lists them.
#[derive(Default)]
pub(super) struct Inventory {
    accounts: Vec<SsoAccountView>,
    /// Places in `accounts` by account id.
    places: HashMap<String, usize>,
    /// How the list of accounts goes on.
    list: List,
    /// Accounts before this place were asked for their roles.
    asked: usize,
    /// Pages of roles that are to be asked for, by place: the first again after a failure, or the next.
    due: BTreeMap<usize, RolesSoFar>,
    /// How many accounts from the first on have roles.
    complete: usize,
    fetched_at: Timestamp,
}

/// How the list of accounts goes on.
#[derive(Default)]
enum List {
    /// Nobody has asked.
    #[default]
    Unknown,
    /// With this page; the first has no token.
    Next(Option<String>),
    /// A page is being asked for.
    Asked,
    Complete,
}

/// Roles of one account from the pages before.
#[derive(Default)]
pub(super) struct RolesSoFar {
    names: Vec<String>,
    next_token: Option<String>,
}

/// What to ask the portal.
pub(super) enum Question {
    /// A page of accounts.
    Accounts { next_token: Option<String> },
    /// A page of an account's roles.
    Roles {
        account_id: String,
        so_far: RolesSoFar,
    },
}

impl RolesSoFar {
    /// Asks for the next page.
    pub(super) fn next_token(&self) -> Option<String> {
        self.next_token.clone()
    }
}

impl Inventory {
    /// What was stored: every account of a list that was complete then or not, with or without roles.
    pub(super) fn restored(
        accounts: Vec<SsoAccountView>,
        is_complete: bool,
        fetched_at: Timestamp,
    ) -> Self {
        let mut inventory = Self {
            list: if is_complete {
                List::Complete
            } else {
                List::Next(None)
            },
            fetched_at,
            ..Self::default()
        };
        for account in accounts {
            inventory.put(account);
        }
        inventory.count_complete();
        inventory
    }

    /// Begins anew.
    pub(super) fn begin(&mut self, now: Timestamp) {
        *self = Self {
            list: List::Next(None),
            fetched_at: now,
            ..Self::default()
        };
    }

    /// Whether nothing is known and nothing asked.
    pub(super) fn is_empty(&self) -> bool {
        matches!(self.list, List::Unknown)
    }

    /// Whether the list of accounts is whole.
    pub(super) fn is_complete(&self) -> bool {
        matches!(self.list, List::Complete)
    }

    /// Whether everything is known that somebody wants who wants roles, too, or only accounts.
    pub(super) fn has(&self, roles: bool) -> bool {
        self.is_complete() && (!roles || self.complete == self.accounts.len())
    }

    /// Every account that is known.
    pub(super) fn accounts(&self) -> &[SsoAccountView] {
        &self.accounts
    }

    /// The accounts that can be told, with their roles or without, from the first on.
    pub(super) fn known(&self, roles: bool) -> &[SsoAccountView] {
        if roles {
            &self.accounts[..self.complete]
        } else {
            &self.accounts
        }
    }

    /// When AWS was asked.
    pub(super) fn fetched_at(&self) -> Timestamp {
        self.fetched_at
    }

    /// What to ask next; nothing while the answers to what was asked are outstanding, or everything is known.
    pub(super) fn next_question(&mut self, roles: bool) -> Option<Question> {
        if let List::Next(next_token) = &mut self.list {
            let next_token = next_token.take();
            self.list = List::Asked;
            return Some(Question::Accounts { next_token });
        }
        if !roles {
            return None;
        }
        let (place, so_far) = match self.due.pop_first() {
            Some(due) => due,
            None => {
                let rest = self.accounts[self.asked..].iter();
                let place = self.asked + rest.take_while(|it| it.roles.is_some()).count();
                self.asked = self.accounts.len().min(place + 1);
                (place, RolesSoFar::default())
            }
        };
        let account_id = self.accounts.get(place)?.account_id.clone();
        Some(Question::Roles { account_id, so_far })
    }

    /// A page of accounts came.
    pub(super) fn accounts_came(&mut self, page: AccountPage) {
        for account in page.accounts {
            self.put(SsoAccountView {
                account_id: account.account_id,
                name: account.name,
                email: account.email,
                roles: None,
            });
        }
        self.list = match page.next_token {
            Some(token) => List::Next(Some(token)),
            None => List::Complete,
        };
        self.count_complete();
    }

    /// A page of roles came. True when that makes the roles of the account complete.
    pub(super) fn roles_came(
        &mut self,
        account_id: &str,
        mut so_far: RolesSoFar,
        page: RolePage,
    ) -> bool {
        // The inventory may have been begun anew since the question.
        let Some(&place) = self.places.get(account_id) else {
            return false;
        };
        so_far.names.extend(page.role_names);
        if page.next_token.is_some() {
            so_far.next_token = page.next_token;
            self.due.insert(place, so_far);
            return false;
        }
        so_far.names.sort_unstable();
        so_far.names.dedup();
        self.accounts[place].roles = Some(so_far.names);
        self.count_complete();
        true
    }

    /// A question was not answered and is to be asked again. A page that is refused by its token is asked for from
    /// the first on: tokens do not live long.
    pub(super) fn ask_again(&mut self, question: Question, from_the_first: bool) {
        match question {
            Question::Accounts { next_token } => {
                if matches!(self.list, List::Asked) {
                    self.list = List::Next(next_token.filter(|_| !from_the_first));
                }
            }
            Question::Roles { account_id, so_far } => {
                if let Some(&place) = self.places.get(&account_id) {
                    let so_far = if from_the_first {
                        RolesSoFar::default()
                    } else {
                        so_far
                    };
                    self.due.insert(place, so_far);
                }
            }
        }
    }

    /// Adds an account, or what has changed of one that is there.
    fn put(&mut self, account: SsoAccountView) {
        match self.places.get(&account.account_id) {
            Some(&place) => {
                let known = &mut self.accounts[place];
                known.name = account.name;
                known.email = account.email;
            }
            None => {
                let id = account.account_id.clone();
                self.places.insert(id, self.accounts.len());
                self.accounts.push(account);
            }
        }
    }

    fn count_complete(&mut self) {
        let rest = &self.accounts[self.complete..];
        self.complete += rest.iter().take_while(|it| it.roles.is_some()).count();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_core::port::Account;

    fn page(ids: &[&str], next_token: Option<&str>) -> AccountPage {
        let account = |id: &&str| Account {
            account_id: (*id).to_owned(),
            name: format!("account {id}"),
            email: None,
        };
        AccountPage {
            accounts: ids.iter().map(account).collect(),
            next_token: next_token.map(str::to_owned),
        }
    }

    fn roles(names: &[&str], next_token: Option<&str>) -> RolePage {
        RolePage {
            role_names: names.iter().map(|name| (*name).to_owned()).collect(),
            next_token: next_token.map(str::to_owned),
        }
    }

    /// A question in words.
    fn words(question: Option<&Question>) -> String {
        match question {
            None => "nothing".to_owned(),
            Some(Question::Accounts { next_token }) => {
                format!("accounts {}", next_token.as_deref().unwrap_or("first"))
            }
            Some(Question::Roles { account_id, so_far }) => {
                let token = so_far.next_token();
                format!("roles {account_id} {}", token.as_deref().unwrap_or("first"))
            }
        }
    }

    fn next(inventory: &mut Inventory) -> (String, Option<Question>) {
        let question = inventory.next_question(true);
        (words(question.as_ref()), question)
    }

    fn answer(inventory: &mut Inventory, expect: &str, page: RolePage) -> bool {
        let (asked, question) = next(inventory);
        assert_eq!(asked, expect);
        match question {
            Some(Question::Roles { account_id, so_far }) => {
                inventory.roles_came(&account_id, so_far, page)
            }
            _ => panic!("{asked}"),
        }
    }

    #[test]
    fn pages_are_followed_to_their_end() {
        let mut inventory = Inventory::default();
        assert!(inventory.is_empty());
        inventory.begin(Timestamp::from_unix_seconds(7));
        assert_eq!(next(&mut inventory).0, "accounts first");
        assert_eq!(next(&mut inventory).0, "nothing", "it is asked already");
        inventory.accounts_came(page(&["1", "2"], Some("t")));
        assert_eq!(next(&mut inventory).0, "accounts t");
        assert!(answer(
            &mut inventory,
            "roles 1 first",
            roles(&["b", "a"], None)
        ));
        inventory.accounts_came(page(&["3"], None));
        assert!(inventory.has(false) && !inventory.has(true));
        assert!(!answer(
            &mut inventory,
            "roles 2 first",
            roles(&["x"], Some("r"))
        ));
        assert_eq!(inventory.known(true).len(), 1);
        assert!(answer(&mut inventory, "roles 2 r", roles(&["y"], None)));
        assert!(answer(&mut inventory, "roles 3 first", roles(&[], None)));
        assert_eq!(next(&mut inventory).0, "nothing");
        assert!(inventory.has(true));
        let names: Vec<_> = inventory
            .accounts()
            .iter()
            .map(|it| it.roles.clone().unwrap().join(" "))
            .collect();
        assert_eq!(names, ["a b", "x y", ""]);
    }

    #[test]
    fn what_was_not_answered_is_asked_again() {
        let mut inventory = Inventory::default();
        inventory.begin(Timestamp::default());
        let (_, question) = next(&mut inventory);
        inventory.ask_again(question.unwrap(), false);
        assert_eq!(next(&mut inventory).0, "accounts first");
        inventory.accounts_came(page(&["1", "2"], Some("t")));
        let (asked, question) = next(&mut inventory);
        assert_eq!(asked, "accounts t");
        inventory.ask_again(question.unwrap(), true);
        assert_eq!(next(&mut inventory).0, "accounts first", "the token is old");
        inventory.accounts_came(page(&["1", "2"], None));
        assert_eq!(inventory.accounts().len(), 2, "each account once");
        let (asked, question) = next(&mut inventory);
        assert_eq!(asked, "roles 1 first");
        inventory.ask_again(question.unwrap(), false);
        assert!(answer(&mut inventory, "roles 1 first", roles(&[], None)));
        assert!(answer(&mut inventory, "roles 2 first", roles(&[], None)));
    }

    #[test]
    fn a_stored_list_goes_on_where_it_was() {
        let account = |id: &str, roles: Option<&str>| SsoAccountView {
            account_id: id.to_owned(),
            roles: roles.map(|name| vec![name.to_owned()]),
            ..SsoAccountView::default()
        };
        let accounts = || {
            vec![
                account("1", Some("a")),
                account("2", None),
                account("3", Some("c")),
            ]
        };
        let mut whole = Inventory::restored(accounts(), true, Timestamp::default());
        assert!(whole.has(false) && !whole.has(true));
        assert_eq!(whole.known(true).len(), 1);
        assert!(answer(&mut whole, "roles 2 first", roles(&["b"], None)));
        assert_eq!(next(&mut whole).0, "nothing");
        assert!(whole.has(true));

        let mut part = Inventory::restored(accounts(), false, Timestamp::default());
        assert_eq!(next(&mut part).0, "accounts first");
        part.accounts_came(page(&["1", "2", "3", "4"], None));
        assert!(answer(&mut part, "roles 2 first", roles(&["b"], None)));
        assert!(answer(&mut part, "roles 4 first", roles(&["d"], None)));
        assert!(part.has(true));
    }
}
