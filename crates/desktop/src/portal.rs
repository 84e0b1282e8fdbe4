//! How the portals of IAM Identity Center are: signed in, until when, and why it ends then.
//!
//! A portal session is what a person signs in to with the browser. Its access token is renewed silently about every
//! hour; a person is only needed when the portal session itself ends.

use crate::standing::{Standing, Standings};
use crate::words::clock;
use holdfast_agent_proto::view::{
    PortalSessionView, PortalView, SessionKind, SessionView, SignInKind, SignInView, StatusView,
};
use jiff::tz::TimeZone;

/// A portal with what is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Portal<'a> {
    /// As the user's files name it.
    pub view: &'a PortalView,
    /// Its session, once somebody asked for it.
    pub session: Option<&'a SessionView>,
    /// The sign-in that is under way.
    pub sign_in: Option<&'a SignInView>,
    /// A program waits for a sign-in.
    pub is_asked_for: bool,
}

/// How a portal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortalStanding {
    /// Nobody is signed in.
    SignedOut,
    /// A person is at the browser, or at another device.
    UnderWay,
    /// Somebody is signed in.
    Live {
        /// When the portal session ends, as far as that is known.
        until: Option<i64>,
    },
    /// A person is needed within a quarter of an hour.
    Expiring {
        /// When, in seconds since 1970.
        until: i64,
    },
    /// AWS ended it, or a program waits for a sign-in.
    NeedsYou,
    /// The last try failed, and nobody can help right now.
    Failed,
}

impl<'a> Portal<'a> {
    /// Every portal, in the order of the files' names for it.
    pub fn all(portals: &'a [PortalView], status: &'a StatusView) -> Vec<Self> {
        let with_session = |view: &'a PortalView| {
            let session = status.sessions.iter().find(|session| {
                let portal = session.portal.as_ref();
                portal.is_some_and(|it| it.start_url == view.start_url && it.region == view.region)
            });
            let id = session.map(|session| session.id.as_str());
            let sign_ins = status.sign_ins.iter();
            let mut prompts = status.prompts.iter();
            Self {
                view,
                is_asked_for: prompts.any(|prompt| {
                    let mut names = prompt.profiles.iter();
                    prompt.sign_in == SignInKind::Browser
                        && names.any(|name| view.profiles.contains(name))
                }),
                session,
                sign_in: sign_ins
                    .filter(|_| id.is_some())
                    .find(|it| Some(it.session.as_str()) == id),
            }
        };
        portals.iter().map(with_session).collect()
    }

    /// What people call it: the host of its start URL.
    pub fn title(&self) -> &'a str {
        host(&self.view.start_url)
    }

    /// How it is.
    pub fn standing(&self, standings: &Standings<'_>) -> PortalStanding {
        if self.sign_in.is_some() {
            return PortalStanding::UnderWay;
        }
        if self.is_asked_for {
            return PortalStanding::NeedsYou;
        }
        match self.session.and_then(|it| standings.of_session(it)) {
            Some(Standing::Live { .. }) => PortalStanding::Live {
                until: self.details().and_then(|details| details.ends_at),
            },
            Some(Standing::Expiring { until }) => PortalStanding::Expiring { until },
            Some(Standing::NeedsYou) => PortalStanding::NeedsYou,
            Some(Standing::Failed) => PortalStanding::Failed,
            Some(Standing::Opening | Standing::SignedOut | Standing::Broken | Standing::Key)
            | None => PortalStanding::SignedOut,
        }
    }

    /// What is known of its session.
    pub fn details(&self) -> Option<&'a PortalSessionView> {
        self.session?.portal.as_deref()
    }

    /// A profile that is signed in to through it; to sign out of one is to sign out of the portal.
    pub fn profile(&self) -> Option<&'a str> {
        self.view.profiles.first().map(String::as_str)
    }
}

impl PortalStanding {
    /// In a few words, for example `portal session until 17:05`.
    pub fn words(self, now: i64, zone: &TimeZone) -> String {
        match self {
            Self::SignedOut => "signed out".to_owned(),
            Self::UnderWay => "waiting for your browser".to_owned(),
            Self::Live { until: Some(at) } | Self::Expiring { until: at } => {
                format!("portal session until {}", clock(at, now, zone))
            }
            Self::Live { until: None } => "signed in".to_owned(),
            Self::NeedsYou => "needs you".to_owned(),
            Self::Failed => "could not be renewed".to_owned(),
        }
    }

    /// Somebody is signed in.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Live { .. } | Self::Expiring { .. })
    }
}

/// Why a portal session ends when it does: `Your administrator limits this to 8 hours.`
pub fn limit(details: &PortalSessionView) -> Option<String> {
    let seconds = details.lasts_seconds?;
    Some(format!(
        "Your administrator limits this to {}.",
        spelled(seconds)
    ))
}

