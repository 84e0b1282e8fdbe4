//! The frame of the main window.

use super::waiting;
use crate::settings_file::SettingsPath;
use crate::window::Watch;
use holdfast_agent_proto::Request;
use holdfast_desktop::agent::Agent;
use holdfast_desktop::page::Trouble;
use holdfast_desktop::page::doctor::Doctor;
use holdfast_desktop::page::settings::SettingsPage;
use holdfast_desktop::page::shell::{Banner, ShellPage};
use tauri::State;

/// What concerns all pages. Never waits for the agent: whether it answers is part of what is shown.
#[tauri::command]
pub(crate) fn shell(
    watch: State<'_, Watch>,
    file: State<'_, SettingsPath>,
    doctor: State<'_, Doctor>,
) -> ShellPage {
    let settings = SettingsPage::load(file.file(), None, &[]);
    let told = watch.told();
    ShellPage::new(told.as_ref(), settings.values.theme)
        .with(settings.broken.map(Banner::settings))
        .with_badge(doctor.badge())
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
