//! A program whose webviews can be driven.

use super::WebDriver;
use crate::command::wait_for_or;
use crate::desktop::tree::Family;
use std::fs;
use std::net::TcpListener;
use std::process::Command;

/// A running program, and the port at which WebKit lets its webview be driven.
///
/// The program and all it starts inherit the port. The first process that opens a webview takes it,
/// and frees it by ending; so one window can be driven at a time, and the next one after it is gone.
/// A program that has no window yet, such as a tray icon, is launched like any other:
/// [`App::window`] waits until one is opened, by the program or by a child of it.
#[derive(Debug)]
pub struct App {
    family: Family,
    port: u16,
}

impl App {
    /// Starts a program with its arguments and environment as they are in the command.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn launch(command: &mut Command) -> Self {
        let port = free_port();
        command
            .env("WEBKIT_INSPECTOR_SERVER", format!("127.0.0.1:{port}"))
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true");
        let family = Family::start(command);
        Self { family, port }
    }

    /// Waits for a window and takes control of what is in it.
    ///
    /// # Panics
    /// When no window is opened.
    pub fn window(&self) -> WebDriver {
        self.wait_for_inspector("opened a window", true);
        WebDriver::attach(self.port)
    }

    /// Waits until no process shows a window any more.
    ///
    /// # Panics
    /// When one stays.
    pub fn wait_until_closed(&self) {
        self.wait_for_inspector("closed its window", false);
    }

    /// Process id of the program that was launched.
    pub fn id(&self) -> u32 {
        self.family.id()
    }

    /// The program and everything that it has started.
    pub fn family(&mut self) -> &mut Family {
        &mut self.family
    }

    fn wait_for_inspector(&self, what: &str, wanted: bool) {
        wait_for_or(
            || (is_listening(self.port) == wanted).then_some(()),
            || {
                let alive = crate::desktop::is_alive(self.id());
                let state = if alive { "runs" } else { "has ended" };
                panic!("the program has not {what} within 20 s; it {state}")
            },
        );
    }
}

/// A port that nobody listens at.
pub(crate) fn free_port() -> u16 {
    let probe = TcpListener::bind(("127.0.0.1", 0)).expect("there is a free port");
    let address = probe.local_addr().expect("it is bound");
    address.port()
}

/// Whether somebody listens at a port of this machine. Connecting would tell, and disturb.
fn is_listening(port: u16) -> bool {
    let sockets = fs::read_to_string("/proc/net/tcp").unwrap_or_default();
    let here = format!(":{port:04X}");
    sockets.lines().any(|line| {
        let mut words = line.split_whitespace().skip(1);
        let local = words.next().unwrap_or_default();
        // The word behind the remote address is the state; 0A is listening.
        local.ends_with(&here) && words.nth(1) == Some("0A")
    })
}
