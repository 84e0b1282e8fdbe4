//! Which icon the tray shows: the worst of what there is to tell.

use crate::standing::{Link, Standings, keychain_needs_person};
use holdfast_agent_proto::view::{SessionState, StatusView};

/// An icon of the tray. Their shapes differ, so that nobody has to tell colours apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Icon {
    /// All is well, or nothing is used. The plain mark.
    #[default]
    Live,
    /// A session that needs a person ends soon. The mark with a gap in its ring.
    Expiring,
    /// A person is needed. The mark with a diamond.
    NeedsYou,
    /// AWS or the agent cannot be reached. The mark cut by a bar.
    Offline,
    /// Nothing is served until it is unlocked. The mark inside a closed ring.
    Locked,
}

impl Icon {
    /// Every icon.
    pub const ALL: [Self; 5] = [
        Self::Live,
        Self::Expiring,
        Self::NeedsYou,
        Self::Offline,
        Self::Locked,
    ];

    /// Its name among the files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Expiring => "expiring",
            Self::NeedsYou => "needs-you",
            Self::Offline => "offline",
            Self::Locked => "locked",
        }
    }

    /// The icon for a state. What keeps a person from helping is worse than what asks for one.
    pub fn of(link: &Link, status: &StatusView, now: i64) -> Self {
        match link {
            Link::Connecting => return Self::Live,
            Link::Lost(_) => return Self::Offline,
            Link::Connected => {}
        }
        let standings = Standings::new(status, now);
        if status.locked {
            Self::Locked
        } else if status.online == Some(false) {
            Self::Offline
        } else if needs_person(status) {
            Self::NeedsYou
        } else if standings.is_expiring() {
            Self::Expiring
        } else {
            Self::Live
        }
    }
}

/// Somebody waits for a code, AWS took a session away, or the keychain waits.
fn needs_person(status: &StatusView) -> bool {
    let taken_away = status.sessions.iter().any(|session| {
        let needs = matches!(
            session.state,
            SessionState::NeedsMfa | SessionState::NeedsSignIn
        );
        needs && session.error.is_some()
    });
    !status.prompts.is_empty() || taken_away || keychain_needs_person(status.keychain.state)
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_agent_proto::view::{KeychainState, PromptView, SessionView};
    use holdfast_agent_proto::{AgentError, ErrorCode};

    const NOW: i64 = 1_795_168_800;

    fn check(link: Link, change: impl FnOnce(&mut StatusView), expect: Icon) {
        let mut status = StatusView {
            online: Some(true),
            ..StatusView::default()
        };
        change(&mut status);
        assert_eq!(Icon::of(&link, &status, NOW), expect, "{status:?}");
    }

    fn mfa(state: SessionState, ends_in: i64) -> SessionView {
        SessionView {
            id: "mfa".to_owned(),
            state,
            expires_at: Some(NOW + ends_in),
            needs_person_at: Some(NOW + ends_in),
            ..SessionView::default()
        }
    }

    #[test]
    fn the_worst_is_shown() {
        let connected = || Link::Connected;
        check(connected(), |_| {}, Icon::Live);
        check(Link::Connecting, |s| s.locked = true, Icon::Live);
        check(Link::Lost("gone".to_owned()), |_| {}, Icon::Offline);
        check(connected(), |s| s.online = None, Icon::Live);
        check(connected(), |s| s.online = Some(false), Icon::Offline);
        check(
            connected(),
            |s| s.sessions.push(mfa(SessionState::Valid, 40_000)),
            Icon::Live,
        );
        let soon = |s: &mut StatusView| s.sessions.push(mfa(SessionState::Expiring, 800));
        check(connected(), soon, Icon::Expiring);
        let asked = move |s: &mut StatusView| {
            soon(s);
            s.prompts.push(PromptView::default());
        };
        check(connected(), asked, Icon::NeedsYou);
        let cut_off = move |s: &mut StatusView| {
            asked(s);
            s.online = Some(false);
        };
        check(connected(), cut_off, Icon::Offline);
        let all = move |s: &mut StatusView| {
            cut_off(s);
            s.locked = true;
        };
        check(connected(), all, Icon::Locked);
    }

    #[test]
    fn sessions_that_somebody_ended_need_nobody_and_those_that_aws_ended_do() {
        let ended = |error: Option<AgentError>| SessionView {
            expires_at: None,
            needs_person_at: None,
            error,
            ..mfa(SessionState::NeedsMfa, 0)
        };
        check(
            Link::Connected,
            |s| s.sessions.push(ended(None)),
            Icon::Live,
        );
        let revoked = AgentError::new(ErrorCode::SessionRevoked, "AWS ended the session");
        check(
            Link::Connected,
            |s| s.sessions.push(ended(Some(revoked))),
            Icon::NeedsYou,
        );
    }

    #[test]
    fn a_keychain_that_waits_for_the_person_is_shown() {
        for (state, expect) in [
            (KeychainState::Unknown, Icon::Live),
            (KeychainState::Ready, Icon::Live),
            (KeychainState::Absent, Icon::Live),
            (KeychainState::Locked, Icon::NeedsYou),
            (KeychainState::Hung, Icon::NeedsYou),
            (KeychainState::Failing, Icon::NeedsYou),
        ] {
            check(Link::Connected, |s| s.keychain.state = state, expect);
        }
    }
}
