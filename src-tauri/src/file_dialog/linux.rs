//! GTK's dialog, on the thread that GTK belongs to.

use super::{Answer, KINDS, Wanted};
use gtk::prelude::*;
use gtk::{FileChooserAction, FileChooserNative, FileFilter, ResponseType};
use std::cell::Cell;
use tauri::WebviewWindow;

pub(super) fn open(window: &WebviewWindow, title: &str, wanted: Wanted, answer: Answer) {
    let action = match wanted {
        Wanted::File => FileChooserAction::Open,
        Wanted::Folder { .. } => FileChooserAction::SelectFolder,
    };
    let parent = window.gtk_window().ok();
    let dialog = FileChooserNative::new(Some(title), parent.as_ref(), action, None, None);
    dialog.set_modal(true);
    match wanted {
        Wanted::File => KINDS
            .iter()
            .for_each(|kind| dialog.add_filter(filter(kind))),
        Wanted::Folder { start } => {
            // Where that cannot be shown, GTK shows what it showed last.
            let _ = start.map(|folder| dialog.set_current_folder(folder));
        }
    }
    // GTK does not keep such a dialog alive by itself: it holds on to itself until it is answered.
    let pending = Cell::new(Some((answer, dialog.clone())));
    dialog.connect_response(move |dialog, response| {
        if let Some((answer, itself)) = pending.take() {
            let is_chosen = response == ResponseType::Accept;
            answer.send(dialog.filename().filter(|_| is_chosen));
            itself.destroy();
        }
    });
    dialog.show();
}

fn filter((name, ending): &(&str, &str)) -> FileFilter {
    let filter = FileFilter::new();
    filter.set_name(Some(name));
    filter.add_pattern(&match *ending {
        "*" => "*".to_owned(),
        ending => format!("*.{ending}"),
    });
    filter
}
