//! The frame of the main window: what concerns the whole of Holdfast, and the counts in the navigation.

use super::{PageName, Theme, Trouble};
use holdfast_agent_proto::view::{KeychainState, KeychainView, SessionState, StatusView};
use serde::{Deserialize, Serialize};

/// A clock that is off by less is nobody's concern, in seconds.
const CLOCK_TOLERANCE: i64 = 30;

/// What a page is asked to show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Destination {
    /// The page.
    pub page: PageName,
    /// The profile it is about, where it is about one.
    #[serde(default)]
    pub profile: Option<String>,
}

/// What may have changed, so that a page fetches only what it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// The agent's state, or whether it is there at all.
    Status,
    /// The user's AWS files, or the access keys.
    Profiles,
    /// What the agent did.
    Activity,
    /// The settings.
    Settings,
    /// The prompt that is open.
    Prompt,
    /// The accounts and roles of a portal.
    Discovery,
    /// Lists of repositories.
    Repositories,
    /// The clone that is under way.
    Clone,
    /// What the doctor has found.
    Doctor,
}

/// The frame of the main window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ShellPage {
    /// Light or dark.
    pub theme: Theme,
    /// What concerns all pages, most important first.
    pub banners: Vec<Banner>,
    /// Counts beside the names of pages.
    pub badges: Vec<Badge>,
}

/// Something about the whole of Holdfast.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Banner {
    /// How loud it is.
    pub kind: BannerKind,
    /// What happened.
    pub message: String,
    /// What to do.
    pub hints: Vec<String>,
    /// What a button beside it does.
    pub action: Option<BannerAction>,
}

/// How loud a banner is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum BannerKind {
    /// To be known, nothing to do.
    Plain,
    /// Something works less well than it could.
    Warn,
    /// Nothing goes on without the person.
    Need,
}

/// What the button of a banner does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum BannerAction {
    /// Unlocks the agent.
    Unlock,
    /// Shows the settings.
    Settings,
}

/// A count beside the name of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Badge {
    /// The page.
    pub page: PageName,
    /// How many.
    pub count: usize,
    /// Of what.
    pub words: String,
}

impl ShellPage {
    /// The frame, from what the agent told last; `None` before it told anything.
    pub fn new(told: Option<&Result<StatusView, Trouble>>, theme: Theme) -> Self {
        let (banners, badges) = match told {
            None => (Vec::new(), Vec::new()),
            Some(Err(trouble)) => (vec![agent_gone(trouble)], Vec::new()),
            Some(Ok(status)) => (banners(status), needing(status).into_iter().collect()),
        };
        Self {
            theme,
            banners,
            badges,
        }
    }

    /// The same with one more banner in front.
    #[must_use]
    pub fn with(mut self, banner: Option<Banner>) -> Self {
        self.banners.splice(0..0, banner);
        self
    }

    /// The same with one more count.
    #[must_use]
    pub fn with_badge(mut self, badge: Option<Badge>) -> Self {
        self.badges.extend(badge);
        self
    }
}

impl Banner {
    /// The settings cannot be used.
    pub fn settings(trouble: Trouble) -> Self {
        Self {
            kind: BannerKind::Warn,
            message: trouble.message,
            hints: trouble.hints,
            action: Some(BannerAction::Settings),
        }
    }

    fn new(kind: BannerKind, message: &str, hint: &str) -> Self {
        Self {
            kind,
            message: message.to_owned(),
            hints: vec![hint.to_owned()],
            action: None,
        }
    }
}

fn agent_gone(trouble: &Trouble) -> Banner {
    let mut hints = vec![trouble.message.clone()];
    hints.extend(trouble.hints.iter().cloned());
    hints.push("Nothing is lost. It is started again by itself.".to_owned());
    Banner {
        kind: BannerKind::Need,
        message: "The Holdfast agent cannot be reached.".to_owned(),
        hints,
        action: None,
    }
}

fn banners(status: &StatusView) -> Vec<Banner> {
    let mut banners = Vec::new();
    banners.extend(status.locked.then(|| locked(&status.keychain)));
    banners.extend(keychain(status));
    if status.online == Some(false) {
        banners.push(Banner::new(
            BannerKind::Plain,
            "AWS cannot be reached.",
            "Your sessions are kept. Holdfast tries again by itself.",
        ));
    }
    banners.extend(clock(status.clock_offset_seconds));
    banners.extend(status.warnings.iter().map(|warning| Banner {
        kind: BannerKind::Warn,
        message: warning.clone(),
        hints: Vec::new(),
        action: None,
    }));
    banners
}

fn locked(keychain: &KeychainView) -> Banner {
    // A passphrase is a secret and has no business in a window.
    let by_terminal = keychain.kind == "file";
    let hint = if by_terminal {
        "To unlock it with your passphrase, run in a terminal: holdfast unlock"
    } else {
        "No program is given credentials until you unlock it."
    };
    Banner {
        action: (!by_terminal).then_some(BannerAction::Unlock),
        ..Banner::new(BannerKind::Need, "Holdfast is locked.", hint)
    }
}

