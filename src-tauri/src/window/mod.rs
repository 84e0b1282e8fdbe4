//! The processes with a window: the main window and the MFA popup.

mod order;

use anyhow::Result;
use holdfast_desktop::agent::{Agent, Interest, Told};
use holdfast_desktop::page::PageName;
use serde::Serialize;
use std::ops::ControlFlow;
use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, Emitter, WebviewUrl, WebviewWindow, WebviewWindowBuilder};

/// Name of the event that tells a page to fetch anew what it shows.
const CHANGED: &str = "changed";

/// What changed, so that a page fetches only what it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Topic {
    /// The agent's state, or whether it is there at all.
    Status,
    /// The prompt that is open.
    Prompt,
}

/// Shows the main window until it is closed.
pub(crate) fn main_window(page: PageName, attached: bool) -> Result<()> {
    let size = (860.0, 600.0);
    run("main", "index.html", "Holdfast", size, Some(page), attached)
}

/// Shows the MFA popup until the prompt is answered or declined.
pub(crate) fn prompt(attached: bool) -> Result<()> {
    let size = (420.0, 330.0);
    run(
        "prompt",
        "prompt.html",
        "Enter MFA code",
        size,
        None,
        attached,
    )
}

fn run(
    label: &'static str,
    html: &'static str,
    title: &'static str,
    size: (f64, f64),
    page: Option<PageName>,
    attached: bool,
) -> Result<()> {
    let agent = Agent::of_user()?;
    let app = tauri::Builder::default()
        .manage(agent.clone())
        .setup(move |app| {
            let window = build(app.handle(), label, html, title, size)?;
            listen(&agent, app.handle().clone())?;
            if attached {
                order::listen(app.handle().clone(), window)?;
            }
            let _ = page;
            Ok(())
        })
        .build(tauri::generate_context!())?;
    app.run(|_, _| {});
    Ok(())
}

fn build(
    app: &AppHandle,
    label: &str,
    html: &str,
    title: &str,
    (width, height): (f64, f64),
) -> tauri::Result<WebviewWindow> {
    WebviewWindowBuilder::new(app, label, WebviewUrl::App(html.into()))
        .title(title)
        .inner_size(width, height)
        .min_inner_size(360.0, 240.0)
        .on_navigation(is_own)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .build()
}

/// Pages come from the program itself and from nowhere else.
fn is_own(url: &tauri::Url) -> bool {
    let scheme_and_host = (url.scheme(), url.host_str());
    matches!(
        scheme_and_host,
        ("tauri", Some("localhost")) | ("http" | "https", Some("tauri.localhost"))
    )
}

fn listen(agent: &Agent, app: AppHandle) -> std::io::Result<()> {
    agent.listen(Interest::default(), move |told| {
        let topics: &[Topic] = match told {
            Told::Connected(_) | Told::Lost(_) => &[Topic::Status, Topic::Prompt],
            Told::Event(_) => &[Topic::Status],
        };
        if app.emit(CHANGED, topics).is_err() {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    })
}
