//! A headless Linux desktop for one test: screen, session bus, keyring, window manager, tray and notifications.
//!
//! Everything is the real program that people have: Xvfb, dbus-daemon, GNOME Keyring, and Xfce's
//! window manager, panel (the tray's host) and notification daemon. Each desktop has a bus, a
//! screen and a home of its own, so tests run beside each other. Dropping it ends every process by
//! its id.
//!
//! ```no_run
//! use holdfast_testkit::desktop::Desktop;
//! use std::path::Path;
//!
//! let desktop = Desktop::start();
//! let _dialog = desktop.launch(desktop.command("xmessage").args(["-title", "Hello", "text"]));
//! let window = desktop.wait_for_window("Hello");
//! desktop.key("Return");
//! desktop.screenshot(Path::new("/tmp/screen.png"));
//! desktop.screenshot_of(&window, Path::new("/tmp/window.png"));
//!
//! // A program that lives in another home takes the desktop's variables along.
//! let mut command = std::process::Command::new("true");
//! command.envs(desktop.variables());
//! ```
//!
//! | What | With |
//! |---|---|
//! | a desktop that lacks something | [`Desktop::builder`] |
//! | the tray icon and its menu | [`Desktop::tray`] |
//! | notifications, and a click on one of their buttons | [`Desktop::notifications`], opened *before* they come |
//! | what is inside a webview | [`App::launch`], then [`App::window`] |
//! | keys and clicks as the person makes them | [`Desktop::key`], [`Desktop::type_text`], [`Desktop::click`] |

mod bubble;
mod builder;
mod display;
mod menu;
mod notification;
mod programs;
mod tray;
mod tree;
mod webdriver;

pub use builder::DesktopBuilder;
pub use display::Window;
pub use menu::MenuEntry;
pub use notification::{Notification, NotificationSpy};
pub use tray::{TrayClient, TrayIcon, TrayItem};
pub use tree::{Family, descendants, is_alive};
pub(crate) use webdriver::free_port;
pub use webdriver::{App, Element, WebDriver};

use crate::command::{wait_for, wait_until};
use crate::{Keyring, ScratchHome, SessionBus};
use display::Display;
use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::Command;

/// A running desktop. Everything on it ends with it.
#[derive(Debug)]
pub struct Desktop {
    // In the order in which they end: who needs the bus and the screen goes before them.
    tray_host: Option<Family>,
    notification_daemon: Option<Family>,
    others: Vec<Family>,
    keyring: Option<Keyring>,
    bus: SessionBus,
    display: Display,
    home: ScratchHome,
}

impl Desktop {
    /// A whole desktop.
    ///
    /// # Panics
    /// When one of its programs is missing or does not come up.
    pub fn start() -> Self {
        Self::builder().start()
    }

    /// A desktop that lacks something, or has another size.
    pub fn builder() -> DesktopBuilder {
        DesktopBuilder::new()
    }

    /// Variables that put a program onto this desktop, whatever home it lives in.
    pub fn variables(&self) -> Vec<(&'static str, OsString)> {
        vec![
            ("DISPLAY", self.display.name().into()),
            ("DBUS_SESSION_BUS_ADDRESS", self.bus.address().into()),
            ("XDG_CURRENT_DESKTOP", "XFCE".into()),
            ("XDG_SESSION_TYPE", "x11".into()),
            ("GDK_BACKEND", "x11".into()),
            // Without an accessibility bus GTK would look for one at every start.
            ("NO_AT_BRIDGE", "1".into()),
        ]
    }

