//! Signing in with the browser, from the main window.

use super::waiting;
use crate::clipboard::Clipboard;
use crate::sign_in::{self, lead};
use crate::window::Watch;
use holdfast_agent_proto::Request;
use holdfast_agent_proto::view::SignInView;
use holdfast_desktop::agent::Agent;
use holdfast_desktop::page::Trouble;
use holdfast_desktop::page::sign_in::{SignInGoal, SignInPage, SignInWay, StartedSignIn};
use std::sync::{Arc, Mutex, PoisonError};
use tauri::State;

/// The sign-in that was begun here last: its link stays on this side.
#[derive(Clone, Default)]
pub(crate) struct Begun(Arc<Mutex<Option<SignInView>>>);

impl Begun {
    fn set(&self, view: SignInView) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(view);
    }

    fn get(&self, id: u64) -> Result<SignInView, Trouble> {
        let begun = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = begun.as_ref().filter(|view| view.id == id);
        known
            .cloned()
            .ok_or_else(|| Trouble::new("This sign-in is over."))
    }
}

/// Begins a sign-in, or joins the one that is under way, and brings the person to its page.
#[tauri::command]
pub(crate) async fn start_sign_in(
    agent: State<'_, Agent>,
    clipboard: State<'_, Clipboard>,
    begun: State<'_, Begun>,
    goal: SignInGoal,
    way: SignInWay,
) -> Result<StartedSignIn, Trouble> {
    let (agent, clipboard, begun) = (
        agent.inner().clone(),
        clipboard.inner().clone(),
        begun.inner().clone(),
    );
    waiting(move || {
        let view = sign_in::begin(&agent, || goal.clone().into(), way)?;
        begun.set(view.clone());
        let led = lead(&view, way, &clipboard);
        Ok(StartedSignIn {
            sign_in: SignInPage::from(&view),
            copied: *led.as_ref().unwrap_or(&false),
            trouble: led.err(),
        })
    })
    .await
}

/// Waits until the person has signed in.
#[tauri::command]
pub(crate) async fn await_sign_in(agent: State<'_, Agent>, id: u64) -> Result<(), Trouble> {
    let agent = agent.inner().clone();
    waiting(move || sign_in::wait(&agent, id)).await
}

/// How far a sign-in is; nothing when it is over.
#[tauri::command]
pub(crate) async fn sign_in_under_way(
    agent: State<'_, Agent>,
    watch: State<'_, Watch>,
    id: u64,
) -> Result<Option<SignInPage>, Trouble> {
    let (agent, watch) = (agent.inner().clone(), watch.inner().clone());
    waiting(move || {
        let status = watch.status(&agent)?;
        let view = status.sign_ins.iter().find(|view| view.id == id);
        Ok(view.map(SignInPage::from))
    })
    .await
}

/// Opens the page once more, or copies its link; whether it was copied.
#[tauri::command]
pub(crate) async fn open_sign_in(
    clipboard: State<'_, Clipboard>,
    begun: State<'_, Begun>,
    id: u64,
    way: SignInWay,
) -> Result<bool, Trouble> {
    let (clipboard, begun) = (clipboard.inner().clone(), begun.inner().clone());
    waiting(move || lead(&begun.get(id)?, way, &clipboard)).await
}

/// Copies the code for another device.
#[tauri::command]
pub(crate) async fn copy_device_code(
    clipboard: State<'_, Clipboard>,
    begun: State<'_, Begun>,
    id: u64,
) -> Result<(), Trouble> {
    let (clipboard, begun) = (clipboard.inner().clone(), begun.inner().clone());
    waiting(move || clipboard.put(begun.get(id)?.user_code.unwrap_or_default())).await
}

/// Ends a sign-in.
#[tauri::command]
pub(crate) async fn cancel_sign_in(agent: State<'_, Agent>, id: u64) -> Result<(), Trouble> {
    let agent = agent.inner().clone();
    waiting(move || {
        agent.ask_once(Request::CancelSignIn { sign_in: id })?;
        Ok(())
    })
    .await
}
