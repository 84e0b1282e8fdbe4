//! The JSON forms of `--json`: stable, separate from the agent's wire messages.
//!
//! Documented in `docs/reference/cli.md`; fields are added, never renamed or removed.

mod repositories;
mod sso;

pub(crate) use repositories::Repositories;
pub(crate) use sso::{Portals, SsoAccounts};

use crate::print::time::rfc3339;
use holdfast_agent_proto::view::{
    ActivityKind, ActivityView, CallerView, KeyView, KeychainState, KeychainView, ProblemView,
    ProfileView, PromptView, SessionKind, SessionState, SessionView, SignInKind, StatusView,
};
use serde::Serialize;

/// `holdfast status --json`.
#[derive(Serialize)]
pub(crate) struct Status<'a> {
    #[serde(flatten)]
    agent: AgentInfo<'a>,
    locked: bool,
    keychain: Keychain<'a>,
    online: Option<bool>,
    clock_offset_seconds: i64,
    sessions: Vec<Session<'a>>,
    prompts: Vec<Prompt<'a>>,
    sign_ins: Vec<sso::SignIn<'a>>,
    warnings: &'a [String],
}

/// `holdfast agent status --json`, and part of `holdfast status --json`.
#[derive(Serialize)]
pub(crate) struct AgentInfo<'a> {
    running: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pid: Option<u32>,
}

/// `holdfast profiles --json`.
#[derive(Serialize)]
pub(crate) struct Profiles<'a> {
    profiles: Vec<Profile<'a>>,
}

/// `holdfast activity --json`.
#[derive(Serialize)]
pub(crate) struct Activity<'a> {
    entries: Vec<ActivityEntry<'a>>,
    more: bool,
}

/// `holdfast keys list --json`.
#[derive(Serialize)]
pub(crate) struct Keys<'a> {
    keys: Vec<Key<'a>>,
}

#[derive(Serialize)]
struct Keychain<'a> {
    kind: &'a str,
    state: &'static str,
    message: Option<&'a str>,
}

#[derive(Serialize)]
struct Session<'a> {
    id: &'a str,
    title: &'a str,
    kind: &'static str,
    state: &'static str,
    expires_at: Option<String>,
    profiles: &'a [String],
    error: Option<SessionError<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    portal: Option<sso::PortalSession<'a>>,
}

#[derive(Serialize)]
struct SessionError<'a> {
    code: holdfast_agent_proto::ErrorCode,
    message: &'a str,
    hints: &'a [String],
    retry_at: Option<String>,
}

#[derive(Serialize)]
struct ActivityEntry<'a> {
    id: u64,
    at: String,
    kind: ActivityKind,
    profile: Option<&'a str>,
    caller: Option<Caller<'a>>,
    repository: Option<&'a str>,
    region: Option<&'a str>,
    session: Option<&'a str>,
    times: u32,
    error: Option<ActivityError<'a>>,
}

#[derive(Serialize)]
struct Caller<'a> {
    program: &'a str,
    folder: Option<&'a str>,
    from: Option<&'a str>,
}

#[derive(Serialize)]
struct ActivityError<'a> {
    code: holdfast_agent_proto::ErrorCode,
    message: &'a str,
}

#[derive(Serialize)]
struct Prompt<'a> {
    sign_in: &'static str,
    serial: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    portal: Option<&'a str>,
    profiles: &'a [String],
    asked_by: Vec<String>,
    waiting: u32,
    opened_at: String,
}

#[derive(Serialize)]
struct Profile<'a> {
    name: &'a str,
    chain: &'a str,
    region: Option<&'a str>,
    account_id: Option<&'a str>,
    state: Option<&'static str>,
    expires_at: Option<String>,
    problems: Vec<Problem<'a>>,
}

#[derive(Serialize)]
struct Problem<'a> {
    file: Option<String>,
    line: Option<u32>,
    message: &'a str,
}

#[derive(Serialize)]
struct Key<'a> {
    profile: &'a str,
    access_key_id: &'a str,
}

impl<'a> Status<'a> {
    /// From what the agent said.
    pub(crate) fn new(view: &'a StatusView) -> Self {
        Self {
            agent: AgentInfo::running(&view.version, view.pid),
            locked: view.locked,
            keychain: keychain(&view.keychain),
            online: view.online,
            clock_offset_seconds: view.clock_offset_seconds,
            sessions: view.sessions.iter().map(session).collect(),
            prompts: view.prompts.iter().map(prompt).collect(),
            sign_ins: view.sign_ins.iter().map(sso::SignIn::from).collect(),
            warnings: &view.warnings,
        }
    }
}

impl<'a> AgentInfo<'a> {
    /// An agent that answers.
    pub(crate) fn running(version: &'a str, pid: u32) -> Self {
        Self {
            running: true,
            version: Some(version),
            pid: Some(pid),
        }
    }