    /// A program in the desktop's own home.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = self.home.command(program);
        command.envs(self.variables());
        command
    }

    /// Starts a program that ends, with everything it starts, when the answer is dropped.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn launch(&self, command: &mut Command) -> Family {
        Family::start(command.envs(self.variables()))
    }

    /// Value of `DISPLAY`.
    pub fn display(&self) -> &str {
        self.display.name()
    }

    /// The session bus.
    pub fn bus(&self) -> &SessionBus {
        &self.bus
    }

    /// The keyring.
    ///
    /// # Panics
    /// When this desktop was started without one.
    pub fn keyring(&self) -> &Keyring {
        self.keyring.as_ref().expect("this desktop has a keyring")
    }

    /// The tray as its host sees it.
    pub fn tray(&self) -> TrayClient {
        TrayClient::connect(&self.bus)
    }

    /// Watches notifications from now on.
    pub fn notifications(&self) -> NotificationSpy {
        NotificationSpy::watch(&self.bus, self.display.clone_handle())
    }

    /// Ends the tray's host, as when a panel crashes. Does nothing where there is none.
    pub fn stop_tray_host(&mut self) {
        self.tray_host = None;
    }

    /// Starts the tray's host, and waits until items can be registered.
    pub fn start_tray_host(&mut self) {
        let panel = Family::start(&mut programs::panel(self));
        self.tray_host = Some(panel);
        self.wait_for_name("org.kde.StatusNotifierWatcher");
    }

    /// Ends the notification daemon. Does nothing where there is none.
    pub fn stop_notification_daemon(&mut self) {
        self.notification_daemon = None;
    }

    /// Starts the notification daemon, and waits until it takes notifications.
    pub fn start_notification_daemon(&mut self) {
        let daemon = Family::start(&mut programs::notification_daemon(self));
        self.notification_daemon = Some(daemon);
        self.wait_for_name("org.freedesktop.Notifications");
    }

    /// Windows that are shown and have this text in their title.
    pub fn windows(&self, title: &str) -> Vec<Window> {
        self.display.windows(title)
    }

    /// Waits for a window with this text in its title.
    ///
    /// # Panics
    /// When none comes.
    pub fn wait_for_window(&self, title: &str) -> Window {
        wait_for(&format!("a window called {title}"), || {
            self.windows(title).into_iter().next()
        })
    }

    /// Waits until no window has this text in its title.
    ///
    /// # Panics
    /// When one stays.
    pub fn wait_for_no_window(&self, title: &str) {
        wait_until(&format!("no window called {title}"), || {
            self.windows(title).is_empty()
        });
    }

    /// The window that has the keyboard, if any has.
    pub fn focused_window(&self) -> Option<Window> {
        self.display.focused()
    }

    /// Presses a key of xdotool's names, such as `Escape` or `ctrl+v`, in the window that has the keyboard.
    pub fn key(&self, key: &str) {
        self.display.tool(&["key", "--clearmodifiers", key]);
    }

    /// Types text into the window that has the keyboard.
    pub fn type_text(&self, text: &str) {
        self.display.tool(&["type", "--delay", "5", "--", text]);
    }

    /// Clicks with the first button at this place of the screen.
    pub fn click(&self, x: i32, y: i32) {
        self.display.click(x, y);
    }

    /// Moves the mouse out of the way, so that nothing is explained under it.
    pub fn rest_mouse(&self) {
        self.display.tool(&["mousemove", "--sync", "1", "400"]);
    }

    /// Clicks the tray's rightmost icon, which opens its menu, and waits until the menu is on the screen.
    ///
    /// # Panics
    /// When there is no icon or it has no menu.
    pub fn open_tray_menu(&self) {
        programs::open_tray_menu(&self.display, self.display.width());
    }

    /// Asks a window to close, as its frame's button does.
    pub fn close_window(&self, window: &Window) {
        self.display.close(window);
    }

    /// Waits until the screen no longer changes, before a picture of it; a moving one is not waited for long.
    pub fn settle(&self) {
        self.display.settle();
    }

    /// Writes a picture of the whole screen.
    pub fn screenshot(&self, path: &Path) {
        self.display.screenshot("root", path);
    }

    /// Writes a picture of the screen's upper right corner, where tray and notifications are.
    pub fn screenshot_of_corner(&self, width: u32, height: u32, path: &Path) {
        self.display.corner(width, height, path);
    }

    /// Writes a picture of a window's contents, without its frame.
    pub fn screenshot_of(&self, window: &Window, path: &Path) {
        self.display.screenshot(window.id(), path);
    }

    /// Ids of all processes of the desktop itself.
    pub fn pids(&self) -> Vec<u32> {
        let families = self.others.iter();
        let families = families.chain(&self.tray_host);
        let families = families.chain(&self.notification_daemon);
        let mut pids: Vec<u32> = families.flat_map(Family::pids).collect();
        pids.extend(self.keyring.as_ref().map(Keyring::id));
        pids.push(self.bus.id());
        pids.push(self.display.id());
        pids
    }

    fn wait_for_name(&self, name: &str) {
        wait_until(&format!("{name} is on the bus"), || {
            self.bus.has_owner(name)
        });
    }
}
