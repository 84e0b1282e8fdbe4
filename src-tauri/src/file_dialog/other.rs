//! The dialogs of macOS and Windows.

use super::{Answer, KINDS};
use tauri::WebviewWindow;

pub(super) fn open(window: &WebviewWindow, title: &str, answer: Answer) {
    let dialog = KINDS.iter().fold(
        rfd::AsyncFileDialog::new()
            .set_parent(window)
            .set_title(title),
        |dialog, (name, ending)| dialog.add_filter(*name, &[*ending]),
    );
    let chosen = dialog.pick_file();
    tauri::async_runtime::spawn(async move {
        let path = chosen.await.map(|file| file.path().to_owned());
        answer.send(path);
    });
}
