//! How profiles and the agent are, as far as a person has to know.

use crate::words::stepped_length;
use holdfast_agent_proto::view::{
    KeychainState, ProfileView, PromptView, SessionState, SessionView, StatusView,
};
use std::collections::HashMap;

/// How long before its end a session that needs a person counts as expiring, in seconds.
const EXPIRING: i64 = 15 * 60;

/// How the agent is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Link {
    /// It has not answered yet.
    #[default]
    Connecting,
    /// It tells what happens.
    Connected,
    /// It is gone or cannot be started, for this reason. It is tried again.
    Lost(String),
}

/// How a profile is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Something in the user's files is wrong.
    Broken,
    /// Its access key is used as it is; nothing ends.
    Key,
    /// No session, and nobody waits for one.
    SignedOut,
    /// AWS is being asked.
    Opening,
    /// Has credentials, or gets them without a person.
    Live {
        /// When they end, in seconds since 1970.
        until: i64,
        /// Are renewed then, without a person.
        renews_itself: bool,
    },
    /// A person is needed soon.
    Expiring {
        /// When, in seconds since 1970.
        until: i64,
    },
    /// A person is needed now.
    NeedsYou,
    /// The last try failed, and nobody can help right now.
    Failed,
}

impl Standing {
    /// In a few words, for example `50 min, renews itself`.
    pub fn words(&self, now: i64) -> String {
        match self {
            Self::Broken => "has a problem".to_owned(),
            Self::Key => "access key".to_owned(),
            Self::SignedOut => "signed out".to_owned(),
            Self::Opening => "asking AWS…".to_owned(),
            Self::Live {
                until,
                renews_itself: true,
            } => format!("{}, renews itself", stepped_length(until - now)),
            Self::Live { until, .. } | Self::Expiring { until } => {
                format!("{} left", stepped_length(until - now))
            }
            Self::NeedsYou => "needs you".to_owned(),
            Self::Failed => "could not be renewed".to_owned(),
        }
    }

    /// Has credentials that can be used now.
    pub fn is_live(&self) -> bool {
        matches!(self, Self::Live { .. } | Self::Expiring { .. })
    }
}

/// Finds how profiles are, without looking through all sessions each time.
pub struct Standings<'a> {
    sessions: HashMap<&'a str, &'a SessionView>,
    prompts: &'a [PromptView],
    now: i64,
}

impl<'a> Standings<'a> {
    /// From what the agent told.
    pub fn new(status: &'a StatusView, now: i64) -> Self {
        let sessions = status.sessions.iter();
        Self {
            sessions: sessions.map(|s| (s.id.as_str(), s)).collect(),
            prompts: &status.prompts,
            now,
        }
    }

    /// How a profile is.
    pub fn of(&self, profile: &ProfileView) -> Standing {
        let Some(last) = profile.sessions.last() else {
            return match profile.problems.is_empty() {
                true => Standing::Key,
                false => Standing::Broken,
            };
        };
        let asked = |prompt: &PromptView| prompt.profiles.contains(&profile.name);
        if self.prompts.iter().any(asked) {
            return Standing::NeedsYou;
        }
        let last = self.sessions.get(last.as_str()).copied();
        if let Some(standing) = last.and_then(|session| self.of_session(session)) {
            return standing;
        }
        // The session itself was not asked for yet; the one it depends on says whether a person is needed.
        let before = profile.sessions.iter().rev().skip(1);
        let known = before.filter_map(|id| self.sessions.get(id.as_str()).copied());
        for session in known {
            if let Some(standing) = self.of_session(session) {
                return standing;
            }
        }
        Standing::SignedOut
    }

    /// How many sessions can be used now.
    pub fn live_sessions(&self) -> usize {
        let live = |session: &&&SessionView| {
            self.of_session(session)
                .is_some_and(|standing| standing.is_live())
        };
        self.sessions.values().filter(live).count()
    }

    /// When a person is needed next, in seconds since 1970.
    pub fn next_sign_in(&self) -> Option<i64> {
        let moments = self.sessions.values().filter_map(|s| s.needs_person_at);
        moments.filter(|at| *at > self.now).min()
    }

    /// A person is needed within a quarter of an hour.
    pub fn is_expiring(&self) -> bool {
        self.next_sign_in().is_some_and(|at| self.is_soon(at))
    }

    fn is_soon(&self, at: i64) -> bool {
        at.saturating_sub(self.now) <= EXPIRING
    }

