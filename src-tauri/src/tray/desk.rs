//! The tray's outside: Tauri's icon and menu, the windows' processes, and work on other threads.

use super::child::Window;
use super::work::Worker;
use super::{icon, menu};
use crate::notification::Notifier;
use holdfast_desktop::icon::Icon;
use holdfast_desktop::menu::{Change, Menu};
use holdfast_desktop::notice::{self, Notice};
use holdfast_desktop::page::PageName;
use holdfast_desktop::tray::{Message, Outside, Task};
use std::process::ExitStatus;
use std::sync::mpsc::SyncSender;
use tauri::AppHandle;
use tauri::tray::TrayIcon;

/// What the tray's controller does things with.
pub(super) struct Desk {
    app: AppHandle,
    tray: TrayIcon,
    shown: menu::Shown,
    window: Option<Window>,
    prompt: Option<Window>,
    worker: Worker,
    notifier: Notifier,
    inbox: SyncSender<Message>,
}

impl Desk {
    pub(super) fn new(
        app: &AppHandle,
        tray: TrayIcon,
        shown: menu::Shown,
        worker: Worker,
        inbox: SyncSender<Message>,
    ) -> Self {
        Self {
            app: app.clone(),
            tray,
            shown,
            window: None,
            prompt: None,
            worker,
            notifier: Notifier::start(app, inbox.clone()),
            inbox,
        }
    }

    fn open(&self, arguments: &[&str], ended: fn(bool) -> Message) -> Option<Window> {
        let inbox = self.inbox.clone();
        let tell_end = move |status: std::io::Result<ExitStatus>| {
            let crashed = !status.is_ok_and(|status| status.success());
            // Nobody listens any more when the tray ends first.
            let _ = inbox.send(ended(crashed));
        };
        match Window::start(arguments, tell_end) {
            Ok(window) => Some(window),
            Err(error) => {
                tracing::error!("a window cannot be opened: {error}");
                let notice = Notice::outcome("Holdfast cannot open its window", error.to_string());
                self.notifier.change(notice::Change::Show(notice));
                None
            }
        }
    }
}

impl Outside for Desk {
    fn show_menu(&mut self, menu: &Menu) {
        let shown = menu::Shown::build(&self.app, menu).and_then(|shown| {
            self.tray.set_menu(Some(shown.menu().clone()))?;
            Ok(shown)
        });
        match shown {
            Ok(shown) => self.shown = shown,
            Err(error) => tracing::error!("the menu cannot be shown: {error}"),
        }
    }

    fn change_menu(&mut self, changes: &[Change], menu: &Menu) {
        if !changes.iter().all(|change| self.shown.can_change(change)) {
            return self.show_menu(menu);
        }
        for change in changes {
            if let Err(error) = self.shown.change(change) {
                tracing::error!("the menu cannot be changed: {error}");
            }
        }
    }

    fn set_icon(&mut self, icon: Icon) {
        if let Err(error) = icon::show(&self.tray, icon) {
            tracing::error!("the icon cannot be shown: {error}");
        }
    }

    fn start_window(&mut self, page: PageName, profile: Option<&str>) -> bool {
        let mut arguments = vec!["--window", page.name()];
        if let Some(profile) = profile {
            arguments.extend(["--profile", profile]);
        }
        self.window = self.open(&arguments, |_| Message::WindowEnded);
        self.window.is_some()
    }

    fn order_window(&mut self, page: PageName, profile: Option<&str>) -> bool {
        let window = self.window.as_mut();
        window.is_some_and(|window| window.show(page, profile).is_ok())
    }

    fn start_prompt(&mut self) -> bool {
        self.prompt = self.open(&["--prompt"], |crashed| Message::PromptEnded { crashed });
        self.prompt.is_some()
    }

    fn start(&mut self, task: Task) {
        self.worker.start(task);
    }

    fn change_notice(&mut self, change: notice::Change) {
        self.notifier.change(change);
    }

    fn quit(&mut self) {
        // Their orders end, and with them the windows.
        self.window = None;
        self.prompt = None;
        self.worker.hand_over_clipboard();
        self.app.exit(0);
    }
}
