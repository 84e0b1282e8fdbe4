//! The open prompt as clients see it.

use super::Controller;
use crate::caller;
use crate::explain;
use holdfast_agent_proto::view::{CallerView, PromptView, SignInKind};
use holdfast_core::chain::Opening;
use holdfast_core::engine::{Prompt, PromptError, WaiterId};
use holdfast_core::port::Aws;

/// Callers that are named; the rest would not fit into a popup.
const MAX_ASKED_BY: usize = 5;

impl<S: Aws> Controller<S> {
    /// What the person is asked now: a choice between profiles, or what the engine needs a person for.
    pub(super) fn prompt_view(&self) -> Option<PromptView> {
        self.choice_view().or_else(|| self.engine_prompt_view())
    }

    fn engine_prompt_view(&self) -> Option<PromptView> {
        let prompt = self.engine.prompt()?;
        let session = self.engine.session(&prompt.key)?;
        let opens_browser = session.node.step.opening() == Opening::Browser;
        let (error, next_code_at) = match &prompt.error {
            None => (None, None),
            Some(PromptError::Failed(failure)) if opens_browser => {
                let profile = session.profiles.first().map_or("", String::as_str);
                let told = explain::sign_in_failed(failure, &session.source, profile);
                (Some(told), None)
            }
            Some(PromptError::Failed(failure)) => {
                let profile = session.profiles.first().map_or("", String::as_str);
                let mut told = explain::failure(failure, profile);
                let serial = session.node.mfa_serial().unwrap_or_default();
                if let Some(advice) = self.resync_advice(serial) {
                    told.hints = vec![advice];
                }
                (Some(told), None)
            }
            Some(PromptError::CodeUsed { next_code_at }) => (
                None,
                Some(self.clock.localize(*next_code_at).unix_seconds()),
            ),
        };
        let (min, max) = session.node.step.duration_limits_seconds();
        Some(PromptView {
            id: prompt.id.0,
            sign_in: if opens_browser {
                SignInKind::Browser
            } else {
                SignInKind::Mfa
            },
            portal: opens_browser.then(|| explain::signed_in_to(&session.source)),
            under_way: self.sign_in_view(&prompt.key),
            serial: session.node.mfa_serial().unwrap_or_default().to_owned(),
            profiles: self.unlocked_profiles(prompt),
            duration_seconds: self.engine.mfa_duration_seconds(&session.node),
            asked_by: self.asked_by(&prompt.callers),
            interactive: prompt.interactive,
            opened_at: self.clock.localize(prompt.opened_at).unix_seconds(),
            error,
            next_code_at,
            waiting: u32::try_from(prompt.callers.len()).unwrap_or(u32::MAX),
            checking: session.is_in_flight(),
            min_duration_seconds: min,
            max_duration_seconds: max,
            session_expires_at: session
                .expires_at()
                .map(|at| self.clock.localize(at).unix_seconds()),
            choice: None,
        })
    }

    /// Profiles that the code unlocks, as the files of the first caller have it.
    fn unlocked_profiles(&self, prompt: &Prompt) -> Vec<String> {
        prompt
            .callers
            .iter()
            .find_map(|waiter| self.pending.get(waiter))
            .map(|pending| {
                let context = &pending.asked.caller.context;
                self.files.through(context, &prompt.key, &self.keys)
            })
            .unwrap_or_default()
    }

    fn asked_by(&self, callers: &[WaiterId]) -> Vec<CallerView> {
        let mut askers = Vec::new();
        for pending in callers.iter().filter_map(|waiter| self.pending.get(waiter)) {
            let asker = caller::view(&pending.asked.caller);
            if !askers.contains(&asker) {
                askers.push(asker);
            }
            if askers.len() == MAX_ASKED_BY {
                break;
            }
        }
        askers
    }
}