    /// Nothing when it has no credentials and nothing keeps it from getting some.
    pub(crate) fn of_session(&self, session: &SessionView) -> Option<Standing> {
        let has_ended = |until: &i64| *until <= self.now;
        match (session.state, session.expires_at) {
            (SessionState::Failed, None) => Some(Standing::Failed),
            (SessionState::Failed, Some(until)) if has_ended(&until) => Some(Standing::Failed),
            (SessionState::NeedsMfa | SessionState::NeedsSignIn, _) => {
                session.error.is_some().then_some(Standing::NeedsYou)
            }
            (SessionState::Refreshing, None) => Some(Standing::Opening),
            (SessionState::Absent, _) | (_, None) => None,
            (_, Some(until)) if has_ended(&until) => None,
            (_, Some(until)) => Some(match session.needs_person_at {
                Some(at) if self.is_soon(at) => Standing::Expiring { until: at },
                Some(_) | None => Standing::Live {
                    until,
                    renews_itself: session.renews_itself,
                },
            }),
        }
    }
}

/// The keychain needs a person.
pub fn keychain_needs_person(state: KeychainState) -> bool {
    match state {
        KeychainState::Locked | KeychainState::Hung | KeychainState::Failing => true,
        KeychainState::Unknown | KeychainState::Ready | KeychainState::Absent => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_agent_proto::{AgentError, ErrorCode};

    const NOW: i64 = 1_795_168_800;

    fn session(id: &str, state: SessionState, ends_in: Option<i64>) -> SessionView {
        SessionView {
            id: id.to_owned(),
            state,
            expires_at: ends_in.map(|seconds| NOW + seconds),
            needs_person_at: ends_in.map(|seconds| NOW + seconds),
            ..SessionView::default()
        }
    }

    fn role(state: SessionState, ends_in: Option<i64>, person_in: i64) -> SessionView {
        SessionView {
            renews_itself: true,
            needs_person_at: Some(NOW + person_in),
            ..session("role", state, ends_in)
        }
    }

    fn check(sessions: Vec<SessionView>, expect: &str) {
        let status = StatusView {
            sessions,
            ..StatusView::default()
        };
        let profile = ProfileView {
            name: "dev".to_owned(),
            sessions: vec!["mfa".to_owned(), "role".to_owned()],
            ..ProfileView::default()
        };
        let standing = Standings::new(&status, NOW).of(&profile);
        assert_eq!(standing.words(NOW), expect, "{:?}", status.sessions);
    }

    #[test]
    fn a_profile_is_as_its_last_session_or_as_what_that_needs() {
        use SessionState::{Absent, Expiring, Failed, NeedsMfa, Refreshing, Valid};
        let mfa = |ends| session("mfa", Valid, Some(ends));
        check(vec![], "signed out");
        check(vec![session("mfa", NeedsMfa, None)], "signed out");
        check(vec![mfa(40_000)], "11 h 5 min left");
        check(vec![mfa(600)], "10 min left");
        check(
            vec![mfa(40_000), role(Valid, Some(3_120), 40_000)],
            "50 min, renews itself",
        );
        check(vec![mfa(600), role(Valid, Some(3_120), 600)], "10 min left");
        check(
            vec![mfa(40_000), role(Expiring, Some(200), 40_000)],
            "3 min, renews itself",
        );
        check(
            vec![mfa(40_000), role(Refreshing, None, 40_000)],
            "asking AWS…",
        );
        check(
            vec![mfa(40_000), role(Absent, None, 40_000)],
            "11 h 5 min left",
        );
        check(
            vec![mfa(40_000), role(Failed, None, 40_000)],
            "could not be renewed",
        );
        check(
            vec![mfa(40_000), role(Failed, Some(900), 40_000)],
            "15 min, renews itself",
        );
        check(vec![session("mfa", Valid, Some(-5))], "signed out");
        let revoked = SessionView {
            error: Some(AgentError::new(ErrorCode::SessionRevoked, "ended by AWS")),
            ..session("mfa", NeedsMfa, None)
        };
        check(vec![revoked], "needs you");
    }

    #[test]
    fn plain_keys_and_broken_profiles_have_no_session() {
        let status = StatusView::default();
        let standings = Standings::new(&status, NOW);
        let mut profile = ProfileView::default();
        assert_eq!(standings.of(&profile), Standing::Key);
        profile
            .problems
            .push(holdfast_agent_proto::view::ProblemView {
                file: None,
                line: None,
                message: "source_profile names itself".to_owned(),
            });
        assert_eq!(standings.of(&profile), Standing::Broken);
    }
}
