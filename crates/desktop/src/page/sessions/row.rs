//! One profile.

use super::action::{self, RowAction};
use super::{State, told};
use crate::standing::Standing;
use holdfast_agent_proto::ErrorCode;
use holdfast_agent_proto::view::{ProblemView, ProfileView, SessionView, SignInKind};
use serde::Serialize;
use std::collections::HashMap;

/// A profile: how it is, and what can be done with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SessionRow {
    /// Name of the profile.
    pub profile: String,
    /// How it is, as a shape.
    pub mark: StateMark,
    /// How it is, in words.
    pub state: String,
    /// What is left of its credentials, which is shown in place of `state`.
    pub left: Option<TimeLeft>,
    /// How much of a session is left that does not renew itself.
    pub bar: Option<SessionBar>,
    /// What stands below: its chain, or what happened.
    pub words: String,
    /// What to do, where something is wrong.
    pub hints: Vec<String>,
    /// What is wrong in the AWS files.
    pub problems: Vec<ProfileProblem>,
    /// The one thing that is most likely wanted.
    pub action: Option<RowAction>,
    /// Everything else.
    pub menu: Vec<RowAction>,
}

/// How a profile is, as a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum StateMark {
    /// Can be used.
    Live,
    /// A person is needed soon.
    Expiring,
    /// A person is needed now.
    Needs,
    /// Nobody is signed in.
    Out,
    /// AWS cannot be reached.
    Offline,
    /// Cannot work.
    Fault,
}

/// What is left of credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct TimeLeft {
    /// When they end, in seconds since 1970.
    pub until: i64,
    /// Are renewed then, without a person.
    pub renews_itself: bool,
}

/// How much of a session is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SessionBar {
    /// When it began, in seconds since 1970.
    pub from: i64,
    /// When it ends, in seconds since 1970.
    pub until: i64,
}

/// Something wrong in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ProfileProblem {
    /// File and line.
    pub place: Option<String>,
    /// What is wrong, and what to do.
    pub message: String,
}

impl ProfileProblem {
    /// As the agent told it.
    pub fn new(problem: &ProblemView) -> Self {
        let file = problem.file.as_deref().map(|file| file.display());
        Self {
            place: file.map(|file| match problem.line {
                Some(line) => format!("{file}, line {line}"),
                None => file.to_string(),
            }),
            message: problem.message.clone(),
        }
    }
}

/// Sessions by their id.
pub(super) type Sessions<'a> = HashMap<&'a str, &'a SessionView>;

pub(super) fn row(
    state: &State<'_>,
    known: &Sessions<'_>,
    profile: &ProfileView,
    standing: &Standing,
) -> SessionRow {
    // Of its chain, as far as anybody asked for them, first to last.
    let ids = profile.sessions.iter();
    let sessions: Vec<&SessionView> = ids
        .filter_map(|id| known.get(id.as_str()).copied())
        .collect();
    let failed = failed(&sessions, standing);
    let is_offline = failed
        .and_then(|session| session.error.as_ref())
        .is_some_and(|error| error.code == ErrorCode::Offline);
    let action = action::main(state.status, profile, standing);
    let pinned = state.pinned.contains(&profile.name);
    SessionRow {
        profile: profile.name.clone(),
        mark: mark(standing, is_offline),
        state: words(profile, standing, is_offline).to_owned(),
        left: left(standing),
        bar: bar(&sessions, standing),
        words: told::words(state, profile, &sessions, failed),
        hints: told::hints(failed),
        problems: profile.problems.iter().map(ProfileProblem::new).collect(),
        menu: action::menu(
            state.status,
            profile,
            standing,
            (pinned, state.device_code),
            action.as_ref(),
        ),
        action,
    }
}

/// The session that keeps the profile from being used.
fn failed<'a>(sessions: &[&'a SessionView], standing: &Standing) -> Option<&'a SessionView> {
    match standing {
        Standing::Failed | Standing::NeedsYou => {
            let mut latest = sessions.iter().rev();
            latest.find(|session| session.error.is_some()).copied()
        }
        Standing::Broken
        | Standing::Key
        | Standing::SignedOut
        | Standing::Opening
        | Standing::Live { .. }
        | Standing::Expiring { .. } => None,
    }
}

fn mark(standing: &Standing, is_offline: bool) -> StateMark {
    match standing {
        Standing::Broken => StateMark::Fault,
        Standing::Failed if is_offline => StateMark::Offline,
        Standing::Failed | Standing::NeedsYou => StateMark::Needs,
        Standing::SignedOut | Standing::Opening => StateMark::Out,
        Standing::Live { .. } | Standing::Key => StateMark::Live,
        Standing::Expiring { .. } => StateMark::Expiring,
    }
}

fn words(profile: &ProfileView, standing: &Standing, is_offline: bool) -> &'static str {
    let opens_by_itself = profile.sign_in == SignInKind::None;
    match standing {
        Standing::Broken => "Has a problem",
        Standing::Key => "Access key",
        Standing::SignedOut if opens_by_itself => "Opens when needed",
        Standing::SignedOut => "Signed out",
        Standing::Opening => "Asking AWS…",
        Standing::Live { .. } => "Live",
        Standing::Expiring { .. } => "Ends soon",
        Standing::NeedsYou => "Needs you",
        Standing::Failed if is_offline => "Offline",
        Standing::Failed => "Could not be renewed",
    }
}

fn left(standing: &Standing) -> Option<TimeLeft> {
    match *standing {
        Standing::Live {
            until,
            renews_itself,
        } => Some(TimeLeft {
            until,
            renews_itself,
        }),
        Standing::Expiring { until } => Some(TimeLeft {
            until,
            renews_itself: false,
        }),
        Standing::Broken
        | Standing::Key
        | Standing::SignedOut
        | Standing::Opening
        | Standing::NeedsYou
        | Standing::Failed => None,
    }
}

/// Of the session that ends when the words say.
fn bar(sessions: &[&SessionView], standing: &Standing) -> Option<SessionBar> {
    let TimeLeft {
        until,
        renews_itself: false,
    } = left(standing)?
    else {
        return None;
    };
    let ends = |session: &&&SessionView| session.expires_at == Some(until);
    let from = sessions.iter().rev().find(ends)?.opened_at?;
    (from < until).then_some(SessionBar { from, until })
}
