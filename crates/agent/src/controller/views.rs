//! What clients are shown: made anew from the state each time, without secrets.

use super::Controller;
use crate::explain;
use crate::listener::{Caller, ReplySender};
use holdfast_agent_proto::Reply;
use holdfast_agent_proto::view::{
    KeychainState, KeychainView, PortalSessionView, ProblemView, ProfileView, SessionKind,
    SessionState as Shown, SessionView, SignInKind, SourceView, StatusView,
};
use holdfast_aws_files::{ProfileSet, Section};
use holdfast_core::chain::{Chain, Opening, ResolveError, SessionKey, Source, Step, resolve_all};
use holdfast_core::engine::{Route, Session, SessionState};
use holdfast_core::port::Aws;
use holdfast_core::time::Timestamp;
use holdfast_keychain::State;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Profiles in one frame; with the longest names and problems that are kept it stays under the limit.
const PAGE: usize = 200;

impl<S: Aws> Controller<S> {
    pub(super) fn status(&self) -> StatusView {
        let mut sessions: Vec<SessionView> = self
            .engine
            .sessions()
            .filter_map(|session| self.view_of(session))
            .collect();
        sessions.sort_by(|a, b| (&a.title, &a.id).cmp(&(&b.title, &b.id)));
        StatusView {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            pid: std::process::id(),
            locked: self.engine.is_locked(),
            keychain: self.keychain_view(),
            online: self.online,
            clock_offset_seconds: self.clock.offset_seconds(),
            sessions,
            prompts: self.prompt_view().into_iter().collect(),
            sign_ins: self.sign_in_views(),
            warnings: self.warnings(),
            recent: self.recent(),
        }
    }

    fn keychain_view(&self) -> KeychainView {
        let status = self.keychain.status();
        KeychainView {
            kind: status.kind.as_str().to_owned(),
            state: match status.state {
                State::Unknown => KeychainState::Unknown,
                State::Ready => KeychainState::Ready,
                State::Locked => KeychainState::Locked,
                State::Absent => KeychainState::Absent,
                State::Hung => KeychainState::Hung,
                State::Failing => KeychainState::Failing,
            },
            message: status.message,
        }
    }

    pub(super) fn session_view(&self, key: &SessionKey) -> Option<SessionView> {
        self.view_of(self.engine.session(key)?)
    }

    fn view_of(&self, session: &Session) -> Option<SessionView> {
        let key = &session.node.key;
        let chain = self.chain_to(key)?;
        let profile = session.profiles.first().map_or("", String::as_str);
        Some(SessionView {
            id: id_of(key),
            title: chain.session_title(chain.steps.len().checked_sub(1)?)?,
            kind: match session.node.step {
                Step::GetSessionToken { .. } => SessionKind::Mfa,
                Step::AssumeRole { .. } => SessionKind::Role,
                Step::SignIn if matches!(session.source, Source::Portal { .. }) => {
                    SessionKind::Portal
                }
                Step::SignIn => SessionKind::ConsoleLogin,
                Step::GetRoleCredentials { .. } => SessionKind::PortalRole,
                Step::AssumeRoleWithWebIdentity { .. } => SessionKind::WebIdentity,
                Step::Fetch => SessionKind::Fetched,
            },
            state: self.shown(session),
            expires_at: self.localized(session.expires_at()),
            profiles: session.profiles.iter().cloned().collect(),
            error: session
                .failure()
                .map(|failure| explain::failure(failure, profile)),
            opened_at: self.localized(session.opened_at()),
            opened_by: self.openers.get(key).cloned(),
            renews_itself: !session.node.needs_person() || session.refreshable(),
            needs_person_at: self.localized(self.person_needed(session)),
            portal: self.portal_session(session),
        })
    }

    /// What is known of the sign-in behind a portal's session.
    fn portal_session(&self, session: &Session) -> Option<Box<PortalSessionView>> {
        let portal = self.portal_of(&session.node.key)?;
        Some(Box::new(PortalSessionView {
            ends_at: self.localized(session.sign_in_ends_at()),
            lasts_seconds: self.portals.limit(&portal).lasts_seconds,
            start_url: portal.start_url,
            region: portal.region,
        }))
    }

    /// By this machine's clock, in seconds since 1970.
    fn localized(&self, at: Option<Timestamp>) -> Option<i64> {
        at.map(|at| self.clock.localize(at).unix_seconds())
    }

    /// When a session cannot be renewed without a person any more.
    fn person_needed(&self, session: &Session) -> Option<Timestamp> {
        let own = session.expires_at();
        let mut next = Some(session);
        while let Some(above) = next {
            match above.node.step.opening() {
                Opening::Code(_) => return above.expires_at().or(own),
                Opening::Browser if above.refreshable() => return above.sign_in_ends_at(),
                Opening::Browser => return above.expires_at().or(own),
                Opening::Silent => {}
            }
            next = above
                .parent
                .as_ref()
                .and_then(|key| self.engine.session(key));
        }
        None
    }

