//! Cloning from *Repositories*. The folder that a clone goes to stays on this side; the webview names none.

use super::waiting;
use crate::file_dialog;
use crate::settings_file::SettingsPath;
use crate::window::CHANGED;
use holdfast_desktop::agent::Agent;
use holdfast_desktop::editor::Editor;
use holdfast_desktop::page::repositories::clone::{CloneDesk, CloneForm, CloneView, CloneWish};
use holdfast_desktop::page::shell::Topic;
use holdfast_desktop::page::{Trouble, settings};
use holdfast_settings::{AppSettings, Settings};
use std::path::Path;
use tauri::{AppHandle, Emitter, State, WebviewWindow};

/// Title of the dialog that asks for a folder.
const DIALOG: &str = "Choose the folder to clone into";

/// Where a clone into a folder of this name would go, and whether it can.
#[tauri::command]
pub(crate) async fn clone_form(
    desk: State<'_, CloneDesk>,
    file: State<'_, SettingsPath>,
    name: String,
) -> Result<CloneForm, Trouble> {
    let (desk, file) = (desk.inner().clone(), file.inner().clone());
    waiting(move || desk.form(&app_settings(&file), &name)).await
}

/// Lets the person choose the folder to clone into; whether one was chosen.
#[tauri::command]
pub(crate) async fn choose_clone_folder(
    window: WebviewWindow,
    desk: State<'_, CloneDesk>,
    file: State<'_, SettingsPath>,
) -> Result<bool, Trouble> {
    let present = desk.parent(&app_settings(&file)).ok();
    let chosen = file_dialog::choose_folder(&window, DIALOG, present).await?;
    let is_chosen = chosen.is_some();
    if let Some(folder) = chosen {
        desk.choose(folder);
    }
    Ok(is_chosen)
}

/// Begins a clone. How far it is, [`clone_state`] tells.
#[tauri::command]
pub(crate) async fn start_clone(
    app: AppHandle,
    agent: State<'_, Agent>,
    desk: State<'_, CloneDesk>,
    file: State<'_, SettingsPath>,
    wish: CloneWish,
) -> Result<(), Trouble> {
    let (agent, desk, file) = (
        agent.inner().clone(),
        desk.inner().clone(),
        file.inner().clone(),
    );
    waiting(move || {
        let folder = desk.start(&agent, &app_settings(&file), wish, move || {
            // Nobody listens only when the window is going away.
            let _ = app.emit(CHANGED, [Topic::Clone]);
        })?;
        if let Err(trouble) = settings::remember_clone_folder(file.file(), folder.parent()) {
            tracing::warn!("{}", trouble.message);
        }
        Ok(())
    })
    .await
}

/// The clone that is under way, or has ended and is still looked at.
#[tauri::command]
pub(crate) fn clone_state(desk: State<'_, CloneDesk>) -> Option<CloneView> {
    desk.view()
}

/// Ends the clone that is under way.
#[tauri::command]
pub(crate) async fn cancel_clone(
    app: AppHandle,
    desk: State<'_, CloneDesk>,
) -> Result<(), Trouble> {
    let desk = desk.inner().clone();
    waiting(move || {
        desk.cancel();
        let _ = app.emit(CHANGED, [Topic::Clone]);
        Ok(())
    })
    .await
}

/// Opens the clone that is done in the file manager.
#[tauri::command]
pub(crate) async fn open_clone_folder(desk: State<'_, CloneDesk>) -> Result<(), Trouble> {
    let folder = desk.folder()?;
    waiting(move || holdfast_browser::open_folder(text(&folder)?).map_err(told)).await
}

/// Opens the clone that is done in the editor.
#[tauri::command]
pub(crate) async fn open_clone_editor(
    desk: State<'_, CloneDesk>,
    file: State<'_, SettingsPath>,
) -> Result<(), Trouble> {
    let (folder, file) = (desk.folder()?, file.inner().clone());
    waiting(move || {
        let editor = Editor::find(&app_settings(&file).editor)
            .ok_or_else(|| Trouble::new("There is no editor. Name one in the settings."))?;
        holdfast_browser::open_folder_by(&editor.command, text(&folder)?).map_err(told)
    })
    .await
}

/// The person has seen how the clone ended.
#[tauri::command]
pub(crate) fn close_clone(desk: State<'_, CloneDesk>) {
    desk.close();
}

fn app_settings(file: &SettingsPath) -> AppSettings {
    // Settings that cannot be used are told on the page about them, and in the frame.
    Settings::load(file.file()).unwrap_or_default().app
}

fn text(folder: &Path) -> Result<&str, Trouble> {
    let not_unicode = || Trouble::new(format!("{} is not Unicode", folder.display()));
    folder.to_str().ok_or_else(not_unicode)
}

fn told(error: holdfast_browser::OpenError) -> Trouble {
    let trouble = Trouble::new(format!("{error}."));
    match error {
        holdfast_browser::OpenError::NoProgram { .. } => trouble
            .hint("Settings, Editor: name another program, or none to use one that is found."),
        holdfast_browser::OpenError::NotAFolder(_)
        | holdfast_browser::OpenError::NoFileManager(_)
        | holdfast_browser::OpenError::NotAWebPage
        | holdfast_browser::OpenError::Loopback(_)
        | holdfast_browser::OpenError::NoBrowser(_) => trouble,
    }
}
