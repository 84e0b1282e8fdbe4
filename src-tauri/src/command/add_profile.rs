//! The page that adds profiles and keys. Secrets go from a file or the clipboard to the agent and never to the webview.

use super::waiting;
use crate::file_dialog;
use arboard::Clipboard;
use holdfast_desktop::agent::Agent;
use holdfast_desktop::page::Trouble;
use holdfast_desktop::page::add_profile::{
    self, AddProfilePage, FoundKey, KeyName, KeySource, KeyText, ProfileForm,
};
use holdfast_desktop::page::change::{Change, Made};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use tauri::{State, WebviewWindow};
use zeroize::Zeroizing;

/// Title of the dialog that asks for a key.
const DIALOG: &str = "Choose the accessKeys.csv of the AWS console";

/// The file that the person chose last. The webview names no paths.
#[derive(Default)]
pub(crate) struct ChosenFile(Mutex<Option<PathBuf>>);

impl ChosenFile {
    fn set(&self, path: PathBuf) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(path);
    }

    fn get(&self) -> Result<PathBuf, Trouble> {
        let chosen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        chosen
            .clone()
            .ok_or_else(|| Trouble::new("No file was chosen."))
    }
}

/// What the AWS files and the keychain hold.
#[tauri::command]
pub(crate) async fn add_profile(agent: State<'_, Agent>) -> Result<AddProfilePage, Trouble> {
    let agent = agent.inner().clone();
    waiting(move || AddProfilePage::read(&agent)).await
}

/// Puts plaintext keys into the keychain.
#[tauri::command]
pub(crate) async fn import_keys(
    agent: State<'_, Agent>,
    profiles: Vec<String>,
    replace: bool,
) -> Result<Made, Trouble> {
    let agent = agent.inner().clone();
    waiting(move || add_profile::import_keys(&agent, &profiles, replace)).await
}

/// What removing plaintext keys would change.
#[tauri::command]
pub(crate) async fn plan_removal(
    agent: State<'_, Agent>,
    keys: Vec<KeyName>,
) -> Result<Change, Trouble> {
    let agent = agent.inner().clone();
    waiting(move || add_profile::plan_removal(&agent, keys)).await
}

/// Removes plaintext keys, as it was shown and agreed to.
#[tauri::command]
pub(crate) async fn make_removal(
    agent: State<'_, Agent>,
    keys: Vec<KeyName>,
    fingerprint: String,
) -> Result<Made, Trouble> {
    let agent = agent.inner().clone();
    waiting(move || add_profile::make_removal(&agent, keys, &fingerprint)).await
}

/// Lets the person choose a file of the console. Nothing when none was chosen.
#[tauri::command]
pub(crate) async fn choose_key_file(
    window: WebviewWindow,
    chosen: State<'_, ChosenFile>,
) -> Result<Option<FoundKey>, Trouble> {
    let Some(path) = file_dialog::choose(&window, DIALOG).await? else {
        return Ok(None);
    };
    chosen.set(path.clone());
    waiting(move || add_profile::found_key(&KeyText::File(&path)).map(Some)).await
}

/// Looks for a key in the clipboard.
#[tauri::command]
pub(crate) async fn key_in_clipboard() -> Result<FoundKey, Trouble> {
    waiting(|| add_profile::found_key(&KeyText::Clipboard(clipboard_text()?))).await
}

/// Puts a key that was found into the keychain, and empties the clipboard that it came from.
#[tauri::command]
pub(crate) async fn store_found_key(
    agent: State<'_, Agent>,
    chosen: State<'_, ChosenFile>,
    source: KeySource,
    id: String,
    profile: String,
    replace: bool,
) -> Result<Made, Trouble> {
    let agent = agent.inner().clone();
    let path = match source {
        KeySource::File => Some(chosen.get()?),
        KeySource::Clipboard => None,
    };
    waiting(move || {
        let text = match &path {
            Some(path) => KeyText::File(path),
            None => KeyText::Clipboard(clipboard_text()?),
        };
        let mut made = add_profile::store_found_key(&agent, &text, &id, &profile, replace)?;
        if path.is_none() && Clipboard::new().and_then(|mut it| it.clear()).is_ok() {
            made.hints.push("The clipboard was emptied.".to_owned());
        }
        Ok(made)
    })
    .await
}

/// Deletes the file of the console, whose key the keychain holds.
#[tauri::command]
pub(crate) async fn delete_key_file(
    agent: State<'_, Agent>,
    chosen: State<'_, ChosenFile>,
) -> Result<Made, Trouble> {
    let agent = agent.inner().clone();
    let path = chosen.get()?;
    waiting(move || add_profile::delete_key_file(&agent, &path)).await
}

/// What adding a profile would change.
#[tauri::command]
pub(crate) async fn plan_profile(
    agent: State<'_, Agent>,
    profile: ProfileForm,
) -> Result<Change, Trouble> {
    let agent = agent.inner().clone();
    waiting(move || add_profile::plan_profile(&agent, &profile)).await
}

/// Adds a profile, as it was shown and agreed to.
#[tauri::command]
pub(crate) async fn make_profile(
    agent: State<'_, Agent>,
    profile: ProfileForm,
    fingerprint: String,
) -> Result<Made, Trouble> {
    let agent = agent.inner().clone();
    waiting(move || add_profile::make_profile(&agent, &profile, &fingerprint)).await
}

/// The text in the clipboard; empty when it holds something else.
fn clipboard_text() -> Result<Zeroizing<String>, Trouble> {
    match Clipboard::new().and_then(|mut clipboard| clipboard.get_text()) {
        Ok(text) => Ok(Zeroizing::new(text)),
        Err(arboard::Error::ContentNotAvailable | arboard::Error::ConversionFailure) => {
            Ok(Zeroizing::default())
        }
        Err(error) => Err(
            Trouble::new(format!("The clipboard cannot be read: {error}."))
                .hint("Save the key in a file and choose that instead."),
        ),
    }
}
