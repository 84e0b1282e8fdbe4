//! What is noted of everything the agent does, and given to whoever wants to see it.

use super::Controller;
use super::requests::{Asked, Pending, Want};
use crate::activity::Note;
use crate::caller;
use crate::explain;
use crate::listener::{Caller, ReplySender};
use holdfast_agent_proto::view::{ActivityKind, RecentView};
use holdfast_agent_proto::{AgentError, Reply, Request};
use holdfast_codecommit::RepositoryAddress;
use holdfast_core::chain::SessionKey;
use holdfast_core::engine::{Opened, PromptId, Session};
use holdfast_core::failure::Failure;
use holdfast_core::port::Aws;
use std::sync::Arc;

impl<S: Aws> Controller<S> {
    /// Entries with a smaller number than `before`, newest first.
    pub(super) fn activity(&mut self, before: Option<u64>, limit: u32, replies: ReplySender) {
        self.activity.page(before, limit, replies);
    }

    /// Profiles and repositories that were used lately.
    pub(super) fn recent(&self) -> RecentView {
        self.activity.recent()
    }

    /// What needs attention but stops nothing.
    pub(super) fn warnings(&self) -> Vec<String> {
        let stored = self.storage.warning.iter().cloned();
        stored
            .chain(self.activity.warning())
            .chain(self.portals.not_told.clone())
            .chain(self.preferences.warnings())
            .collect()
    }

    /// Has the caller of a request looked at that will be noted: once it is answered, it may be gone.
    pub(super) fn meet(&self, caller: &Arc<Caller>, request: &Request) {
        if is_noted(request) {
            self.activity.meet(caller);
        }
    }

    /// Credentials, or what is made of them, were given out or could not be made.
    pub(super) fn note_served(
        &self,
        kind: ActivityKind,
        asked: &Asked,
        repository: Option<&RepositoryAddress>,
        answer: &Result<Reply, AgentError>,
    ) {
        match answer {
            Ok(_) => {
                let note = self.now_noted(kind).caller(&asked.caller);
                self.note_about(note, Some(&asked.profile), repository);
            }
            Err(error) => {
                self.note_refused(&asked.caller, Some(&asked.profile), repository, error);
            }
        }
    }

    /// A caller was refused.
    pub(super) fn note_refused(
        &self,
        caller: &Arc<Caller>,
        profile: Option<&str>,
        repository: Option<&RepositoryAddress>,
        error: &AgentError,
    ) {
        // Who is refused mostly ends at once, together with what started it.
        caller::view(caller);
        let note = self.now_noted(ActivityKind::Refused);
        self.note_about(note.caller(caller).error(error), profile, repository);
    }

    /// Refuses a caller that waited, and takes note of that.
    pub(super) fn tell_refused(&self, pending: Pending, error: AgentError) {
        let Pending { asked, want } = pending;
        if matches!(want, Want::RepositoriesBehind(_)) {
            // Nobody has asked for it.
            return;
        }
        self.note_refused(
            &asked.caller,
            Some(&asked.profile),
            want.repository(),
            &error,
        );
        asked.replies.error(error);
    }

    /// A caller did something that needs no session.
    pub(super) fn note_by(&self, kind: ActivityKind, caller: &Arc<Caller>, profile: Option<&str>) {
        self.note_about(self.now_noted(kind).caller(caller), profile, None);
    }

    /// Something became of a session without anybody asking.
    pub(super) fn note_session(&self, kind: ActivityKind, key: &SessionKey) {
        let note = self.about_session(self.now_noted(kind), key);
        self.activity.note(note);
    }

    /// A person closed the prompt: noted with the first of those who asked.
    pub(super) fn note_declined(&self, prompt: PromptId) {
        let open = self.engine.prompt().filter(|open| open.id == prompt);
        let Some(key) = open.map(|open| open.key.clone()) else {
            return;
        };
        let mut note = self.about_session(self.now_noted(ActivityKind::Declined), &key);
        if let Some((caller, profile)) = self.who_waits(&key) {
            note = note.caller(&caller).profile(&profile);
        }
        self.activity.note(note);
    }

    /// A person did not want to choose a profile: noted with the first of those who asked.
    pub(super) fn note_choice_declined(&self, caller: &Arc<Caller>, address: &RepositoryAddress) {
        let note = self.now_noted(ActivityKind::Declined).caller(caller);
        self.note_about(note, None, Some(address));
    }

