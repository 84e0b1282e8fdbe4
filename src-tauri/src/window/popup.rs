//! The MFA popup, for a main window that no tray started: else the tray does this.

use holdfast_agent_proto::Event;
use holdfast_desktop::agent::Told;
use std::process::{Child, Command, Stdio};

/// Starts the popup's process when a program or a click waits for a code.
#[derive(Default)]
pub(super) struct Popup(Option<Child>);

impl Popup {
    /// Looks whether this asks for it.
    pub(super) fn told(&mut self, told: &Told) {
        let prompts = match told {
            Told::Event(Event::PromptOpened(prompt) | Event::PromptChanged(prompt)) => {
                std::slice::from_ref(prompt)
            }
            Told::Connected(status) => status.prompts.as_slice(),
            Told::Event(_) | Told::Lost(_) => return,
        };
        if prompts.iter().any(|prompt| prompt.interactive) && !self.is_shown() {
            self.0 = start();
        }
    }

    fn is_shown(&mut self) -> bool {
        let child = self.0.as_mut();
        child.is_some_and(|child| matches!(child.try_wait(), Ok(None)))
    }
}

fn start() -> Option<Child> {
    let program = std::env::current_exe().ok()?;
    let mut command = Command::new(program);
    command
        .arg("--prompt")
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    match command.spawn() {
        Ok(child) => Some(child),
        Err(error) => {
            tracing::error!("the window for the MFA code cannot be opened: {error}");
            None
        }
    }
}
