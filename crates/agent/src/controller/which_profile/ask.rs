//! Asking a person which profile opens a repository, by the rules for codes: one question at a time and one for all
//! who wait for the same, declined ones remembered, a notification first for callers without a terminal.

use super::super::Controller;
use super::super::requests::{Want, reach};
use super::choices::{Choice, Subject, Waiting};
use super::memory::Remembered;
use super::{use_command, with_forgotten};
use crate::caller;
use crate::listener::{Caller, ReplySender};
use holdfast_agent_proto::view::{CandidateView, ProfileChoiceView, PromptView, SignInKind};
use holdfast_agent_proto::{AgentError, ErrorCode, Event as Told, Reply};
use holdfast_codecommit::RepositoryAddress;
use holdfast_core::engine::Interaction;
use holdfast_core::port::Aws;
use holdfast_core::time::Timestamp;
use std::sync::Arc;

/// Most profiles in a choice, which keeps it within a frame.
const MAX_CANDIDATES: usize = 300;

/// Callers that are named; the rest would not fit into a popup.
const MAX_ASKED_BY: usize = 5;

/// Several profiles fit a repository.
pub(super) struct Several {
    pub(super) address: RepositoryAddress,
    pub(super) profiles: Vec<String>,
    pub(super) forgotten: Option<String>,
}

impl<S: Aws> Controller<S> {
    /// A caller waits until a person has chosen, where one can be asked.
    pub(super) fn ask_which(
        &mut self,
        caller: &Arc<Caller>,
        several: Several,
        wait_seconds: u32,
        replies: ReplySender,
    ) {
        let now = self.now();
        let subject = Subject::of(&several.address, caller);
        let background = self.preferences.current.prompts.background;
        let interaction = reach(caller, wait_seconds, background);
        let can_ask = self.subscribers.values().any(|client| client.prompts);
        let refusal = if interaction == Interaction::Never || !can_ask {
            Some(several.in_words())
        } else {
            let until = self.choices.declined_until(&subject, now);
            until.map(|until| self.declined_choice(&several.address, until))
        };
        if let Some(error) = refusal {
            self.note_refused(caller, None, Some(&several.address), &error);
            return replies.error(error);
        }
        let waiting = Waiting {
            caller: Arc::clone(caller),
            address: several.address.clone(),
            is_interactive: interaction == Interaction::Terminal,
            deadline: now.plus_seconds(i64::from(wait_seconds)),
            replies,
        };
        let mut open = self.choices.waiting.iter_mut();
        if let Some(choice) = open.find(|choice| choice.subject == subject) {
            let id = choice.id;
            choice.callers.push(waiting);
            return self.choice_changed(id);
        }
        let candidates = self.candidates(caller, several.profiles);
        let choice = Choice {
            id: self.choices.next_id(),
            subject,
            address: several.address,
            candidates,
            forgotten: several.forgotten,
            opened_at: now,
            callers: vec![waiting],
        };
        self.choices.waiting.push_back(choice);
        self.show_next_choice();
    }

    /// The person chose.
    pub(in super::super) fn choose_profile(
        &mut self,
        prompt: u64,
        profile: &str,
        remember: bool,
    ) -> Result<Reply, AgentError> {
        let open = self.choices.shown().filter(|choice| choice.id == prompt);
        let Some(choice) = open else {
            let message = "nobody waits for this choice any more";
            return Err(AgentError::new(ErrorCode::NotFound, message));
        };
        if !choice.candidates.iter().any(|it| it.profile == profile) {
            let message = format!("profile {profile} is not among those to choose from");
            return Err(AgentError::new(ErrorCode::BadRequest, message).profile(profile));
        }
        let address = choice.address.clone();
        let caller = choice
            .callers
            .first()
            .map(|waiting| Arc::clone(&waiting.caller));
        if let Some(caller) = caller.filter(|_| remember) {
            let remembered = Remembered::new(&address, profile, &caller.context.config_file);
            self.remember(remembered, &address);
        }
        self.settle_choice(prompt, profile);
        Ok(Reply::Done)
    }

