//! The form in which listings outlive the agent: JSON in a sealed file, since what a company's accounts are called is
//! not for everybody.

use super::super::Controller;
use super::super::tasks::Done;
use super::{Inventory, Listing};
use crate::explain::with_causes;
use crate::portals::PortalId;
use holdfast_agent_proto::view::SsoAccountView;
use holdfast_core::port::Aws;
use holdfast_core::time::Timestamp;
use holdfast_keychain::{Loaded, SealedError};
use serde::{Deserialize, Serialize};
use std::time::SystemTime;
use zeroize::Zeroizing;

/// Version of the form that this release writes.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Stored {
    version: u32,
    portals: Vec<StoredListing>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct StoredListing {
    start_url: String,
    region: String,
    fetched_at: i64,
    /// Whether these are all accounts.
    is_complete: bool,
    accounts: Vec<StoredAccount>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct StoredAccount {
    account_id: String,
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    roles: Option<Vec<String>>,
}

impl StoredListing {
    fn of(id: &PortalId, inventory: &Inventory) -> Self {
        let account = |account: &SsoAccountView| StoredAccount {
            account_id: account.account_id.clone(),
            name: account.name.clone(),
            email: account.email.clone(),
            roles: account.roles.clone(),
        };
        Self {
            start_url: id.start_url.clone(),
            region: id.region.clone(),
            fetched_at: inventory.fetched_at().unix_seconds(),
            is_complete: inventory.is_complete(),
            accounts: inventory.accounts().iter().map(account).collect(),
        }
    }

    fn restore(self) -> (PortalId, Inventory) {
        let id = PortalId {
            start_url: self.start_url,
            region: self.region,
        };
        let accounts = self.accounts.into_iter().map(|account| SsoAccountView {
            account_id: account.account_id,
            name: account.name,
            email: account.email,
            roles: account.roles,
        });
        let at = Timestamp::from_unix_seconds(self.fetched_at);
        let inventory = Inventory::restored(accounts.collect(), self.is_complete, at);
        (id, inventory)
    }
}

impl<S: Aws> Controller<S> {
    /// Reads what was stored, once, at the first request that may need it.
    pub(super) fn load_listings(&mut self) {
        let Some(key) = self.storage.key().filter(|_| !self.discovery.is_loaded) else {
            return;
        };
        self.discovery.is_loaded = true;
        let contents = match self.discovery.store.load(&key, SystemTime::now()) {
            Ok(Loaded::Contents(contents)) => contents,
            Ok(Loaded::Nothing | Loaded::Damaged { .. }) => return,
            Err(error) => {
                tracing::warn!(error = %with_causes(&error), "accounts of portals are not there");
                return;
            }
        };
        let stored: Option<Stored> = serde_json::from_slice(&contents).ok();
        let stored = stored.filter(|stored| stored.version == VERSION);
        for listing in stored.into_iter().flat_map(|stored| stored.portals) {
            let (id, inventory) = listing.restore();
            let known = self.discovery.listings.entry(id).or_default();
            if known.inventory.is_empty() {
                known.inventory = inventory;
            }
        }
    }

    /// Stores everything that is known.
    pub(super) fn save_listings(&mut self) {
        self.discovery.changed = true;
        let Some(key) = self.storage.key().filter(|_| !self.engine.is_locked()) else {
            return;
        };
        if self.discovery.saving {
            return;
        }
        self.discovery.saving = true;
        self.discovery.changed = false;
        let known = |(id, listing): (&PortalId, &mut Listing)| {
            listing.unsaved = 0;
            StoredListing::of(id, &listing.inventory)
        };
        let stored = Stored {
            version: VERSION,
            portals: self.discovery.listings.iter_mut().map(known).collect(),
        };
        let store = self.discovery.store.clone();
        self.tasks.spawn_blocking(move || {
            let contents = Zeroizing::new(serde_json::to_vec(&stored).unwrap_or_default());
            Done::ListingsSaved(store.save(&key, &contents, SystemTime::now()))
        });
    }

    /// They were written.
    pub(in super::super) fn listings_saved(&mut self, outcome: Result<(), SealedError>) {
        self.discovery.saving = false;
        if let Err(error) = outcome {
            // Kept in memory; the next change tries again.
            tracing::warn!(error = %with_causes(&error), "accounts of portals were not kept");
        } else if self.discovery.changed {
            self.save_listings();
        }
    }

    /// Stores what was not worth it yet, before the agent ends.
    pub(in super::super) fn save_rest_of_listings(&mut self) {
        let mut listings = self.discovery.listings.values();
        if listings.any(|listing| listing.unsaved > 0) {
            self.save_listings();
        }
    }

    /// Something is being written.
    pub(in super::super) fn is_saving_listings(&self) -> bool {
        self.discovery.saving
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_comes_back() {
        let id = PortalId {
            start_url: "https://corp.awsapps.com/start".to_owned(),
            region: "eu-west-1".to_owned(),
        };
        let account = |number: usize, roles| SsoAccountView {
            account_id: format!("{number:012}"),
            name: format!("Account {number}"),
            email: (number == 1).then(|| "a@example.com".to_owned()),
            roles,
        };
        let accounts = vec![account(1, Some(vec!["Admin".to_owned()])), account(2, None)];
        let at = Timestamp::from_unix_seconds(7);
        let inventory = Inventory::restored(accounts.clone(), true, at);
        let text = serde_json::to_string(&StoredListing::of(&id, &inventory)).unwrap();
        let (restored_id, restored) = serde_json::from_str::<StoredListing>(&text)
            .unwrap()
            .restore();
        assert_eq!(restored_id, id);
        assert_eq!(restored.accounts(), accounts);
        assert_eq!(restored.fetched_at(), at);
        assert!(restored.has(false) && !restored.has(true));
    }
}
