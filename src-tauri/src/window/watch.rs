//! What the agent told last, and telling the pages that something changed.

use holdfast_agent_proto::view::StatusView;
use holdfast_agent_proto::{ClientError, Event, Reply, Request};
use holdfast_desktop::agent::{Agent, Interest, Told};
use holdfast_desktop::page::Trouble;
use holdfast_desktop::page::shell::Topic;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};
use tauri::{AppHandle, Emitter};

/// Name of the event that tells the pages to fetch anew what they show.
pub(crate) const CHANGED: &str = "changed";

/// What the agent told last; nothing before it told anything.
#[derive(Clone, Default)]
pub(crate) struct Watch(Arc<Mutex<Option<Result<StatusView, Trouble>>>>);

impl Watch {
    /// A copy of what the agent told last.
    pub(crate) fn told(&self) -> Option<Result<StatusView, Trouble>> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The agent's state: as it told it last, or as it is when it is asked.
    pub(crate) fn status(&self, agent: &Agent) -> Result<StatusView, Trouble> {
        if let Some(Ok(status)) = self.told() {
            return Ok(status);
        }
        let Reply::Status(status) = agent.ask(|| Request::Status)? else {
            return Err(ClientError::UnexpectedReply.into());
        };
        Ok(status)
    }

    /// Listens to the agent on a thread of its own, until the app ends; `heard` is told first.
    pub(super) fn listen(
        &self,
        agent: &Agent,
        interest: Interest,
        app: AppHandle,
        mut heard: impl FnMut(&Told) + Send + 'static,
    ) -> std::io::Result<()> {
        let watch = self.clone();
        agent.listen(interest, move |told| {
            heard(&told);
            let topics = watch.take(told);
            if app.emit(CHANGED, topics).is_err() {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        })
    }

    fn take(&self, told: Told) -> &'static [Topic] {
        use Topic::{Activity, Profiles, Prompt, Repositories, Settings, Status};
        match told {
            Told::Connected(status) => {
                self.put(Ok(status));
                &[Status, Profiles, Activity, Settings, Prompt, Repositories]
            }
            Told::Lost(error) => {
                self.put(Err(error.into()));
                &[Status, Prompt]
            }
            Told::Event(Event::Status(status)) => {
                self.put(Ok(status));
                &[Status, Prompt]
            }
            Told::Event(
                Event::PromptOpened(_) | Event::PromptChanged(_) | Event::PromptClosed { .. },
            ) => &[Prompt],
            Told::Event(Event::ExpiringSoon { .. } | Event::SignedOut { .. }) => &[Status],
            Told::Event(Event::Activity(_)) => &[Activity],
            Told::Event(Event::SettingsChanged) => &[Settings],
            Told::Event(Event::ProfilesChanged) => &[Profiles],
            Told::Event(Event::RepositoriesChanged { .. }) => &[Repositories],
        }
    }

    fn put(&self, told: Result<StatusView, Trouble>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(told);
    }
}
