//! What portals of IAM Identity Center offer: which portals there are, and the accounts and roles of each.
//!
//! A listing goes on while somebody waits for it, pauses when nobody does, and goes on from there when asked again.
//! What is known outlives the agent in a sealed file of its own, so that it is not written with every session.

mod inventory;
mod portals;
mod run;
mod stored;

pub(super) use run::Discovered;

use super::Controller;
use super::beside::Kept;
use super::requests::{Asked, Want};
use super::sign_in::portal_chain;
use super::throttle::Throttle;
use crate::explain;
use crate::listener::{Caller, ReplySender};
use crate::portals::PortalId;
use holdfast_agent_proto::Reply;
use holdfast_agent_proto::view::SsoAccountView;
use holdfast_core::chain::{Chain, SessionKey};
use holdfast_core::engine::Interaction;
use holdfast_core::port::Aws;
use holdfast_keychain::SealedStore;
use inventory::Inventory;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Most accounts in one frame.
const PAGE_ACCOUNTS: usize = 100;

/// Most names of roles in one frame, which keeps it under its limit.
const PAGE_ROLES: usize = 4_000;

/// Listings, by portal.
pub(super) struct Discovery {
    store: SealedStore,
    /// What was stored is in `listings`.
    is_loaded: bool,
    listings: BTreeMap<PortalId, Listing>,
    throttle: Throttle,
    saving: bool,
    /// Something has changed since saving began.
    changed: bool,
}

/// What is known of one portal, and who waits for more.
#[derive(Default)]
struct Listing {
    inventory: Inventory,
    waiting: Vec<Waiting>,
    /// Calls that are on their way.
    calls: usize,
    /// Accounts that have become known since the last time it was stored, and accounts whose roles have.
    unsaved: usize,
}

/// Who waits for accounts.
struct Waiting {
    asked: Asked,
    /// The session whose token is used.
    key: SessionKey,
    roles: bool,
    /// How many accounts were told.
    told: usize,
}

/// What somebody wants to know of a portal.
#[derive(Clone, Copy)]
pub(super) struct Wish {
    pub(super) roles: bool,
    pub(super) refresh: bool,
}

impl Discovery {
    /// Nothing yet; what was stored lies beside the file of the sessions.
    pub(super) fn beside(sessions: &Path) -> Self {
        Self {
            store: Kept::Portals.store(sessions),
            is_loaded: false,
            listings: BTreeMap::new(),
            throttle: Throttle::default(),
            saving: false,
            changed: false,
        }
    }
}

impl<S: Aws> Controller<S> {
    /// The accounts of a portal: those that are known at once, the others as they become known.
    pub(super) fn sso_accounts(
        &mut self,
        caller: &Arc<Caller>,
        start_url: &str,
        region: String,
        wish: Wish,
        replies: ReplySender,
    ) {
        if self.engine.is_locked() {
            return replies.error(explain::locked());
        }
        let chain = match portal_chain(start_url, region) {
            Ok(chain) => chain,
            Err(told) => return replies.error(told),
        };
        let Some(id) = id_of(&chain) else {
            return;
        };
        self.load_listings();
        let known = self.discovery.listings.get(&id);
        if let Some(known) = known.filter(|it| !wish.refresh && it.inventory.has(wish.roles)) {
            let at = self.clock.localize(known.inventory.fetched_at());
            return tell_all(replies, &known.inventory, at.unix_seconds());
        }
        let asked = Asked {
            caller: Arc::clone(caller),
            profile: chain.profile.clone(),
            chain: Arc::new(chain),
            replies,
        };
        self.queue(asked, Want::SsoAccounts(wish), Interaction::Never, 0);
    }

    /// There is a session to ask with.
    pub(super) fn discover(&mut self, asked: Asked, key: &SessionKey, wish: Wish) {
        let Some(id) = id_of(&asked.chain) else {
            return;
        };
        let now = self.now();
        let listing = self.discovery.listings.entry(id.clone()).or_default();
        let is_running = !listing.waiting.is_empty();
        if (wish.refresh && !is_running) || listing.inventory.is_empty() {
            listing.inventory.begin(now);
        }
        listing.waiting.push(Waiting {
            asked,
            key: key.clone(),
            roles: wish.roles,
            told: 0,
        });
        self.tell_progress(&id);
        self.go_on(&id);
    }

