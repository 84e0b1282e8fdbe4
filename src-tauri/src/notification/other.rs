//! Systems whose notifications have no buttons that work for every program: the notice says where to go on.

use super::WITHOUT_BUTTONS;
use holdfast_desktop::notice::{Change, Notice};
use holdfast_desktop::tray::Message;
use std::sync::mpsc::SyncSender;
use tauri::AppHandle;
use tauri_plugin_notification::NotificationExt as _;

/// Shows notices. The system takes them away by itself.
pub(crate) struct Notifier {
    app: AppHandle,
}

impl Notifier {
    /// Nothing is told back: there is nothing to click.
    pub(crate) fn start(app: &AppHandle, _inbox: SyncSender<Message>) -> Self {
        Self { app: app.clone() }
    }

    /// Shows a notice.
    pub(crate) fn change(&self, change: Change) {
        let Change::Show(notice) = change else {
            return;
        };
        let body = body(&notice);
        let notification = self.app.notification().builder();
        if let Err(error) = notification.title(notice.title).body(body).show() {
            tracing::warn!("a notification cannot be shown: {error}");
        }
    }
}

fn body(notice: &Notice) -> String {
    if notice.buttons.is_empty() {
        return notice.body.clone();
    }
    format!("{}\n{WITHOUT_BUTTONS}", notice.body)
}
