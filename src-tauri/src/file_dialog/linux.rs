//! GTK's dialog, on the thread that GTK belongs to.

use super::{Answer, KINDS};
use gtk::prelude::*;
use gtk::{FileChooserAction, FileChooserNative, FileFilter, ResponseType};
use std::cell::Cell;
use tauri::WebviewWindow;

pub(super) fn open(window: &WebviewWindow, title: &str, answer: Answer) {
    let dialog = FileChooserNative::new(
        Some(title),
        window.gtk_window().ok().as_ref(),
        FileChooserAction::Open,
        None,
        None,
    );
    dialog.set_modal(true);
    for (name, ending) in KINDS {
        let filter = FileFilter::new();
        filter.set_name(Some(name));
        filter.add_pattern(&match ending {
            "*" => ending.to_owned(),
            ending => format!("*.{ending}"),
        });
        dialog.add_filter(filter);
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
