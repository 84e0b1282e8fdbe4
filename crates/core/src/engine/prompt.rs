//! The one prompt that may be open, and the declined ones that are remembered.

use super::effect::Effect;
use super::waiter::WaiterId;
use crate::chain::SessionKey;
use crate::failure::Failure;
use crate::time::Timestamp;
use std::collections::BTreeMap;

/// Names a prompt; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PromptId(pub u64);

/// A question for a code, or for a sign-in with the browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    /// Its name.
    pub id: PromptId,
    /// The session that is to be opened.
    pub key: SessionKey,
    /// The callers that wait for it.
    pub callers: Vec<WaiterId>,
    /// One of them has a person at its terminal.
    pub interactive: bool,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Why the last code or sign-in did not do.
    pub error: Option<PromptError>,
}

/// Why a code or a sign-in did not do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PromptError {
    /// AWS refused it, or could not be reached.
    Failed(Failure),
    /// AWS has already answered it, so it was not sent.
    CodeUsed {
        /// When the device shows the next one.
        next_code_at: Timestamp,
    },
}

/// The open prompt, the declined ones, and whether anybody can ask the person at all.
#[derive(Clone, Debug, Default)]
pub(super) struct Prompts {
    available: bool,
    last: u64,
    current: Option<Prompt>,
    declined: BTreeMap<SessionKey, Timestamp>,
}

impl Prompts {
    pub(super) fn current(&self) -> Option<&Prompt> {
        self.current.as_ref()
    }

    pub(super) fn current_id_and_key(&self) -> Option<(PromptId, SessionKey)> {
        self.current
            .as_ref()
            .map(|prompt| (prompt.id, prompt.key.clone()))
    }

    pub(super) fn key_of(&self, id: PromptId) -> Option<&SessionKey> {
        self.current
            .as_ref()
            .filter(|prompt| prompt.id == id)
            .map(|prompt| &prompt.key)
    }

    pub(super) fn is_available(&self) -> bool {
        self.available
    }

    pub(super) fn set_available(&mut self, available: bool) {
        self.available = available;
    }

    pub(super) fn open(
        &mut self,
        key: SessionKey,
        callers: Vec<WaiterId>,
        interactive: bool,
        now: Timestamp,
    ) -> PromptId {
        self.last += 1;
        let id = PromptId(self.last);
        self.current = Some(Prompt {
            id,
            key,
            callers,
            interactive,
            opened_at: now,
            error: None,
        });
        id
    }

    pub(super) fn close(&mut self) {
        self.current = None;
    }

    pub(super) fn set_callers(
        &mut self,
        callers: Vec<WaiterId>,
        interactive: bool,
        effects: &mut Vec<Effect>,
    ) {
        if let Some(prompt) = &mut self.current
            && (prompt.callers != callers || prompt.interactive != interactive)
        {
            prompt.callers = callers;
            prompt.interactive = interactive;
            effects.push(Effect::PromptChanged(prompt.id));
        }
    }

    pub(super) fn set_error(
        &mut self,
        id: PromptId,
        error: PromptError,
        effects: &mut Vec<Effect>,
    ) {
        if let Some(prompt) = self.current.as_mut().filter(|prompt| prompt.id == id) {
            prompt.error = Some(error);
            effects.push(Effect::PromptChanged(id));
        }
    }

    pub(super) fn set_error_of(
        &mut self,
        key: &SessionKey,
        error: PromptError,
        effects: &mut Vec<Effect>,
    ) {
        if let Some(id) = self
            .current
            .as_ref()
            .filter(|prompt| prompt.key == *key)
            .map(|prompt| prompt.id)
        {
            self.set_error(id, error, effects);
        }
    }

    /// Another try is under way, or the last was ended, so what was wrong before is of no interest.
    pub(super) fn forget_error_of(&mut self, key: &SessionKey, effects: &mut Vec<Effect>) {
        if let Some(prompt) = self.current.as_mut().filter(|prompt| prompt.key == *key) {
            prompt.error = None;
            effects.push(Effect::PromptChanged(prompt.id));
        }
    }

    pub(super) fn remember_decline(&mut self, key: SessionKey, until: Timestamp) {
        self.declined.insert(key, until);
    }

    pub(super) fn forget_decline(&mut self, key: &SessionKey) {
        self.declined.remove(key);
    }

    pub(super) fn declined_until(&self, key: &SessionKey, now: Timestamp) -> Option<Timestamp> {
        self.declined.get(key).copied().filter(|until| now < *until)
    }
}