    /// The person does not want to choose now; `false` when this is no choice.
    pub(in super::super) fn decline_choice(&mut self, prompt: u64) -> bool {
        let Some(choice) = self.take_choice(prompt) else {
            return false;
        };
        let seconds = self.preferences.policy().decline_seconds;
        let until = self.now().plus_seconds(seconds);
        if let Some(first) = choice.callers.first() {
            self.note_choice_declined(&first.caller, &choice.address);
        }
        let told = self.declined_choice(&choice.address, until);
        self.choices.remember_decline(choice.subject, until);
        for waiting in choice.callers {
            self.refuse_choice(waiting, told.clone());
        }
        self.show_next_choice();
        true
    }

    /// It was said in another way which profile is used.
    pub(super) fn settle_choice_of(&mut self, subject: &Subject, profile: &str) {
        let mut open = self.choices.waiting.iter();
        let id = open
            .find(|choice| choice.subject == *subject)
            .map(|choice| choice.id);
        if let Some(id) = id {
            self.settle_choice(id, profile);
        }
    }

    fn settle_choice(&mut self, id: u64, profile: &str) {
        let Some(choice) = self.take_choice(id) else {
            return;
        };
        let now = self.now();
        for waiting in choice.callers {
            let left = waiting.deadline.seconds_since(now).max(1);
            let want = Want::GitPassword(Box::new(waiting.address));
            let left = u32::try_from(left).unwrap_or(u32::MAX);
            self.wanted(
                &waiting.caller,
                profile.to_owned(),
                want,
                left,
                waiting.replies,
            );
        }
        self.show_next_choice();
    }

    /// Those who hung up wait no more.
    pub(in super::super) fn leave_choices(&mut self, connection: u64) {
        let mut left = Vec::new();
        for choice in &mut self.choices.waiting {
            let before = choice.callers.len();
            choice
                .callers
                .retain(|waiting| waiting.caller.connection != connection);
            if choice.callers.len() < before {
                left.push(choice.id);
            }
        }
        for id in left {
            self.choice_changed(id);
        }
    }

    /// Those whose patience is over wait no more. What nobody answered is not asked again at once.
    pub(in super::super) fn expire_choices(&mut self) {
        let now = self.now();
        let seconds = self.preferences.policy().decline_seconds;
        let mut late = Vec::new();
        let mut changed = Vec::new();
        for choice in &mut self.choices.waiting {
            let (over, waiting): (Vec<Waiting>, Vec<Waiting>) = choice
                .callers
                .drain(..)
                .partition(|waiting| waiting.deadline <= now);
            choice.callers = waiting;
            if !over.is_empty() {
                let is_over = choice.callers.is_empty();
                changed.push((choice.id, is_over.then(|| choice.subject.clone())));
                late.extend(over);
            }
        }
        for waiting in late {
            let message = format!("nobody chose a profile for {} in time", waiting.address);
            let told = AgentError::new(ErrorCode::PromptTimeout, message);
            let told = told.hint(use_command(&waiting.address));
            self.refuse_choice(waiting, told);
        }
        for (id, over) in changed {
            if let Some(subject) = over {
                self.choices
                    .remember_decline(subject, now.plus_seconds(seconds));
            }
            self.choice_changed(id);
        }
    }

    /// Nobody can be asked any more.
    pub(in super::super) fn refuse_choices(&mut self, locked: Option<&AgentError>) {
        while let Some(id) = self.choices.waiting.front().map(|choice| choice.id) {
            let Some(choice) = self.take_choice(id) else {
                return;
            };
            let told = locked.cloned().unwrap_or_else(|| choice.in_words());
            for waiting in choice.callers {
                self.refuse_choice(waiting, told.clone());
            }
        }
        self.tell_status();
    }

    /// Shows the next choice, unless the person is being asked for something else.
    pub(in super::super) fn show_next_choice(&mut self) {
        let is_free = !self.choices.is_shown() && self.engine.prompt().is_none();
        if is_free && !self.choices.waiting.is_empty() {
            self.choices.first_is_shown = true;
            if let Some(view) = self.choice_view() {
                self.tell(&Told::PromptOpened(view));
            }
        }
        self.tell_status();
    }

