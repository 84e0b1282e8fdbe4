//! What tests and the demo do with IAM Identity Center as its people and its administrators.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use super::Sim;
use crate::endpoint::Endpoint;
use crate::model::identity_center::{PortalPolicy, same_start_url};
use crate::service::{oidc, portal};
use crate::shared::Shared;

/// A portal of a running simulated AWS.
///
/// It speaks for a person (let a client in, turn it away, without a browser) and for an administrator (end sessions, take
/// permissions away, change the rules). Users are named where it matters who signs in; without a name it is the portal's first.
#[derive(Clone)]
pub struct PortalControl {
    shared: Arc<Shared>,
    start_url: String,
}

/// A session at a portal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PortalSessionView {
    /// Who is signed in.
    pub user: String,
    /// When the client got its first token.
    pub started: Timestamp,
    /// When it ends by itself.
    pub ends: Timestamp,
}

impl Sim {
    /// The portal of this start URL.
    pub fn portal(&self, start_url: &str) -> Option<PortalControl> {
        PortalControl::find(&self.shared, start_url)
    }

    /// The start URLs of all portals.
    pub fn portals(&self) -> Vec<String> {
        let world = self.shared.world();
        let portals = world.identity_center.portals.iter();
        portals.map(|portal| portal.start_url.clone()).collect()
    }

    /// Forgets every registered OIDC client, as AWS does at times; says how many there were.
    pub fn forget_clients(&self) -> usize {
        self.shared.world().identity_center.clients.forget()
    }

    /// How long registrations of OIDC clients last from now on, in seconds; 90 days unless told.
    pub fn set_registration_seconds(&self, seconds: i64) {
        let mut world = self.shared.world();
        world.identity_center.clients.registration_seconds = seconds;
    }

    /// Allows what an authorization URL (`https://oidc.REGION.amazonaws.com/authorize?…`) asks, as a person does in a browser;
    /// answers with the address that the browser goes to, or why it goes nowhere.
    pub fn allow(&self, authorize_url: &str) -> Result<String, String> {
        answer_page(&self.shared, authorize_url, (oidc::Answer::Allow, None))
    }

    /// Denies what an authorization URL asks; see [`Sim::allow`].
    pub fn deny(&self, authorize_url: &str) -> Result<String, String> {
        answer_page(&self.shared, authorize_url, (oidc::Answer::Deny, None))
    }

    /// Allows as this user; see [`Sim::allow`].
    pub fn allow_as(&self, authorize_url: &str, user: &str) -> Result<String, String> {
        answer_page(
            &self.shared,
            authorize_url,
            (oidc::Answer::Allow, Some(user)),
        )
    }

    /// Lets the device that shows this code in, as a person does on the device page; says whether one waited.
    pub fn allow_device(&self, user_code: &str) -> bool {
        answer_device(&self.shared, user_code, (true, None)).is_ok()
    }

    /// Turns the device away that shows this code; says whether one waited.
    pub fn deny_device(&self, user_code: &str) -> bool {
        answer_device(&self.shared, user_code, (false, None)).is_ok()
    }
}

impl PortalControl {
    pub(crate) fn find(shared: &Arc<Shared>, start_url: &str) -> Option<Self> {
        let start_url = shared
            .world()
            .identity_center
            .portal(start_url)?
            .start_url
            .clone();
        Some(Self {
            shared: Arc::clone(shared),
            start_url,
        })
    }

    /// The start URL.
    pub fn start_url(&self) -> &str {
        &self.start_url
    }

    /// The rules as they are.
    pub fn policy(&self) -> PortalPolicy {
        let world = self.shared.world();
        let portal = world.identity_center.portal(&self.start_url);
        portal
            .map(|portal| portal.policy.clone())
            .unwrap_or_default()
    }

    /// Changes the rules, for what is given out from now on.
    pub fn set_policy(&self, change: impl FnOnce(&mut PortalPolicy)) {
        let mut world = self.shared.world();
        if let Some(portal) = world.identity_center.portal_mut(&self.start_url) {
            change(&mut portal.policy);
        }
    }

    /// The codes of devices that wait for a person.
    pub fn user_codes(&self) -> Vec<String> {
        let now = self.shared.clock.now();
        let world = self.shared.world();
        world
            .identity_center
            .approvals
            .waiting(now)
            .filter(|device| same_start_url(&device.start_url, &self.start_url))
            .map(|device| device.user_code.clone())
            .collect()
    }

    /// The sessions that have not ended.
    pub fn sessions(&self) -> Vec<PortalSessionView> {
        let now = self.shared.clock.now();
        let world = self.shared.world();
        let sessions = world.identity_center.sessions.at(&self.start_url, now);
        sessions
            .map(|session| PortalSessionView {
                user: session.user.clone(),
                started: session.started,
                ends: session.ends,
            })
            .collect()
    }

    /// Revokes all sessions, as an administrator does; says how many there were. Their tokens are not known any more.
    pub fn revoke_sessions(&self) -> usize {
        let mut world = self.shared.world();
        let sessions = &mut world.identity_center.sessions;
        sessions.revoke(&self.start_url, None)
    }

    /// Revokes the sessions of one user; see [`PortalControl::revoke_sessions`].
    pub fn revoke_sessions_of(&self, user: &str) -> usize {
        let mut world = self.shared.world();
        let sessions = &mut world.identity_center.sessions;
        sessions.revoke(&self.start_url, Some(user))
    }

    /// Lets all sessions come to their end now, so that it need not be waited for.
    pub fn end_sessions(&self) {
        let now = self.shared.clock.now();
        let mut world = self.shared.world();
        world.identity_center.sessions.end(&self.start_url, now);
    }

    /// Gives a user a permission set in an account where it is in use, or takes it away. Says whether there is such a user, and
    /// such a permission set in the account.
    pub fn assign(&self, user: &str, account: &str, permission_set: &str, assigned: bool) -> bool {
        let mut world = self.shared.world();
        let portal = world.identity_center.portal_mut(&self.start_url);
        portal.is_some_and(|portal| portal.assign(user, account, permission_set, assigned))
    }

    /// The ARN of the role that stands for a permission set in an account.
    pub fn role_arn(&self, account: &str, permission_set: &str) -> Option<String> {
        let world = self.shared.world();
        let portal = world.identity_center.portal(&self.start_url)?;
        let place = (account.to_owned(), permission_set.to_owned());
        let role = portal.roles.get(&place)?;
        Some(world.accounts.get(account)?.roles.get(role)?.arn.clone())
    }
}

/// Answers the page of an authorization URL.
pub(crate) fn answer_page(
    shared: &Shared,
    authorize_url: &str,
    answer: (oidc::Answer, Option<&str>),
) -> Result<String, String> {
    let not_one = || "this is not an authorization URL".to_owned();
    let rest = authorize_url.strip_prefix("https://").ok_or_else(not_one)?;
    let (host, query) = rest.split_once("/authorize?").ok_or_else(not_one)?;
    let endpoint = Endpoint::of_host(host).ok_or_else(not_one)?;
    let now = shared.clock.now();
    oidc::answer_as(&mut shared.world(), &endpoint, query, answer, now)
}

/// Answers for the device that shows this code.
pub(crate) fn answer_device(
    shared: &Shared,
    user_code: &str,
    answer: (bool, Option<&str>),
) -> Result<(), &'static str> {
    let now = shared.clock.now();
    portal::decide_device(&mut shared.world(), user_code, answer, now)
}
