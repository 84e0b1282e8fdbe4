//! A program on a terminal of its own, with a person who reads and types.

use crate::process::{Ran, Started, start_with};
use std::io::Write;
use std::process::{ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex};

/// A program on a terminal.
pub(crate) struct Terminal {
    started: Started,
    keyboard: ChildStdin,
    screen: Arc<Mutex<Vec<u8>>>,
}

impl Terminal {
    /// Starts `script`, as `World::on_terminal` makes it.
    pub(crate) fn start(command: &mut Command) -> Self {
        let screen = Arc::default();
        let mut started = start_with(command.stdin(Stdio::piped()), Arc::clone(&screen));
        let keyboard = started.child.stdin.take().unwrap();
        Self {
            started,
            keyboard,
            screen,
        }
    }

    /// Waits until the person can read this.
    pub(crate) fn wait_for(&self, words: &str) {
        holdfast_testkit::wait_until(words, || {
            let screen = self.screen.lock().unwrap();
            String::from_utf8_lossy(&screen).contains(words)
        });
    }

    /// Types a line.
    pub(crate) fn type_line(&mut self, line: &str) {
        writeln!(self.keyboard, "{line}").unwrap();
    }

    /// Presses Ctrl-C.
    pub(crate) fn interrupt(&mut self) {
        self.keyboard.write_all(b"\x03").unwrap();
    }

    /// Waits for the program's end.
    #[track_caller]
    pub(crate) fn end(self) -> Ran {
        let ran = self.started.end();
        drop(self.keyboard);
        ran
    }
}
