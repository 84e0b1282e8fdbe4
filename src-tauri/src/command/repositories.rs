//! *Repositories*.

use super::waiting;
use crate::window::Watch;
use holdfast_desktop::agent::Agent;
use holdfast_desktop::page::Trouble;
use holdfast_desktop::page::repositories::{RepositoryList, RepositoryPlaces};
use tauri::State;

/// The profiles and Regions to look in.
#[tauri::command]
pub(crate) async fn repository_places(
    agent: State<'_, Agent>,
    watch: State<'_, Watch>,
) -> Result<RepositoryPlaces, Trouble> {
    let (agent, watch) = (agent.inner().clone(), watch.inner().clone());
    waiting(move || {
        let profiles = agent.profiles()?;
        let status = watch.status(&agent)?;
        Ok(RepositoryPlaces::new(&profiles, &status.recent))
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
        let (repositories, fetched_at) = agent.repositories(profile, Some(region), refresh)?;
        Ok(RepositoryList::new(repositories, fetched_at))
    })
    .await
}