    /// A client hung up: its listing pauses when nobody else waits for it.
    pub(super) fn leave_discovery(&mut self, connection: u64) {
        for listing in self.discovery.listings.values_mut() {
            let gone = |it: &Waiting| it.asked.caller.connection == connection;
            listing.waiting.retain(|it| !gone(it));
        }
    }

    /// What a company's accounts are called is nobody's business while locked.
    pub(super) fn forget_listings(&mut self) {
        self.discovery.is_loaded = false;
        for listing in std::mem::take(&mut self.discovery.listings).into_values() {
            for waiting in listing.waiting {
                waiting.asked.replies.error(explain::locked());
            }
        }
    }

    /// Tells everybody who waits what they do not know yet, and those who know everything that it is.
    fn tell_progress(&mut self, id: &PortalId) {
        let clock = Arc::clone(&self.clock);
        let Some(listing) = self.discovery.listings.get_mut(id) else {
            return;
        };
        let inventory = &listing.inventory;
        let fetched_at = clock.localize(inventory.fetched_at()).unix_seconds();
        let mut going_on = Vec::new();
        for mut waiting in std::mem::take(&mut listing.waiting) {
            let replies = &mut waiting.asked.replies;
            let known = inventory.known(waiting.roles);
            let ends = inventory.has(waiting.roles);
            let mut rest = &known[waiting.told..];
            while rest.len() > if ends { PAGE_ACCOUNTS } else { 0 } || (ends && !fits(rest)) {
                let page = page_of(rest);
                waiting.told += page.len();
                replies.part(part(inventory, page, waiting.told, fetched_at, true));
                rest = &rest[page.len()..];
            }
            if ends {
                let last = part(inventory, rest, known.len(), fetched_at, false);
                waiting.asked.replies.reply(last);
            } else {
                going_on.push(waiting);
            }
        }
        listing.waiting = going_on;
    }
}

fn tell_all(mut replies: ReplySender, inventory: &Inventory, fetched_at: i64) {
    let mut rest = inventory.accounts();
    let mut told = 0;
    loop {
        let page = page_of(rest);
        told += page.len();
        rest = &rest[page.len()..];
        let more = !rest.is_empty();
        let reply = part(inventory, page, told, fetched_at, more);
        if !more {
            return replies.reply(reply);
        }
        replies.part(reply);
    }
}

fn part(
    inventory: &Inventory,
    accounts: &[SsoAccountView],
    done: usize,
    fetched_at: i64,
    more: bool,
) -> Reply {
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Reply::SsoAccounts {
        accounts: accounts.to_vec(),
        done: count(done),
        total: count(inventory.accounts().len()),
        fetched_at,
        more,
    }
}

/// The first accounts that fit into a frame; at least one.
fn page_of(accounts: &[SsoAccountView]) -> &[SsoAccountView] {
    let mut roles = 0;
    let fitting = accounts.iter().take(PAGE_ACCOUNTS).take_while(|account| {
        roles += account.roles.as_ref().map_or(0, Vec::len);
        roles <= PAGE_ROLES
    });
    let fitting = fitting.count().max(1).min(accounts.len());
    &accounts[..fitting]
}

fn fits(accounts: &[SsoAccountView]) -> bool {
    page_of(accounts).len() == accounts.len()
}

fn id_of(chain: &Chain) -> Option<PortalId> {
    chain.source.portal().map(PortalId::of)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(roles: usize) -> SsoAccountView {
        SsoAccountView {
            roles: Some(vec!["Role".to_owned(); roles]),
            ..SsoAccountView::default()
        }
    }

    #[test]
    fn pages_fit_into_frames() {
        let check = |accounts: &[SsoAccountView], expect: usize| {
            assert_eq!(page_of(accounts).len(), expect);
        };
        check(&[], 0);
        check(&vec![account(5); 30], 30);
        check(&vec![account(5); 130], PAGE_ACCOUNTS);
        check(&vec![account(PAGE_ROLES); 3], 1);
        check(&vec![account(PAGE_ROLES + 1); 3], 1);
    }
}
