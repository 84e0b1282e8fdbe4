//! What can be done with a profile from its row.

use crate::page::sign_in::SignInWay;
use crate::standing::Standing;
use holdfast_agent_proto::view::{ProfileView, SignInKind, StatusView};
use holdfast_settings::DeviceCode;
use serde::Serialize;

/// Clone commands that a row's menu offers.
const MAX_REPOSITORIES: usize = 5;

/// Something to do, with the words of its button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct RowAction {
    /// The words; an ellipsis where more is asked.
    pub label: String,
    /// What is done.
    #[serde(flatten)]
    pub kind: ActionKind,
}

/// What is done with a profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(
    tag = "kind",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum ActionKind {
    /// A person signs in.
    SignIn,
    /// A person signs in with the browser, this way.
    SignInBy {
        /// How.
        way: SignInWay,
    },
    /// A person gives a new code, or signs in anew, while the old session is good.
    RenewWithCode,
    /// What needs no person is renewed now.
    Renew,
    /// The command that clones this repository is copied.
    CopyCloneCommand {
        /// Host that git reaches it at.
        host: String,
        /// Its name.
        repository: String,
    },
    /// Another page shows the repositories.
    ShowRepositories,
    /// The command for the environment is copied.
    CopyEnvironment,
    /// The AWS console is opened.
    OpenConsole,
    /// Always in the tray's menu, or no longer.
    Pin {
        /// Which of both.
        pinned: bool,
    },
    /// The sessions of the profile end.
    SignOut,
}

impl RowAction {
    fn new(label: &str, kind: ActionKind) -> Self {
        Self {
            label: label.to_owned(),
            kind,
        }
    }
}

/// The one thing that is most likely wanted.
pub(super) fn main(
    status: &StatusView,
    profile: &ProfileView,
    standing: &Standing,
) -> Option<RowAction> {
    let by_person = profile.sign_in != SignInKind::None;
    // A locked agent serves nobody; what to do about that is said once, for all.
    if status.locked {
        return (*standing != Standing::Broken).then(|| clone(status, profile));
    }
    match standing {
        Standing::Broken | Standing::Opening => None,
        Standing::NeedsYou => Some(RowAction::new("Sign in", ActionKind::SignIn)),
        Standing::SignedOut if by_person => Some(RowAction::new("Sign in", ActionKind::SignIn)),
        Standing::Expiring { .. } if by_person => {
            Some(RowAction::new("Renew…", ActionKind::RenewWithCode))
        }
        Standing::Failed => Some(RowAction::new("Try again", ActionKind::Renew)),
        Standing::SignedOut | Standing::Expiring { .. } | Standing::Live { .. } | Standing::Key => {
            Some(clone(status, profile))
        }
    }
}

/// Everything, the main action aside.
pub(super) fn menu(
    status: &StatusView,
    profile: &ProfileView,
    standing: &Standing,
    (pinned, device_code): (bool, DeviceCode),
    main: Option<&RowAction>,
) -> Vec<RowAction> {
    let served = !status.locked && *standing != Standing::Broken;
    let has_session = match standing {
        Standing::Live { .. }
        | Standing::Expiring { .. }
        | Standing::Failed
        | Standing::NeedsYou => true,
        Standing::Broken | Standing::Key | Standing::SignedOut | Standing::Opening => false,
    };
    let by_browser = profile.sign_in == SignInKind::Browser;
    let mut actions = Vec::new();
    if served && by_browser && !standing.is_live() {
        let way = SignInWay::CopyLink;
        actions.push(RowAction::new("Copy link", ActionKind::SignInBy { way }));
        if device_code == DeviceCode::Allow {
            let way = SignInWay::Device;
            actions.push(RowAction::new(
                "Another device…",
                ActionKind::SignInBy { way },
            ));
        }
    }
    if served && has_session {
        actions.push(RowAction::new("Renew now", ActionKind::Renew));
    }
    if served && profile.sign_in == SignInKind::Mfa && has_session {
        let label = "Renew with a new code…";
        actions.push(RowAction::new(label, ActionKind::RenewWithCode));
    }
    if *standing != Standing::Broken {
        actions.extend(recent(status, profile));
        let repositories = "Repositories…";
        actions.push(RowAction::new(repositories, ActionKind::ShowRepositories));
        let environment = "Copy environment";
        actions.push(RowAction::new(environment, ActionKind::CopyEnvironment));
    }
    if served {
        actions.push(RowAction::new("Open AWS console", ActionKind::OpenConsole));
    }
    let pin = if pinned { "Unpin" } else { "Pin to the menu" };
    actions.push(RowAction::new(pin, ActionKind::Pin { pinned: !pinned }));
    if has_session && *standing != Standing::NeedsYou {
        // One sign-in serves every profile of a portal, and so does its end.
        let label = match by_browser {
            true => "Sign out of the portal",
            false => "Sign out",
        };
        actions.push(RowAction::new(label, ActionKind::SignOut));
    }
    actions.retain(|action| Some(&action.kind) != main.map(|main| &main.kind));
    actions
}

/// The repository used last, or the choice of one.
fn clone(status: &StatusView, profile: &ProfileView) -> RowAction {
    let last = recent(status, profile).next();
    last.map_or_else(
        || RowAction::new("Copy clone command…", ActionKind::ShowRepositories),
        |action| RowAction::new("Copy clone command", action.kind),
    )
}

fn recent(status: &StatusView, profile: &ProfileView) -> impl Iterator<Item = RowAction> {
    let repositories = status.recent.repositories.iter();
    repositories
        .filter(|recent| recent.profile == profile.name)
        .take(MAX_REPOSITORIES)
        .map(|recent| RowAction {
            label: format!("Copy clone command of {}", recent.name),
            kind: ActionKind::CopyCloneCommand {
                host: recent.host.clone(),
                repository: recent.name.clone(),
            },
        })
}
