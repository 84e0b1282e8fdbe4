//! The frame of the main window.

use super::waiting;
use crate::window::Watch;
use holdfast_agent_proto::Request;
use holdfast_desktop::agent::Agent;
use holdfast_desktop::page::shell::ShellPage;
use holdfast_desktop::page::{Theme, Trouble};
use tauri::State;

/// What concerns all pages. Never waits for the agent: whether it answers is part of what is shown.
#[tauri::command]
pub(crate) fn shell(watch: State<'_, Watch>) -> ShellPage {
    ShellPage::new(watch.told().as_ref(), Theme::System)
}

/// Unlocks the agent.
#[tauri::command]
pub(crate) async fn unlock(agent: State<'_, Agent>) -> Result<(), Trouble> {
    let agent = agent.inner().clone();
    waiting(move || {
        agent.ask(|| Request::Unlock { passphrase: None })?;
        Ok(())
    })
    .await
}
