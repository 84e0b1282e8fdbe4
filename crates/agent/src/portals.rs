//! What is remembered of portals beyond a sign-in: the clients that are registered with them, and how long their
//! sessions last.

mod limit;

pub(crate) use limit::PortalLimit;

use holdfast_core::port::ClientRegistration;
use holdfast_core::sso::Portal;
use holdfast_core::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A registration is not used in its last seconds: it would lapse while the person is signing in.
const MARGIN_SECONDS: i64 = 15 * 60;

/// What makes two portals the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PortalId {
    pub(crate) start_url: String,
    pub(crate) region: String,
}

impl PortalId {
    pub(crate) fn of(portal: &Portal) -> Self {
        Self {
            start_url: portal.start_url.clone(),
            region: portal.region.clone(),
        }
    }
}

/// What is remembered, by portal.
#[derive(Default)]
pub(crate) struct Portals {
    clients: BTreeMap<(PortalId, bool), Arc<ClientRegistration>>,
    limits: BTreeMap<PortalId, PortalLimit>,
    names: BTreeMap<PortalId, BTreeSet<String>>,
    /// A portal was not told of the last sign-out, in words, until somebody signs in or out again.
    pub(crate) not_told: Option<String>,
}

impl Portals {
    /// The client for a sign-in that begins now, with a redirect or on another device.
    pub(crate) fn client(
        &self,
        portal: &Portal,
        with_redirect: bool,
        now: Timestamp,
    ) -> Option<Arc<ClientRegistration>> {
        let client = self.clients.get(&(PortalId::of(portal), with_redirect))?;
        let is_good = client.expires_at.seconds_since(now) > MARGIN_SECONDS
            && portal
                .scopes
                .iter()
                .all(|scope| client.scopes.contains(scope));
        is_good.then(|| Arc::clone(client))
    }

    pub(crate) fn keep_client(&mut self, portal: PortalId, client: Arc<ClientRegistration>) {
        let with_redirect = client.with_redirect;
        self.clients.insert((portal, with_redirect), client);
    }

    /// The next sign-in registers a client of its own.
    pub(crate) fn forget_client(&mut self, portal: &Portal, with_redirect: bool) {
        self.clients.remove(&(PortalId::of(portal), with_redirect));
    }

    pub(crate) fn limit(&self, portal: &Portal) -> PortalLimit {
        let limit = self.limits.get(&PortalId::of(portal));
        limit.copied().unwrap_or_default()
    }

    pub(crate) fn limit_mut(&mut self, portal: &Portal) -> &mut PortalLimit {
        self.limits.entry(PortalId::of(portal)).or_default()
    }

    pub(crate) fn keep_limit(&mut self, portal: PortalId, limit: PortalLimit) {
        self.limits.insert(portal, limit);
    }

    /// The names under which the AWS CLI caches a token, as far as they are known.
    pub(crate) fn names_mut(&mut self, portal: &Portal) -> &mut BTreeSet<String> {
        self.names.entry(PortalId::of(portal)).or_default()
    }

    /// Every client that is registered.
    pub(crate) fn clients(&self) -> impl Iterator<Item = (&PortalId, &Arc<ClientRegistration>)> {
        self.clients
            .iter()
            .map(|((portal, _), client)| (portal, client))
    }

    /// Everything that is known of how long sessions last.
    pub(crate) fn limits(&self) -> impl Iterator<Item = (&PortalId, PortalLimit)> {
        self.limits.iter().map(|(portal, limit)| (portal, *limit))
    }
}
