//! A screen that nobody looks at: Xvfb, and the person's hands on it.

use super::tree::Family;
use crate::command::{clean_command, wait_until};
use crate::home::ScratchHome;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// Behind all windows, in ImageMagick's words: nothing of a picture is black by accident.
const BACKGROUND: &str = "xc:#7d8f95";

/// How often it is looked whether the screen still changes.
const LOOKS: u32 = 20;

/// A window on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    id: String,
}

impl Window {
    /// Its id as X programs take it.
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// Where a window's contents are on the screen, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) width: i32,
    pub(super) height: i32,
}

/// The running screen.
#[derive(Debug)]
pub(super) struct Display {
    server: Family,
    hands: Hands,
    width: u32,
}

/// What can be done on a screen by whoever knows its name.
#[derive(Clone, Debug)]
pub(super) struct Hands {
    name: String,
}

impl Display {
    /// Starts a screen under a number that is free.
    pub(super) fn start(home: &ScratchHome, width: u32, height: u32) -> Self {
        let mut command = home.command("Xvfb");
        command
            .args(["-displayfd", "1", "-nolisten", "tcp", "-noreset"])
            .args(["-screen", "0", &format!("{width}x{height}x24")])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut server = Family::start(&mut command);
        let stdout = server.running().child().stdout.take();
        let mut line = String::new();
        let read = stdout.map(|stdout| BufReader::new(stdout).read_line(&mut line));
        let number = line.trim();
        assert!(
            matches!(read, Some(Ok(1..))) && !number.is_empty(),
            "Xvfb does not start"
        );
        let name = format!(":{number}");
        let hands = Hands { name };
        let mut paint = hands.command("display");
        paint.args(["-window", "root", "-size", &format!("{width}x{height}")]);
        // Says that it failed when it has painted.
        said(paint.arg(BACKGROUND));
        Self {
            server,
            hands,
            width,
        }
    }

    /// Pixels from left to right.
    pub(super) fn width(&self) -> u32 {
        self.width
    }

    pub(super) fn id(&self) -> u32 {
        self.server.id()
    }

    /// For whoever acts on the screen without owning it.
    pub(super) fn clone_handle(&self) -> Hands {
        self.hands.clone()
    }

    /// Waits until two looks at the screen see the same.
    pub(super) fn settle(&self) {
        let root = Window {
            id: "root".to_owned(),
        };
        let mut last = None;
        for _ in 0..LOOKS {
            let now = self.pixels(&root);
            if now == last {
                return;
            }
            last = now;
        }
    }

    /// Writes a picture of the upper right corner.
    pub(super) fn corner(&self, width: u32, height: u32, path: &Path) {
        let mut import = self.command("import");
        import.args(["-silent", "-window", "root", "-gravity", "NorthEast"]);
        import.args(["-crop", &format!("{width}x{height}+0+0"), "+repage"]);
        succeed(import.arg(path));
    }

    /// Waits until windows get a frame and the keyboard.
    pub(super) fn wait_for_window_manager(&self) {
        wait_until("the window manager is up", || {
            let mut ask = self.command("xprop");
            ask.args(["-root", "_NET_SUPPORTING_WM_CHECK"]);
            said(&mut ask).contains("window id")
        });
    }
}

impl std::ops::Deref for Display {
    type Target = Hands;

    fn deref(&self) -> &Hands {
        &self.hands
    }
}

impl Hands {
    /// Value of `DISPLAY`.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Windows that are shown and match a text in their title.
    pub(super) fn windows(&self, title: &str) -> Vec<Window> {
        self.search(&["--name", &literally(title)])
    }

    /// Windows that are shown of a program.
    pub(super) fn windows_of(&self, class: &str) -> Vec<Window> {
        self.search(&["--class", &literally(class)])
    }

    /// The window that has the keyboard.
    pub(super) fn focused(&self) -> Option<Window> {
        let id = said(self.command("xdotool").arg("getactivewindow"));
        let id = id.trim();
        (!id.is_empty()).then(|| Window { id: id.to_owned() })
    }

    /// Where a window is; `None` when it is gone.
    pub(super) fn area(&self, window: &Window) -> Option<Area> {
        let mut ask = self.command("xdotool");
        let text = said(ask.args(["getwindowgeometry", "--shell", window.id()]));
        let value = |name: &str| {
            let mut lines = text.lines().filter_map(|line| line.split_once('='));
            lines.find(|(key, _)| *key == name)?.1.parse().ok()
        };
        Some(Area {
            x: value("X")?,
            y: value("Y")?,
            width: value("WIDTH")?,
            height: value("HEIGHT")?,
        })
    }

    /// Clicks with the first button.
    pub(super) fn click(&self, x: i32, y: i32) {
        let (x, y) = (x.to_string(), y.to_string());
        self.tool(&["mousemove", "--sync", &x, &y, "click", "1"]);
    }

    /// Asks a window to close, as its frame's button does.
    pub(super) fn close(&self, window: &Window) {
        let mut close = self.command("wmctrl");
        succeed(close.args(["-i", "-c", window.id()]));
    }

    /// Writes a picture of a window, or of `root`.
    pub(super) fn screenshot(&self, window: &str, path: &Path) {
        let mut import = self.command("import");
        succeed(import.args(["-silent", "-window", window]).arg(path));
    }

    /// What a window shows, three bytes for each pixel; `None` when it is gone.
    pub(super) fn pixels(&self, window: &Window) -> Option<Vec<u8>> {
        let mut import = self.command("import");
        import.args(["-silent", "-window", window.id(), "-depth", "8", "rgb:-"]);
        let output = import.output().ok()?;
        output.status.success().then_some(output.stdout)
    }

    /// Runs xdotool.
    pub(super) fn tool(&self, arguments: &[&str]) {
        succeed(self.command("xdotool").args(arguments));
    }

    fn search(&self, words: &[&str]) -> Vec<Window> {
        let mut search = self.command("xdotool");
        search.args(["search", "--onlyvisible"]).args(words);
        // It fails when there is none.
        let found = said(&mut search);
        let ids = found.lines().map(str::to_owned);
        ids.map(|id| Window { id }).collect()
    }

    fn command(&self, program: &str) -> Command {
        let mut command = clean_command(program);
        command.env("DISPLAY", &self.name).stdin(Stdio::null());
        command
    }
}

/// What a program prints, whether it succeeds or not.
fn said(command: &mut Command) -> String {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.stderr(Stdio::null()).output();
    let output = output.unwrap_or_else(|error| panic!("{name} does not start: {error}"));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn succeed(command: &mut Command) {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output();
    let output = output.unwrap_or_else(|error| panic!("{name} does not start: {error}"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name} failed: {}", errors.trim());
}

/// A regular expression that matches just this text.
fn literally(text: &str) -> String {
    let mut pattern = String::new();
    for character in text.chars() {
        if r"\.+*?()[]{}|^$".contains(character) {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::literally;

    #[test]
    fn a_title_is_no_pattern() {
        assert_eq!(literally("a.b (c)"), r"a\.b \(c\)");
    }
}
