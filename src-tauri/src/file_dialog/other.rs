//! The dialogs of macOS and Windows.

use super::{Answer, KINDS, Wanted};
use std::path::PathBuf;
use tauri::WebviewWindow;

pub(super) fn open(window: &WebviewWindow, title: &str, wanted: Wanted, answer: Answer) {
    let dialog = rfd::AsyncFileDialog::new()
        .set_parent(window)
        .set_title(title);
    match wanted {
        Wanted::File => {
            let dialog = KINDS.iter().fold(dialog, |dialog, (name, ending)| {
                dialog.add_filter(*name, &[*ending])
            });
            pass_on(dialog.pick_file(), answer);
        }
        Wanted::Folder { start } => {
            let dialog = match start {
                Some(folder) => dialog.set_directory(folder),
                None => dialog,
            };
            pass_on(dialog.pick_folder(), answer);
        }
    }
}

fn pass_on(chosen: impl Future<Output = Option<rfd::FileHandle>> + Send + 'static, answer: Answer) {
    tauri::async_runtime::spawn(async move {
        let path: Option<PathBuf> = chosen.await.map(|file| file.path().to_owned());
        answer.send(path);
    });
}