/// What happened to a session that AWS ended: `AWS ended this portal session at 08:02. Your administrator limits it
/// to 8 hours.` Nothing for sessions of another kind.
pub fn ended(session: &SessionView, now: i64, zone: &TimeZone) -> Option<String> {
    let details = session.portal.as_ref()?;
    if session.kind != SessionKind::Portal {
        return None;
    }
    let past = details.ends_at.filter(|at| *at <= now);
    let mut text = match past {
        Some(at) => format!("AWS ended this portal session at {}.", clock(at, now, zone)),
        None => "AWS ended this portal session.".to_owned(),
    };
    if let (Some(_), Some(seconds)) = (past, details.lasts_seconds) {
        let limit = format!(" Your administrator limits it to {}.", spelled(seconds));
        text.push_str(&limit);
    }
    Some(text)
}

/// The host of a start URL.
pub fn host(start_url: &str) -> &str {
    let rest = start_url
        .split_once("://")
        .map_or(start_url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

/// `8 hours`, `1 hour`, `90 minutes`.
fn spelled(seconds: u32) -> String {
    let minutes = seconds.div_ceil(60);
    match (minutes / 60, minutes % 60) {
        (1, 0) => "1 hour".to_owned(),
        (hours, 0) => format!("{hours} hours"),
        _ => format!("{minutes} minutes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_agent_proto::view::SessionState;
    use holdfast_agent_proto::{AgentError, ErrorCode};

    const NOW: i64 = 1_795_168_800; // 2026-11-20T10:00:00Z

    fn session(state: SessionState, ends_in: Option<i64>) -> SessionView {
        let ends_at = ends_in.map(|seconds| NOW + seconds);
        SessionView {
            id: "portal".to_owned(),
            kind: SessionKind::Portal,
            state,
            expires_at: Some(NOW + 3_000),
            renews_itself: true,
            needs_person_at: ends_at,
            portal: Some(Box::new(PortalSessionView {
                start_url: "https://corp.awsapps.com/start".to_owned(),
                region: "eu-west-1".to_owned(),
                ends_at,
                lasts_seconds: Some(8 * 3600),
            })),
            ..SessionView::default()
        }
    }

    fn check(sessions: Vec<SessionView>, sign_ins: Vec<SignInView>, expect: &str) {
        let status = StatusView {
            sessions,
            sign_ins,
            ..StatusView::default()
        };
        let portals = [PortalView {
            start_url: "https://corp.awsapps.com/start".to_owned(),
            region: "eu-west-1".to_owned(),
            ..PortalView::default()
        }];
        let [portal] = Portal::all(&portals, &status)[..] else {
            panic!("one portal");
        };
        let standing = portal.standing(&Standings::new(&status, NOW));
        assert_eq!(standing.words(NOW, &TimeZone::UTC), expect);
        assert_eq!(portal.title(), "corp.awsapps.com");
    }

    #[test]
    fn a_portal_is_told_by_its_own_end_and_not_by_its_tokens() {
        use SessionState::{Absent, Failed, NeedsSignIn, Valid};
        check(vec![], vec![], "signed out");
        check(vec![session(Absent, None)], vec![], "signed out");
        check(vec![session(Valid, None)], vec![], "signed in");
        let live = session(Valid, Some(7 * 3600 + 300));
        check(vec![live], vec![], "portal session until 17:05");
        let soon = session(Valid, Some(600));
        check(vec![soon], vec![], "portal session until 10:10");
        let ended = SessionView {
            error: Some(AgentError::new(ErrorCode::SessionRevoked, "ended")),
            expires_at: None,
            ..session(NeedsSignIn, Some(-60))
        };
        check(vec![ended], vec![], "needs you");
        let offline = SessionView {
            expires_at: None,
            ..session(Failed, None)
        };
        check(vec![offline], vec![], "could not be renewed");
        let sign_in = SignInView {
            session: "portal".to_owned(),
            ..SignInView::default()
        };
        let waiting = vec![session(NeedsSignIn, None)];
        check(waiting, vec![sign_in], "waiting for your browser");
    }

    #[test]
    fn an_end_comes_with_its_reason() {
        let words = |ends_in, lasts| {
            let mut it = session(SessionState::NeedsSignIn, ends_in);
            it.portal.as_mut().unwrap().lasts_seconds = lasts;
            ended(&it, NOW, &TimeZone::UTC).unwrap()
        };
        assert_eq!(
            words(Some(-7_080), Some(28_800)),
            "AWS ended this portal session at 08:02. Your administrator limits it to 8 hours."
        );
        assert_eq!(
            words(Some(-7_080), None),
            "AWS ended this portal session at 08:02."
        );
        // Before its time it is no limit that ended it.
        let early = words(Some(7_080), Some(28_800));
        assert_eq!(early, "AWS ended this portal session.");
        for (seconds, expect) in [
            (28_800, "8 hours"),
            (3_600, "1 hour"),
            (5_400, "90 minutes"),
            (28_795, "8 hours"),
        ] {
            assert_eq!(spelled(seconds), expect);
        }
        assert_eq!(ended(&SessionView::default(), NOW, &TimeZone::UTC), None);
    }
}
