//! IAM Identity Center: portals, accounts and roles, sign-ins.

use super::state;
use crate::print::time::rfc3339;
use holdfast_agent_proto::view::{
    PortalSessionView, PortalView, SignInMethod, SignInView, SsoAccountView,
};
use serde::Serialize;

/// `holdfast sso portals --json`.
#[derive(Serialize)]
pub(crate) struct Portals<'a> {
    portals: Vec<Portal<'a>>,
}

#[derive(Serialize)]
struct Portal<'a> {
    start_url: &'a str,
    region: &'a str,
    state: &'static str,
    sso_sessions: &'a [String],
    profiles: &'a [String],
}

/// `holdfast sso accounts --json` and `holdfast sso roles --json`.
#[derive(Serialize)]
pub(crate) struct SsoAccounts<'a> {
    start_url: &'a str,
    region: &'a str,
    fetched_at: String,
    accounts: Vec<Account<'a>>,
}

#[derive(Serialize)]
struct Account<'a> {
    account_id: &'a str,
    name: &'a str,
    email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    roles: Option<&'a [String]>,
}

/// What is known of the sign-in behind a portal session.
#[derive(Serialize)]
pub(super) struct PortalSession<'a> {
    start_url: &'a str,
    region: &'a str,
    ends_at: Option<String>,
    lasts_seconds: Option<u32>,
}

/// A sign-in that is under way.
#[derive(Serialize)]
pub(super) struct SignIn<'a> {
    id: u64,
    session: &'a str,
    title: &'a str,
    method: &'static str,
    url: &'a str,
    user_code: Option<&'a str>,
    expires_at: String,
    profiles: &'a [String],
}

impl<'a> Portals<'a> {
    /// The portals.
    pub(crate) fn new(portals: &'a [PortalView]) -> Self {
        let portal = |view: &'a PortalView| Portal {
            start_url: &view.start_url,
            region: &view.region,
            state: state(view.state),
            sso_sessions: &view.sso_sessions,
            profiles: &view.profiles,
        };
        Self {
            portals: portals.iter().map(portal).collect(),
        }
    }
}

impl<'a> SsoAccounts<'a> {
    /// The accounts of a portal.
    pub(crate) fn new(
        start_url: &'a str,
        region: &'a str,
        accounts: &'a [SsoAccountView],
        fetched_at: i64,
    ) -> Self {
        let account = |view: &'a SsoAccountView| Account {
            account_id: &view.account_id,
            name: &view.name,
            email: view.email.as_deref(),
            roles: view.roles.as_deref(),
        };
        Self {
            start_url,
            region,
            fetched_at: rfc3339(fetched_at),
            accounts: accounts.iter().map(account).collect(),
        }
    }
}

impl<'a> From<&'a PortalSessionView> for PortalSession<'a> {
    fn from(view: &'a PortalSessionView) -> Self {
        Self {
            start_url: &view.start_url,
            region: &view.region,
            ends_at: view.ends_at.map(rfc3339),
            lasts_seconds: view.lasts_seconds,
        }
    }
}

impl<'a> From<&'a SignInView> for SignIn<'a> {
    fn from(view: &'a SignInView) -> Self {
        Self {
            id: view.id,
            session: &view.session,
            title: &view.title,
            method: match view.method {
                SignInMethod::Browser => "browser",
                SignInMethod::Device => "device",
            },
            url: &view.url,
            user_code: view.user_code.as_deref(),
            expires_at: rfc3339(view.expires_at),
            profiles: &view.profiles,
        }
    }
}
