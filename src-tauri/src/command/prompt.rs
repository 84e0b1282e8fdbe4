//! The MFA popup.

use super::waiting;
use crate::window::Asking;
use holdfast_agent_proto::{Request, secret};
use holdfast_desktop::page::Trouble;
use holdfast_desktop::page::prompt::PromptPage;
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
