//! When the popup is opened: at once for a person who waits, never two, and again after a crash.

use super::outside::Outside;
use super::task::Task;
use holdfast_agent_proto::view::{PromptView, SignInKind};

/// The popup's process.
#[derive(Debug, Default)]
pub(super) struct Popup {
    runs: bool,
    /// Prompt that it was opened for last.
    opened_for: Option<u64>,
    /// Prompt at which it crashed and was opened again.
    reopened_for: Option<u64>,
    /// Prompt at which it crashed twice.
    given_up: Option<u64>,
}

impl Popup {
    /// Opens it when a person waits for one of these prompts.
    pub(super) fn look(&mut self, prompts: &[PromptView], outside: &mut impl Outside) {
        let wanted = prompts.iter().find(|prompt| {
            let done = [self.given_up, self.closed_for()];
            prompt.interactive && !done.contains(&Some(prompt.id))
        });
        if let (false, Some(prompt)) = (self.runs, wanted) {
            self.open(prompt.id, outside);
        }
    }

    /// The process ended.
    pub(super) fn ended(
        &mut self,
        crashed: bool,
        prompts: &[PromptView],
        outside: &mut impl Outside,
    ) {
        self.runs = false;
        if !crashed {
            // What a person closed is declined, of which word may still be on its way.
            return outside.start(Task::FetchPrompts);
        }
        let open = prompts
            .iter()
            .find(|prompt| Some(prompt.id) == self.opened_for);
        let Some(prompt) = open else {
            return self.look(prompts, outside);
        };
        if self.reopened_for != Some(prompt.id) {
            self.reopened_for = Some(prompt.id);
            return self.open(prompt.id, outside);
        }
        self.given_up = Some(prompt.id);
        if prompt.choice.is_some() {
            return outside.tell(
                "The window to choose a profile does not work here",
                "Choose it in a terminal: holdfast git use PROFILE",
            );
        }
        let profile = prompt.profiles.first().map_or("PROFILE", String::as_str);
        let (title, what) = match prompt.sign_in {
            SignInKind::Browser => ("The window to sign in does not work here", "Sign in"),
            SignInKind::Mfa | SignInKind::None => (
                "The window for the MFA code does not work here",
                "Enter the code",
            ),
        };
        outside.tell(
            title,
            &format!("{what} in a terminal: holdfast login {profile}"),
        );
    }

    /// The person wants to see what a program waits for, also one without a terminal.
    pub(super) fn show(&mut self, prompts: &[PromptView], outside: &mut impl Outside) {
        self.asked_for();
        if let (false, Some(prompt)) = (self.runs, prompts.first()) {
            self.open(prompt.id, outside);
        }
    }

    /// The person asks for it: whatever was closed or crashed before does not count.
    pub(super) fn asked_for(&mut self) {
        if !self.runs {
            *self = Self::default();
        }
    }

    fn open(&mut self, prompt: u64, outside: &mut impl Outside) {
        self.runs = outside.start_prompt();
        self.opened_for = Some(prompt);
    }

    /// The prompt whose popup a person closed: it does not open by itself a second time.
    fn closed_for(&self) -> Option<u64> {
        self.opened_for.filter(|_| !self.runs)
    }
}
