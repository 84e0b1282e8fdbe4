//! The system's own dialog for choosing a file or a folder. The path stays on this side; the webview names none.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod other;

#[cfg(target_os = "linux")]
use linux as platform;
#[cfg(not(target_os = "linux"))]
use other as platform;

use holdfast_desktop::page::Trouble;
use std::path::PathBuf;
use tauri::WebviewWindow;
use tauri::async_runtime::{Sender, channel};

/// What is offered to choose from: a name, and the ending of the files that it stands for.
const KINDS: [(&str, &str); 2] = [("CSV files", "csv"), ("All files", "*")];

/// Asks for a file. Nothing when the person chose none.
pub(crate) async fn choose(
    window: &WebviewWindow,
    title: &'static str,
) -> Result<Option<PathBuf>, Trouble> {
    ask(window, title, Wanted::File).await
}

/// Asks for a folder, which may be made in the dialog; `start` is what it shows at first, where that is known.
/// Nothing when the person chose none.
pub(crate) async fn choose_folder(
    window: &WebviewWindow,
    title: &'static str,
    start: Option<PathBuf>,
) -> Result<Option<PathBuf>, Trouble> {
    ask(window, title, Wanted::Folder { start }).await
}

/// What a dialog asks for.
enum Wanted {
    File,
    Folder { start: Option<PathBuf> },
}

async fn ask(
    window: &WebviewWindow,
    title: &'static str,
    wanted: Wanted,
) -> Result<Option<PathBuf>, Trouble> {
    let (answer, mut answered) = channel(1);
    let parent = window.clone();
    window
        .run_on_main_thread(move || platform::open(&parent, title, wanted, Answer(answer)))
        .map_err(|error| Trouble::new(format!("The file dialog cannot be opened: {error}.")))?;
    Ok(answered.recv().await.flatten())
}

/// Where the path goes. Dropped without one, it tells that there is none.
struct Answer(Sender<Option<PathBuf>>);

impl Answer {
    fn send(self, path: Option<PathBuf>) {
        // The room is for one answer and this is the only one; nobody waits for it when the window is gone.
        let _ = self.0.try_send(path);
    }
}