fn keychain(status: &StatusView) -> Option<Banner> {
    let view = &status.keychain;
    let (message, hint) = match view.state {
        KeychainState::Unknown | KeychainState::Ready => return None,
        // Unlocking Holdfast, as said already, unlocks its key file.
        KeychainState::Locked if status.locked && view.kind == "file" => return None,
        KeychainState::Locked => (
            "The keychain is locked.",
            "Unlock it, for example by logging in to your desktop again.",
        ),
        KeychainState::Absent => (
            "There is no keychain.",
            "Sessions last until the agent ends, and access keys cannot be stored. Start a keychain, or choose another kind in the settings.",
        ),
        KeychainState::Hung => (
            "The keychain does not answer.",
            "Look for a question of the keychain behind other windows. Holdfast tries again by itself.",
        ),
        KeychainState::Failing => (
            "The keychain does not work.",
            "Sessions last until the agent ends. Holdfast tries again by itself.",
        ),
    };
    let mut banner = Banner::new(BannerKind::Warn, message, hint);
    if let Some(more) = &view.message {
        banner.hints.insert(0, more.clone());
    }
    if view.state == KeychainState::Absent {
        banner.action = Some(BannerAction::Settings);
    }
    Some(banner)
}

fn clock(offset: i64) -> Option<Banner> {
    let side = match offset {
        offset if offset > CLOCK_TOLERANCE => "behind",
        offset if offset < -CLOCK_TOLERANCE => "ahead of",
        _ => return None,
    };
    let minutes = offset.unsigned_abs().div_ceil(60);
    let message = format!("The clock of this computer is {minutes} min {side} AWS's.");
    Some(Banner::new(
        BannerKind::Plain,
        &message,
        "Holdfast corrects for it. Other programs do not: set the clock.",
    ))
}

/// Sessions that had credentials or were asked for, and now wait for a person.
fn needing(status: &StatusView) -> Option<Badge> {
    let needs = |state| matches!(state, SessionState::NeedsMfa | SessionState::NeedsSignIn);
    let count = status.sessions.iter().filter(|s| needs(s.state)).count();
    let words = match count {
        0 => return None,
        1 => "1 needs you".to_owned(),
        more => format!("{more} need you"),
    };
    Some(Badge {
        page: PageName::Sessions,
        count,
        words,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_agent_proto::view::SessionView;

    fn check(status: StatusView, expect: &[(&str, BannerKind, Option<BannerAction>)]) {
        let shell = ShellPage::new(Some(&Ok(status)), Theme::System);
        let banners = shell.banners.iter();
        let shown: Vec<_> = banners
            .map(|banner| (banner.message.as_str(), banner.kind, banner.action))
            .collect();
        assert_eq!(shown, expect);
    }

    fn keychain(state: KeychainState, kind: &str) -> StatusView {
        StatusView {
            keychain: KeychainView {
                kind: kind.to_owned(),
                state,
                message: None,
            },
            ..StatusView::default()
        }
    }

    #[test]
    fn what_concerns_all_pages_is_said_in_the_order_of_its_weight() {
        use BannerAction::{Settings, Unlock};
        use BannerKind::{Need, Plain, Warn};
        check(StatusView::default(), &[]);
        check(keychain(KeychainState::Ready, "os"), &[]);
        check(
            StatusView {
                locked: true,
                online: Some(false),
                clock_offset_seconds: -90,
                warnings: vec!["the disk is full".to_owned()],
                ..keychain(KeychainState::Hung, "os")
            },
            &[
                ("Holdfast is locked.", Need, Some(Unlock)),
                ("The keychain does not answer.", Warn, None),
                ("AWS cannot be reached.", Plain, None),
                (
                    "The clock of this computer is 2 min ahead of AWS's.",
                    Plain,
                    None,
                ),
                ("the disk is full", Warn, None),
            ],
        );
        check(
            keychain(KeychainState::Absent, "os"),
            &[("There is no keychain.", Warn, Some(Settings))],
        );
        // The passphrase is given in a terminal, and the key file says nothing new.
        check(
            StatusView {
                locked: true,
                ..keychain(KeychainState::Locked, "file")
            },
            &[("Holdfast is locked.", Need, None)],
        );
    }

    #[test]
    fn an_agent_that_is_gone_is_named_with_its_reason() {
        let gone = Err(Trouble::new("cannot connect to agent.sock"));
        let shell = ShellPage::new(Some(&gone), Theme::Dark);
        assert_eq!(shell.banners.len(), 1);
        assert_eq!(shell.banners[0].hints[0], "cannot connect to agent.sock");
        assert_eq!(ShellPage::new(None, Theme::Dark).banners, []);
    }

    #[test]
    fn sessions_that_wait_for_a_person_are_counted() {
        let session = |state| SessionView {
            state,
            ..SessionView::default()
        };
        let status = StatusView {
            sessions: vec![
                session(SessionState::NeedsMfa),
                session(SessionState::Valid),
                session(SessionState::NeedsSignIn),
            ],
            ..StatusView::default()
        };
        let shell = ShellPage::new(Some(&Ok(status)), Theme::System);
        assert_eq!(shell.badges[0].count, 2);
        assert_eq!(shell.badges[0].words, "2 need you");
    }
}
