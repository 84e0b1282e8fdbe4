//! The popup.

use super::waiting;
use crate::window::Asking;
use holdfast_agent_proto::{Request, secret};
use holdfast_desktop::page::Trouble;
use holdfast_desktop::page::prompt::PromptPage;
use holdfast_desktop::page::sign_in::SignInWay;
use secrecy::SecretString;
use serde::Deserialize;
use tauri::{State, WebviewWindow};

/// A code as it was typed.
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct Code(#[serde(with = "secret")] SecretString);

/// What to show; nothing when nobody asks.
#[tauri::command]
pub(crate) async fn prompt(asking: State<'_, Asking>) -> Result<Option<PromptPage>, Trouble> {
    Ok(asking.page().await)
}

/// Sends a code to AWS, and returns what there is to show after its answer.
#[tauri::command]
pub(crate) async fn answer_prompt(
    asking: State<'_, Asking>,
    code: Code,
    lifetime_seconds: u32,
) -> Result<Option<PromptPage>, Trouble> {
    let asking = asking.inner().clone();
    waiting(move || {
        Ok(asking.answer(|prompt| Request::AnswerPrompt {
            prompt,
            code: code.0,
            duration_seconds: Some(lifetime_seconds),
        }))
    })
    .await
}

/// Chooses the profile that opens a repository, and returns what there is to show after that.
#[tauri::command]
pub(crate) async fn choose_profile(
    asking: State<'_, Asking>,
    profile: String,
    remember: bool,
) -> Result<Option<PromptPage>, Trouble> {
    let asking = asking.inner().clone();
    waiting(move || {
        Ok(asking.choose(|prompt| Request::ChooseProfile {
            prompt,
            profile,
            remember,
        }))
    })
    .await
}

/// Begins a sign-in with the browser or on another device. What comes of it is part of the page.
#[tauri::command]
pub(crate) async fn answer_with_sign_in(
    asking: State<'_, Asking>,
    way: SignInWay,
) -> Result<(), Trouble> {
    let asking = asking.inner().clone();
    waiting(move || {
        asking.sign_in(way);
        Ok(())
    })
    .await
}

/// Opens the page of the sign-in once more, or copies its link.
#[tauri::command]
pub(crate) async fn lead_to_sign_in(
    asking: State<'_, Asking>,
    way: SignInWay,
) -> Result<(), Trouble> {
    let asking = asking.inner().clone();
    waiting(move || {
        asking.lead(way);
        Ok(())
    })
    .await
}

/// Copies the code for another device.
#[tauri::command]
pub(crate) async fn copy_prompt_code(asking: State<'_, Asking>) -> Result<(), Trouble> {
    let asking = asking.inner().clone();
    waiting(move || asking.copy_device_code()).await
}

/// Ends the sign-in that is under way.
#[tauri::command]
pub(crate) async fn cancel_prompt_sign_in(asking: State<'_, Asking>) -> Result<(), Trouble> {
    let asking = asking.inner().clone();
    waiting(move || {
        asking.cancel_sign_in();
        Ok(())
    })
    .await
}

/// The person does not want to be asked now.
#[tauri::command]
pub(crate) fn close_prompt(asking: State<'_, Asking>) {
    asking.close();
}

/// The page is drawn, and so high.
#[tauri::command]
pub(crate) fn fit_prompt(
    asking: State<'_, Asking>,
    window: WebviewWindow,
    height: f64,
) -> Result<(), Trouble> {
    let fitted = asking.fit(&window, height);
    fitted.map_err(|error| Trouble::new(error.to_string()))
}
