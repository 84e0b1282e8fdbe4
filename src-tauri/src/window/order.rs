//! Orders of the tray to a window that it started: one line of JSON each, on standard input.

use holdfast_desktop::page::PageName;
use serde::Deserialize;
use std::io::BufRead;
use tauri::{AppHandle, Emitter, WebviewWindow};

/// Name of the event that names the page to show.
const SHOW: &str = "show";

/// What the tray wants.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Order {
    /// Come to the front with this page.
    Show(PageName),
}

/// Obeys on a thread of its own. The end of the input is the end of the tray, and of this process.
pub(super) fn listen(app: AppHandle, window: WebviewWindow) -> std::io::Result<()> {
    let obey = move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if let Ok(Order::Show(page)) = serde_json::from_str(&line) {
                let _ = app.emit(SHOW, page);
                let _ = window.unminimize();
                let _ = window.set_focus();
            }
        }
        app.exit(0);
    };
    std::thread::Builder::new()
        .name("orders".to_owned())
        .spawn(obey)
        .map(|_| ())
}
