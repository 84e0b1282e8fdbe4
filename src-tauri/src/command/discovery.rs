//! The accounts and roles of a portal, and profiles for them.

use super::waiting;
use crate::window::CHANGED;
use holdfast_desktop::agent::Agent;
use holdfast_desktop::page::Trouble;
use holdfast_desktop::page::change::{Change, Made};
use holdfast_desktop::page::discovery::{
    self, Discovery, DiscoveryChoice, DiscoveryPage, DiscoveryPreview, DiscoveryStart, PortalName,
};
use holdfast_desktop::page::shell::Topic;
use tauri::{AppHandle, Emitter, State};

/// Where a person may begin.
#[tauri::command]
pub(crate) async fn discovery_start(agent: State<'_, Agent>) -> Result<DiscoveryStart, Trouble> {
    let agent = agent.inner().clone();
    waiting(move || DiscoveryStart::read(&agent)).await
}

/// Begins the search, or takes it up again; returns the portal as it is searched.
#[tauri::command]
pub(crate) async fn discover(
    app: AppHandle,
    agent: State<'_, Agent>,
    discovery: State<'_, Discovery>,
    portal: PortalName,
    refresh: bool,
) -> Result<PortalName, Trouble> {
    let (agent, discovery) = (agent.inner().clone(), discovery.inner().clone());
    waiting(move || {
        let portal = portal.completed();
        discovery.start(&agent, portal.clone(), refresh, move || {
            // Nobody listens only when the window is going away.
            let _ = app.emit(CHANGED, [Topic::Discovery]);
        })?;
        Ok(portal)
    })
    .await
}

/// Stops asking AWS.
#[tauri::command]
pub(crate) fn pause_discovery(discovery: State<'_, Discovery>) {
    discovery.pause();
}

/// How far the search is, with the accounts from a number on.
#[tauri::command]
pub(crate) async fn discovered(
    agent: State<'_, Agent>,
    discovery: State<'_, Discovery>,
    from: usize,
) -> Result<DiscoveryPage, Trouble> {
    let (agent, discovery) = (agent.inner().clone(), discovery.inner().clone());
    waiting(move || discovery.page(&agent, from)).await
}

/// What the chosen roles would be called.
#[tauri::command]
pub(crate) async fn preview_discovery(
    agent: State<'_, Agent>,
    discovery: State<'_, Discovery>,
    choice: DiscoveryChoice,
) -> Result<DiscoveryPreview, Trouble> {
    let (agent, discovery) = (agent.inner().clone(), discovery.inner().clone());
    waiting(move || Ok(discovery::preview(&agent, &discovery, &choice))).await
}

/// What writing the profiles would change.
#[tauri::command]
pub(crate) async fn plan_discovery(
    agent: State<'_, Agent>,
    discovery: State<'_, Discovery>,
    choice: DiscoveryChoice,
) -> Result<Change, Trouble> {
    let (agent, discovery) = (agent.inner().clone(), discovery.inner().clone());
    waiting(move || discovery::plan_discovery(&agent, &discovery, &choice)).await
}

/// Writes the profiles, as it was shown and agreed to.
#[tauri::command]
pub(crate) async fn make_discovery(
    agent: State<'_, Agent>,
    discovery: State<'_, Discovery>,
    choice: DiscoveryChoice,
    fingerprint: String,
) -> Result<Made, Trouble> {
    let (agent, discovery) = (agent.inner().clone(), discovery.inner().clone());
    waiting(move || discovery::make_discovery(&agent, &discovery, &choice, &fingerprint)).await
}

/// What taking all of Holdfast's profiles out would change.
#[tauri::command]
pub(crate) async fn plan_discovery_undo(agent: State<'_, Agent>) -> Result<Change, Trouble> {
    let agent = agent.inner().clone();
    waiting(move || discovery::plan_removal_of_discovered(&agent)).await
}

/// Takes them out, as it was shown and agreed to.
#[tauri::command]
pub(crate) async fn make_discovery_undo(
    agent: State<'_, Agent>,
    fingerprint: String,
) -> Result<Made, Trouble> {
    let agent = agent.inner().clone();
    waiting(move || discovery::make_removal_of_discovered(&agent, &fingerprint)).await
}