    /// A call that the engine waits for has ended: a sign-in, a renewal, or the first failure of several.
    pub(super) fn note_call(
        &self,
        key: &SessionKey,
        with_code: bool,
        result: &Result<Opened, Failure>,
    ) {
        let waits = |session: &&Session| session.is_in_flight();
        let Some(session) = self.engine.session(key).filter(waits) else {
            return;
        };
        match result {
            Ok(_) if !with_code => self.note_session(ActivityKind::Renewed, key),
            Ok(_) => {
                let note = self.now_noted(ActivityKind::SignedIn);
                let mut note = self.about_session(note, key);
                let person = self.who_waits(key).or_else(|| self.who_signs_in(key));
                if let Some((caller, profile)) = person {
                    note = note.caller(&caller);
                    if !profile.is_empty() {
                        note = note.profile(&profile);
                    }
                }
                self.activity.note(note);
            }
            // Whoever typed the code is told, which is noted with the refusal.
            Err(_) if with_code || session.failure().is_some() => {}
            Err(failure) => {
                let profile = session.profiles.first().map_or("", String::as_str);
                let told = explain::failure(failure, profile);
                let note = self.now_noted(ActivityKind::RefreshFailed).error(&told);
                self.activity.note(self.about_session(note, key));
            }
        }
    }

    /// The first caller that waits for this session, and its profile: of those who made the prompt open, else the
    /// one that brought a code.
    fn who_waits(&self, key: &SessionKey) -> Option<(Arc<Caller>, String)> {
        let prompt = self.engine.prompt().filter(|open| open.key == *key);
        let asking = prompt.and_then(|open| {
            let mut callers = open.callers.iter();
            callers.find_map(|waiter| self.pending.get(waiter))
        });
        let typing = || {
            let mut pending = self.pending.values();
            pending.find(|pending| pending.asked.route_key().as_ref() == Some(key))
        };
        let pending = asking.or_else(typing)?;
        Some((
            Arc::clone(&pending.asked.caller),
            pending.asked.profile.clone(),
        ))
    }

    fn about_session(&self, note: Note, key: &SessionKey) -> Note {
        let session = self.engine.session(key);
        let profile = session.and_then(|session| session.profiles.first());
        let title = self.session_view(key).map(|view| view.title);
        let note = note.session(title);
        match profile {
            Some(profile) => note.profile(profile),
            None => note,
        }
    }

    fn note_about(
        &self,
        mut note: Note,
        profile: Option<&str>,
        repository: Option<&RepositoryAddress>,
    ) {
        if let Some(profile) = profile {
            note = note.profile(profile);
        }
        if let Some(repository) = repository {
            note = note.repository(repository);
        }
        self.activity.note(note);
    }

    fn now_noted(&self, kind: ActivityKind) -> Note {
        Note::new(kind, self.clock.localize(self.now()).unix_seconds())
    }
}

/// Whether something is noted of every request like this.
fn is_noted(request: &Request) -> bool {
    match request {
        Request::GitCredential { .. }
        | Request::RepositoryEndpoint { .. }
        | Request::Credentials { .. }
        | Request::ConsoleLink { .. }
        | Request::CreateRepository { .. }
        | Request::Login { .. }
        | Request::Logout { .. }
        | Request::Renew { .. }
        | Request::Lock
        | Request::Unlock { .. }
        | Request::AddKey { .. }
        | Request::RemoveKey { .. }
        | Request::SignIn { .. } => true,
        Request::Ping
        | Request::GitRejected { .. }
        | Request::Status
        | Request::Profiles
        | Request::ListKeys
        | Request::Subscribe { .. }
        | Request::AnswerPrompt { .. }
        | Request::DeclinePrompt { .. }
        | Request::ChooseProfile { .. }
        | Request::UseProfile { .. }
        | Request::RememberedProfile { .. }
        | Request::Activity { .. }
        | Request::ReloadSettings
        | Request::Repositories { .. }
        | Request::AwaitSignIn { .. }
        | Request::CancelSignIn { .. }
        | Request::Portals
        | Request::SsoAccounts { .. }
        | Request::Stop => false,
    }
}
