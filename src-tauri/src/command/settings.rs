//! *Settings*.

use super::waiting;
use crate::autostart;
use crate::settings_file::SettingsPath;
use crate::window::Watch;
use holdfast_agent_proto::Request;
use holdfast_desktop::agent::Agent;
use holdfast_desktop::page::Trouble;
use holdfast_desktop::page::settings::{self, SettingValue, SettingsPage};
use tauri::{AppHandle, State};

/// The value of every setting.
#[tauri::command]
pub(crate) async fn settings(
    agent: State<'_, Agent>,
    watch: State<'_, Watch>,
    file: State<'_, SettingsPath>,
) -> Result<SettingsPage, Trouble> {
    let (agent, watch, file) = (
        agent.inner().clone(),
        watch.inner().clone(),
        file.inner().clone(),
    );
    waiting(move || {
        // Without an agent, those that the file names are shown.
        let portals = agent.portals().unwrap_or_default();
        let status = watch.told().and_then(Result::ok);
        let in_use = status.as_ref().map(|status| status.keychain.kind.as_str());
        Ok(SettingsPage::load(file.file(), in_use, &portals))
    })
    .await
}

/// Saves one setting; an empty text removes it.
#[tauri::command]
pub(crate) async fn set_setting(
    agent: State<'_, Agent>,
    file: State<'_, SettingsPath>,
    key: String,
    value: SettingValue,
) -> Result<(), Trouble> {
    let (agent, file) = (agent.inner().clone(), file.inner().clone());
    waiting(move || {
        settings::set(file.file(), &key, value)?;
        // The agent reads the file when it starts; one that cannot be reached now is no reason to fail.
        let _ = agent.ask(|| Request::ReloadSettings);
        Ok(())
    })
    .await
}

/// Saves one setting of one portal.
#[tauri::command]
pub(crate) async fn set_portal_setting(
    agent: State<'_, Agent>,
    file: State<'_, SettingsPath>,
    start_url: String,
    key: String,
    value: SettingValue,
) -> Result<(), Trouble> {
    let (agent, file) = (agent.inner().clone(), file.inner().clone());
    waiting(move || {
        settings::set_portal(file.file(), &start_url, &key, value)?;
        // As for every other setting.
        let _ = agent.ask(|| Request::ReloadSettings);
        Ok(())
    })
    .await
}

/// Whether the app starts with the desktop.
#[tauri::command]
pub(crate) async fn starts_at_login(app: AppHandle) -> Result<bool, Trouble> {
    waiting(move || autostart::is_enabled(&app)).await
}

/// Decides whether the app starts with the desktop.
#[tauri::command]
pub(crate) async fn set_start_at_login(app: AppHandle, enabled: bool) -> Result<(), Trouble> {
    waiting(move || autostart::set(&app, enabled)).await
}
