//! *Repositories*.

use super::waiting;
use crate::settings_file::SettingsPath;
use crate::window::Watch;
use holdfast_agent_proto::Request;
use holdfast_desktop::agent::Agent;
use holdfast_desktop::favourite::Favourite;
use holdfast_desktop::page::repositories::{RepositoryList, RepositoryPlaces, RepositoryRow};
use holdfast_desktop::page::{Trouble, settings};
use holdfast_settings::Settings;
use tauri::State;

/// The profiles and Regions to look in, the favourites, and what was used lately.
#[tauri::command]
pub(crate) async fn repository_places(
    agent: State<'_, Agent>,
    watch: State<'_, Watch>,
    file: State<'_, SettingsPath>,
) -> Result<RepositoryPlaces, Trouble> {
    let (agent, watch) = (agent.inner().clone(), watch.inner().clone());
    let file = file.inner().clone();
    waiting(move || {
        let profiles = agent.profiles()?;
        let status = watch.status(&agent)?;
        // Settings that cannot be used are told on the page about them, and in the frame.
        let settings = Settings::load(file.file()).unwrap_or_default();
        let favourites = &settings.app.favourites;
        Ok(RepositoryPlaces::new(&profiles, &status.recent, favourites))
    })
    .await
}

/// The repositories of a Region: as they are known, or as AWS lists them now.
#[tauri::command]
pub(crate) async fn repositories(
    agent: State<'_, Agent>,
    profile: String,
    region: String,
    refresh: bool,
) -> Result<RepositoryList, Trouble> {
    let agent = agent.inner().clone();
    waiting(move || {
        let listed = agent.repositories(profile.clone(), Some(region), refresh)?;
        let (repositories, fetched_at) = listed;
        Ok(RepositoryList::new(&profile, repositories, fetched_at))
    })
    .await
}

/// Makes a repository.
#[tauri::command]
pub(crate) async fn create_repository(
    agent: State<'_, Agent>,
    profile: String,
    region: String,
    name: String,
    description: String,
) -> Result<RepositoryRow, Trouble> {
    let agent = agent.inner().clone();
    waiting(move || {
        let made = agent.create_repository(profile.clone(), region, name, description)?;
        Ok(RepositoryRow::new(&profile, made))
    })
    .await
}

/// Makes a repository a favourite, or no longer.
#[tauri::command]
pub(crate) async fn favour_repository(
    agent: State<'_, Agent>,
    file: State<'_, SettingsPath>,
    address: String,
    favourite: bool,
) -> Result<(), Trouble> {
    let (agent, file) = (agent.inner().clone(), file.inner().clone());
    waiting(move || {
        let repository = Favourite::parse(&address)
            .ok_or_else(|| Trouble::new("that is no repository that CodeCommit can have"))?;
        settings::favour(file.file(), &repository, favourite)?;
        // Without an agent there is nobody to tell.
        let _ = agent.ask(|| Request::ReloadSettings);
        Ok(())
    })
    .await
}