    pub(super) fn shown(&self, session: &Session) -> Shown {
        match self.engine.state(session, self.now()) {
            SessionState::Absent => Shown::Absent,
            SessionState::Refreshing => Shown::Refreshing,
            SessionState::Valid => Shown::Valid,
            SessionState::Expiring => Shown::Expiring,
            SessionState::NeedsMfa => Shown::NeedsMfa,
            SessionState::NeedsSignIn => Shown::NeedsSignIn,
            SessionState::Failed { .. } => Shown::Failed,
        }
    }

    pub(super) fn profiles(&mut self, caller: &Caller, mut replies: ReplySender) {
        let profiles = match self.files.profiles(&caller.context) {
            Ok(profiles) => profiles,
            Err(error) => return replies.error(explain::unreadable(&error)),
        };
        let mut views = self.profile_views(&profiles);
        views.sort_by(|a, b| a.name.cmp(&b.name));
        if let Some(general) = general_problems(&profiles) {
            views.insert(0, general);
        }
        let mut views = views.into_iter().peekable();
        loop {
            let page: Vec<ProfileView> = views.by_ref().take(PAGE).collect();
            let more = views.peek().is_some();
            let reply = Reply::Profiles {
                profiles: page,
                more,
            };
            if !more {
                return replies.reply(reply);
            }
            replies.part(reply);
        }
    }

    fn profile_views(&self, profiles: &Arc<ProfileSet>) -> Vec<ProfileView> {
        resolve_all(profiles, &self.keys)
            .map(|(name, resolved)| self.profile_view(profiles.profile(name), name, resolved))
            .collect()
    }

    fn profile_view(
        &self,
        section: Option<&Section>,
        name: &str,
        resolved: Result<Chain, ResolveError>,
    ) -> ProfileView {
        let chain = match resolved {
            Ok(chain) => chain,
            Err(error) => return unresolved_view(section, name, &error),
        };
        let end = Route::of(&chain).and_then(|route| route.nodes.last().map(|n| n.key.clone()));
        let session = end.and_then(|key| self.engine.session(&key));
        ProfileView {
            name: name.to_owned(),
            chain: chain.words(),
            account_id: chain.account_id().map(str::to_owned),
            state: session.map(|session| self.shown(session)),
            expires_at: self.localized(session.and_then(Session::expires_at)),
            problems: chain.problems.iter().map(problem_view).collect(),
            source: Some(source_view(&chain)),
            steps: (0..chain.steps.len())
                .filter_map(|step| chain.step_words(step))
                .collect(),
            sessions: chain.keys().iter().map(id_of).collect(),
            sign_in: sign_in(&chain),
            region: chain.region,
        }
    }
}

/// A name without meaning: clients compare it and show it to nobody.
pub(super) fn id_of(key: &SessionKey) -> String {
    let digest = Sha256::digest(key.as_str().as_bytes());
    digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn source_view(chain: &Chain) -> SourceView {
    SourceView {
        kind: match &chain.source {
            Source::AccessKey { .. } => "access-key".to_owned(),
            Source::TemporaryKey { .. } => "temporary-key".to_owned(),
            Source::Environment { .. } => "environment".to_owned(),
            Source::Portal { .. } => "portal".to_owned(),
            Source::ConsoleLogin { .. } => "console-login".to_owned(),
            Source::WebIdentityToken { .. } => "web-identity-token".to_owned(),
            Source::CredentialProcess { .. } => "credential-process".to_owned(),
            Source::InstanceMetadata { .. } => "instance-metadata".to_owned(),
            Source::Container { .. } => "container".to_owned(),
        },
        title: chain.source.profile().to_owned(),
        account_id: chain.source_account_id().map(str::to_owned),
    }
}

fn sign_in(chain: &Chain) -> SignInKind {
    let mut openings = chain.steps.iter().map(Step::opening);
    let first = openings.find(|opening| *opening != Opening::Silent);
    match first {
        Some(Opening::Browser) => SignInKind::Browser,
        Some(Opening::Code(_)) => SignInKind::Mfa,
        Some(Opening::Silent) | None => SignInKind::None,
    }
}

fn unresolved_view(section: Option<&Section>, name: &str, error: &ResolveError) -> ProfileView {
    let location = error.location();
    ProfileView {
        name: name.to_owned(),
        region: section
            .and_then(|section| section.get("region"))
            .map(str::to_owned),
        problems: vec![ProblemView {
            file: location.map(|location| location.file.to_path_buf()),
            line: location.map(|location| location.line),
            message: error.to_string(),
        }],
        ..ProfileView::default()
    }
}

/// Problems that belong to no profile, under an empty name.
fn general_problems(profiles: &ProfileSet) -> Option<ProfileView> {
    const SHOWN: usize = 100;
    let problems: Vec<ProblemView> = profiles
        .problems()
        .iter()
        .take(SHOWN)
        .map(problem_view)
        .collect();
    (!problems.is_empty()).then(|| ProfileView {
        problems,
        ..ProfileView::default()
    })
}

fn problem_view(problem: &holdfast_aws_files::Problem) -> ProblemView {
    ProblemView {
        file: Some(problem.location.file.to_path_buf()),
        line: Some(problem.location.line),
        message: problem.message.clone(),
    }
}