    /// There is none.
    pub(crate) const ABSENT: Self = Self {
        running: false,
        version: None,
        pid: None,
    };
}

impl<'a> Profiles<'a> {
    /// From what the agent said.
    pub(crate) fn new(views: &'a [ProfileView]) -> Self {
        Self {
            profiles: views.iter().map(profile).collect(),
        }
    }
}

impl<'a> Activity<'a> {
    /// From what the agent said.
    pub(crate) fn new(views: &'a [ActivityView], more: bool) -> Self {
        Self {
            entries: views.iter().map(activity_entry).collect(),
            more,
        }
    }
}

impl<'a> Keys<'a> {
    /// From what the agent said.
    pub(crate) fn new(views: &'a [KeyView]) -> Self {
        let key = |view: &'a KeyView| Key {
            profile: &view.profile,
            access_key_id: &view.access_key_id,
        };
        Self {
            keys: views.iter().map(key).collect(),
        }
    }
}

/// The word for a session's state, in JSON.
pub(crate) fn state(state: SessionState) -> &'static str {
    match state {
        SessionState::Absent => "absent",
        SessionState::Refreshing => "refreshing",
        SessionState::Valid => "valid",
        SessionState::Expiring => "expiring",
        SessionState::NeedsMfa => "needs-mfa",
        SessionState::NeedsSignIn => "needs-sign-in",
        SessionState::Failed => "failed",
    }
}

/// The word for a keychain's state, in JSON and in text.
pub(crate) fn keychain_state(state: KeychainState) -> &'static str {
    match state {
        KeychainState::Unknown => "unknown",
        KeychainState::Ready => "ready",
        KeychainState::Locked => "locked",
        KeychainState::Absent => "absent",
        KeychainState::Hung => "hung",
        KeychainState::Failing => "failing",
    }
}

fn keychain(view: &KeychainView) -> Keychain<'_> {
    Keychain {
        kind: &view.kind,
        state: keychain_state(view.state),
        message: view.message.as_deref(),
    }
}

fn session(view: &SessionView) -> Session<'_> {
    Session {
        id: &view.id,
        title: &view.title,
        kind: match view.kind {
            SessionKind::Mfa => "mfa",
            SessionKind::Role => "role",
            SessionKind::Portal => "portal",
            SessionKind::PortalRole => "portal-role",
            SessionKind::ConsoleLogin => "console-login",
            SessionKind::WebIdentity => "web-identity",
            SessionKind::Fetched => "fetched",
        },
        state: state(view.state),
        expires_at: view.expires_at.map(rfc3339),
        profiles: &view.profiles,
        error: view.error.as_ref().map(|error| SessionError {
            code: error.code,
            message: &error.message,
            hints: &error.hints,
            retry_at: error.retry_at.map(rfc3339),
        }),
        portal: view.portal.as_deref().map(sso::PortalSession::from),
    }
}

fn prompt(view: &PromptView) -> Prompt<'_> {
    Prompt {
        sign_in: match view.sign_in {
            SignInKind::None => "none",
            SignInKind::Mfa => "mfa",
            SignInKind::Browser => "browser",
        },
        serial: &view.serial,
        portal: view.portal.as_deref(),
        profiles: &view.profiles,
        asked_by: view.asked_by.iter().map(CallerView::to_string).collect(),
        waiting: view.waiting,
        opened_at: rfc3339(view.opened_at),
    }
}

fn activity_entry(view: &ActivityView) -> ActivityEntry<'_> {
    ActivityEntry {
        id: view.id,
        at: rfc3339(view.at),
        kind: view.kind,
        profile: view.profile.as_deref(),
        caller: view.caller.as_ref().map(|caller| Caller {
            program: &caller.program,
            folder: caller.folder.as_deref(),
            from: caller.from.as_deref(),
        }),
        repository: view.repository.as_deref(),
        region: view.region.as_deref(),
        session: view.session.as_deref(),
        times: view.times,
        error: view.error.as_ref().map(|error| ActivityError {
            code: error.code,
            message: &error.message,
        }),
    }
}

fn profile(view: &ProfileView) -> Profile<'_> {
    Profile {
        name: &view.name,
        chain: &view.chain,
        region: view.region.as_deref(),
        account_id: view.account_id.as_deref(),
        state: view.state.map(state),
        expires_at: view.expires_at.map(rfc3339),
        problems: view.problems.iter().map(problem).collect(),
    }
}

fn problem(view: &ProblemView) -> Problem<'_> {
    Problem {
        file: view
            .file
            .as_ref()
            .map(|file| file.to_string_lossy().into_owned()),
        line: view.line,
        message: &view.message,
    }
}
