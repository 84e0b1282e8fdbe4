//! The row of a portal of IAM Identity Center: its own session, apart from the credentials of its roles.

use super::row::{SessionBar, StateMark};
use super::{State, told};
use crate::page::sign_in::SignInWay;
use crate::portal::{Portal, PortalStanding, ended, limit};
use crate::standing::Standings;
use holdfast_settings::DeviceCode;
use serde::Serialize;

/// A portal: how it is, and what can be done with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct PortalRow {
    /// Its start URL.
    pub start_url: String,
    /// Region of the identity center.
    pub region: String,
    /// What people call it, for example `corp.awsapps.com`.
    pub title: String,
    /// How it is, as a shape.
    pub mark: StateMark,
    /// How it is, in words.
    pub state: String,
    /// When the portal session ends, in seconds since 1970, which is shown in place of `state`.
    pub until: Option<i64>,
    /// How much of it is left.
    pub bar: Option<SessionBar>,
    /// Why it ends, or what happened.
    pub words: String,
    /// What to do, where something is wrong.
    pub hints: Vec<String>,
    /// The one thing that is most likely wanted.
    pub action: Option<PortalAction>,
    /// Everything else.
    pub menu: Vec<PortalAction>,
}

/// Something to do, with the words of its button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct PortalAction {
    /// The words; an ellipsis where more is asked.
    pub label: String,
    /// What is done.
    #[serde(flatten)]
    pub kind: PortalActionKind,
}

/// What is done with a portal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(
    tag = "kind",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum PortalActionKind {
    /// The person signs in.
    SignIn {
        /// How.
        way: SignInWay,
    },
    /// Another page shows its accounts and roles.
    Discover,
    /// Its session ends, at AWS too.
    SignOut {
        /// A profile that is signed in to through it.
        profile: String,
    },
}

pub(super) fn row(
    state: &State<'_>,
    standings: &Standings<'_>,
    portal: &Portal<'_>,
    profiles: usize,
) -> PortalRow {
    let standing = portal.standing(standings);
    let until = match standing {
        PortalStanding::Live { until } => until,
        PortalStanding::Expiring { until } => Some(until),
        PortalStanding::SignedOut
        | PortalStanding::UnderWay
        | PortalStanding::NeedsYou
        | PortalStanding::Failed => None,
    };
    PortalRow {
        start_url: portal.view.start_url.clone(),
        region: portal.view.region.clone(),
        title: portal.title().to_owned(),
        mark: mark(standing),
        state: state_words(standing).to_owned(),
        until,
        bar: until.and_then(|until| bar(portal, until)),
        words: words(state, portal, standing, profiles),
        hints: match standing {
            PortalStanding::Failed => told::hints(portal.session),
            PortalStanding::SignedOut
            | PortalStanding::UnderWay
            | PortalStanding::Live { .. }
            | PortalStanding::Expiring { .. }
            | PortalStanding::NeedsYou => Vec::new(),
        },
        action: main(state, standing),
        menu: menu(state, portal, standing),
    }
}

fn mark(standing: PortalStanding) -> StateMark {
    match standing {
        PortalStanding::SignedOut | PortalStanding::UnderWay => StateMark::Out,
        PortalStanding::Live { .. } => StateMark::Live,
        PortalStanding::Expiring { .. } => StateMark::Expiring,
        PortalStanding::NeedsYou => StateMark::Needs,
        PortalStanding::Failed => StateMark::Offline,
    }
}

fn state_words(standing: PortalStanding) -> &'static str {
    match standing {
        PortalStanding::SignedOut => "Signed out",
        PortalStanding::UnderWay => "Waiting for your browser…",
        PortalStanding::Live { .. } => "Signed in",
        PortalStanding::Expiring { .. } => "Ends soon",
        PortalStanding::NeedsYou => "Needs you",
        PortalStanding::Failed => "Could not be renewed",
    }
}

fn bar(portal: &Portal<'_>, until: i64) -> Option<SessionBar> {
    // The token is younger than the portal session that it belongs to.
    let lasts = i64::from(portal.details()?.lasts_seconds?);
    Some(SessionBar {
        from: until - lasts,
        until,
    })
}

fn words(
    state: &State<'_>,
    portal: &Portal<'_>,
    standing: PortalStanding,
    profiles: usize,
) -> String {
    let error = portal.session.and_then(|session| session.error.as_ref());
    let of_error = || error.map(|error| told::sentence(&error.message));
    let serves = match profiles {
        0 => "No profile uses it yet.".to_owned(),
        1 => "One sign-in serves the profile below.".to_owned(),
        _ => format!("One sign-in serves all {profiles} profiles below."),
    };
    match standing {
        PortalStanding::SignedOut | PortalStanding::UnderWay => serves,
        PortalStanding::Live { .. } | PortalStanding::Expiring { .. } => portal
            .details()
            .and_then(limit)
            .unwrap_or_else(|| "Renewed by itself for as long as AWS allows.".to_owned()),
        PortalStanding::NeedsYou => portal
            .session
            .filter(|session| session.error.is_some())
            .and_then(|session| ended(session, state.now, state.zone))
            .or_else(of_error)
            .unwrap_or(serves),
        PortalStanding::Failed => of_error().unwrap_or_default(),
    }
}

fn sign_in(label: &str, way: SignInWay) -> PortalAction {
    PortalAction {
        label: label.to_owned(),
        kind: PortalActionKind::SignIn { way },
    }
}

fn main(state: &State<'_>, standing: PortalStanding) -> Option<PortalAction> {
    // A locked agent serves nobody; what to do about that is said once, for all.
    if state.status.locked {
        return None;
    }
    match standing {
        PortalStanding::SignedOut | PortalStanding::NeedsYou => {
            Some(sign_in("Sign in", SignInWay::Browser))
        }
        PortalStanding::Expiring { .. } => Some(sign_in("Renew", SignInWay::Browser)),
        PortalStanding::UnderWay => Some(sign_in("Open again", SignInWay::Browser)),
        PortalStanding::Failed => Some(sign_in("Try again", SignInWay::Browser)),
        PortalStanding::Live { .. } => None,
    }
}

fn menu(state: &State<'_>, portal: &Portal<'_>, standing: PortalStanding) -> Vec<PortalAction> {
    let mut actions = Vec::new();
    let device_allowed = state.device_code == DeviceCode::Allow;
    if !state.status.locked {
        if let PortalStanding::Live { .. } = standing {
            actions.push(sign_in("Renew now", SignInWay::Browser));
        }
        actions.push(sign_in("Copy link", SignInWay::CopyLink));
        if device_allowed {
            actions.push(sign_in("Another device…", SignInWay::Device));
        }
    }
    actions.push(PortalAction {
        label: "Add profiles…".to_owned(),
        kind: PortalActionKind::Discover,
    });
    if let (true, Some(profile)) = (standing.is_live(), portal.profile()) {
        let profile = profile.to_owned();
        actions.push(PortalAction {
            label: "Sign out".to_owned(),
            kind: PortalActionKind::SignOut { profile },
        });
    }
    actions
}
