//! What a desktop has when it comes up.

use super::display::Display;
use super::tree::Family;
use super::{Desktop, programs};
use crate::{Keyring, ScratchHome, SessionBus};

/// Leaves out what a test is about to miss.
#[derive(Clone, Debug)]
pub struct DesktopBuilder {
    keyring: bool,
    tray_host: bool,
    notification_daemon: bool,
    width: u32,
    height: u32,
}

impl DesktopBuilder {
    pub(super) fn new() -> Self {
        Self {
            keyring: true,
            tray_host: true,
            notification_daemon: true,
            width: 1280,
            height: 800,
        }
    }

    /// Nobody on the bus keeps secrets.
    #[must_use]
    pub fn without_keyring(mut self) -> Self {
        self.keyring = false;
        self
    }

    /// Nobody shows tray icons.
    #[must_use]
    pub fn without_tray_host(mut self) -> Self {
        self.tray_host = false;
        self
    }

    /// Nobody shows notifications.
    #[must_use]
    pub fn without_notification_daemon(mut self) -> Self {
        self.notification_daemon = false;
        self
    }

    /// Size of the screen in pixels; 1280 × 800 unless told.
    #[must_use]
    pub fn size(mut self, width: u32, height: u32) -> Self {
        (self.width, self.height) = (width, height);
        self
    }

    /// Starts everything, and waits until it can be used.
    ///
    /// # Panics
    /// When a program is missing or does not come up.
    pub fn start(self) -> Desktop {
        let home = ScratchHome::new();
        programs::configure(&home);
        let display = Display::start(&home, self.width, self.height);
        let bus = SessionBus::start(&home);
        let keyring = self.keyring.then(|| Keyring::start(&home, &bus));
        let mut desktop = Desktop {
            tray_host: None,
            notification_daemon: None,
            others: Vec::new(),
            keyring,
            bus,
            display,
            home,
        };
        let settings = Family::start(&mut programs::settings(&desktop));
        desktop.others.push(settings);
        desktop.wait_for_name("org.xfce.Xfconf");
        let manager = Family::start(&mut programs::window_manager(&desktop));
        desktop.others.push(manager);
        desktop.display.wait_for_window_manager();
        if self.notification_daemon {
            desktop.start_notification_daemon();
        }
        if self.tray_host {
            desktop.start_tray_host();
        }
        desktop
    }
}
