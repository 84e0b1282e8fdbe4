//! *Doctor*.

use super::waiting;
use crate::clipboard::Clipboard;
use crate::file_dialog;
use crate::window::CHANGED;
use holdfast_desktop::agent::Agent;
use holdfast_desktop::page::Trouble;
use holdfast_desktop::page::change::{Change, Made};
use holdfast_desktop::page::doctor::{Doctor, DoctorPage, Places};
use holdfast_desktop::page::shell::Topic;
use tauri::{AppHandle, Emitter, State, WebviewWindow};

/// Title of the dialog that asks for a repository.
const DIALOG: &str = "Choose a repository to look at";

/// Looks at everything, and changes nothing.
#[tauri::command]
pub(crate) async fn examine(
    app: AppHandle,
    agent: State<'_, Agent>,
    doctor: State<'_, Doctor>,
) -> Result<DoctorPage, Trouble> {
    let (agent, doctor) = (agent.inner().clone(), doctor.inner().clone());
    let page = waiting(move || doctor.examine(&agent)).await;
    // The count in the navigation; nobody shows it when the window is going away.
    let _ = app.emit(CHANGED, [Topic::Doctor]);
    page
}

/// Lets the person choose a repository to look at, too. False when none was chosen.
#[tauri::command]
pub(crate) async fn choose_repository(
    window: WebviewWindow,
    doctor: State<'_, Doctor>,
) -> Result<bool, Trouble> {
    let Some(folder) = file_dialog::choose_folder(&window, DIALOG, None).await? else {
        return Ok(false);
    };
    let doctor = doctor.inner().clone();
    waiting(move || doctor.choose(Some(&folder))).await?;
    Ok(true)
}

/// Looks at no repository any more.
#[tauri::command]
pub(crate) fn leave_repository(doctor: State<'_, Doctor>) -> Result<(), Trouble> {
    doctor.choose(None)
}

/// What mending would change.
#[tauri::command]
pub(crate) async fn plan_mend(
    agent: State<'_, Agent>,
    doctor: State<'_, Doctor>,
    id: u32,
) -> Result<Change, Trouble> {
    let (context, doctor) = (agent.context().clone(), doctor.inner().clone());
    waiting(move || doctor.plan(id, &context, &Places::of_this_process()?)).await
}

/// Mends, as it was shown and agreed to.
#[tauri::command]
pub(crate) async fn make_mend(
    agent: State<'_, Agent>,
    doctor: State<'_, Doctor>,
    id: u32,
    fingerprint: String,
) -> Result<Made, Trouble> {
    let (context, doctor) = (agent.context().clone(), doctor.inner().clone());
    waiting(move || doctor.make(id, &fingerprint, &context, &Places::of_this_process()?)).await
}

/// Copies a command that a finding names.
#[tauri::command]
pub(crate) async fn copy_advice(
    clipboard: State<'_, Clipboard>,
    doctor: State<'_, Doctor>,
    id: u32,
) -> Result<(), Trouble> {
    let (clipboard, doctor) = (clipboard.inner().clone(), doctor.inner().clone());
    waiting(move || clipboard.put(doctor.command(id)?)).await
}