    /// The choice that is shown, as clients see it.
    pub(in super::super) fn choice_view(&self) -> Option<PromptView> {
        let choice = self.choices.shown()?;
        let mut asked_by = Vec::new();
        for waiting in &choice.callers {
            let asker = caller::view(&waiting.caller);
            if !asked_by.contains(&asker) && asked_by.len() < MAX_ASKED_BY {
                asked_by.push(asker);
            }
        }
        Some(PromptView {
            id: choice.id,
            sign_in: SignInKind::None,
            asked_by,
            waiting: u32::try_from(choice.callers.len()).unwrap_or(u32::MAX),
            interactive: choice.is_interactive(),
            opened_at: self.clock.localize(choice.opened_at).unix_seconds(),
            choice: Some(Box::new(ProfileChoiceView {
                host: choice.address.host().canonical().to_owned(),
                region: choice.address.region().as_str().to_owned(),
                repository: choice.address.repository().as_str().to_owned(),
                candidates: choice.candidates.clone(),
                forgotten: choice.forgotten.clone(),
            })),
            ..PromptView::default()
        })
    }

    /// Callers joined or left.
    fn choice_changed(&mut self, id: u64) {
        let is_empty = |choice: &Choice| choice.id == id && choice.callers.is_empty();
        if self.choices.waiting.iter().any(is_empty) {
            self.take_choice(id);
            return self.show_next_choice();
        }
        if self.choices.shown().is_some_and(|choice| choice.id == id) {
            if let Some(view) = self.choice_view() {
                self.tell(&Told::PromptChanged(view));
            }
            self.tell_status();
        }
    }

    /// Takes a choice away. A prompt of the engine that opened meanwhile is told of now.
    fn take_choice(&mut self, id: u64) -> Option<Choice> {
        let at = self
            .choices
            .waiting
            .iter()
            .position(|choice| choice.id == id)?;
        let choice = self.choices.waiting.remove(at)?;
        if at == 0 && std::mem::take(&mut self.choices.first_is_shown) {
            self.tell(&Told::PromptClosed { prompt: id });
            if let Some(view) = self.prompt_view() {
                self.tell(&Told::PromptOpened(view));
            }
        }
        Some(choice)
    }

    fn refuse_choice(&self, waiting: Waiting, error: AgentError) {
        self.note_refused(&waiting.caller, None, Some(&waiting.address), &error);
        waiting.refuse(error);
    }

    fn declined_choice(&self, address: &RepositoryAddress, until: Timestamp) -> AgentError {
        let minutes = until.seconds_since(self.now()).div_euclid(60) + 1;
        let message = format!(
            "the choice of a profile for {address} was declined; nobody is asked again for {minutes} min"
        );
        let mut told = AgentError::new(ErrorCode::Declined, message);
        told.retry_at = Some(self.clock.localize(until).unix_seconds());
        told.hint(use_command(address))
    }

    fn candidates(&mut self, caller: &Caller, mut profiles: Vec<String>) -> Vec<CandidateView> {
        profiles.sort_unstable();
        profiles.truncate(MAX_CANDIDATES);
        let mut candidate = |profile: String| {
            let chain = self.chain(caller, &profile).ok()?;
            Some(CandidateView {
                chain: chain.words(),
                account_id: chain.account_id().map(str::to_owned),
                profile,
            })
        };
        profiles.into_iter().filter_map(&mut candidate).collect()
    }
}

impl Several {
    fn in_words(&self) -> AgentError {
        several_fit(&self.address, &self.profiles, self.forgotten.as_deref())
    }
}

impl Choice {
    fn in_words(&self) -> AgentError {
        let profiles = self.candidates.iter().map(|it| it.profile.clone());
        let profiles: Vec<String> = profiles.collect();
        several_fit(&self.address, &profiles, self.forgotten.as_deref())
    }
}

fn several_fit(
    address: &RepositoryAddress,
    profiles: &[String],
    forgotten: Option<&str>,
) -> AgentError {
    let message = format!(
        "several profiles fit {address}: {}",
        several_words(profiles)
    );
    let told = AgentError::new(ErrorCode::Misconfigured, message)
        .hint(use_command(address))
        .hint("name one in the environment: AWS_PROFILE=PROFILE");
    with_forgotten(told, forgotten)
}

/// At most a handful of names, so that the message stays a line.
fn several_words(profiles: &[String]) -> String {
    const SHOWN: usize = 5;
    let mut words = profiles[..profiles.len().min(SHOWN)].join(", ");
    if profiles.len() > SHOWN {
        words.push_str(&format!(" and {} more", profiles.len() - SHOWN));
    }
    words
}
