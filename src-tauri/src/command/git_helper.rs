//! The page of the git helper.

use super::waiting;
use holdfast_desktop::agent::Agent;
use holdfast_desktop::page::Trouble;
use holdfast_desktop::page::change::{Change, Made};
use holdfast_desktop::page::git_helper::{self, GitChange, GitHelperPage, Places};
use tauri::State;

/// What is installed and configured.
#[tauri::command]
pub(crate) async fn git_helper(agent: State<'_, Agent>) -> Result<GitHelperPage, Trouble> {
    let context = agent.context().clone();
    waiting(move || GitHelperPage::read(&context, &Places::of_this_process()?)).await
}

/// What a change would do.
#[tauri::command]
pub(crate) async fn plan_git_change(
    agent: State<'_, Agent>,
    change: GitChange,
) -> Result<Change, Trouble> {
    let context = agent.context().clone();
    waiting(move || git_helper::plan_change(change, &context, &Places::of_this_process()?)).await
}

/// Makes a change that was shown and agreed to.
#[tauri::command]
pub(crate) async fn make_git_change(
    agent: State<'_, Agent>,
    change: GitChange,
    fingerprint: String,
) -> Result<Made, Trouble> {
    let context = agent.context().clone();
    waiting(move || {
        git_helper::make_change(change, &fingerprint, &context, &Places::of_this_process()?)
    })
    .await
}
