//! A program on a terminal of its own, to type at and to look at.

use crate::environment::Environment;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

/// Longest wait for something to appear.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running program and its terminal.
pub(crate) struct OnTerminal {
    terminal: File,
    child: Child,
    output: Receiver<Vec<u8>>,
    shown: String,
}

impl OnTerminal {
    /// Starts `holdfast` on a new terminal; its standard output goes there too.
    pub(crate) fn start(environment: &Environment, arguments: &[&str]) -> Self {
        let program = environment.executable();
        let mut command = vec![program.to_str().unwrap()];
        command.extend(arguments);
        Self::start_command(environment, &command)
    }

    /// Starts any command on a new terminal.
    pub(crate) fn start_command(environment: &Environment, words: &[&str]) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap();
        let slave = OpenOptions::new()
            .read(true)
            .write(true)
            .open(OsStr::from_bytes(name.as_bytes()))
            .unwrap();
        let stdio = || Stdio::from(slave.try_clone().unwrap());
        let child = environment
            .program("setsid")
            .args(["--ctty", "--wait"])
            .args(words)
            .env("NO_COLOR", "1")
            .stdin(stdio())
            .stdout(stdio())
            .stderr(stdio())
            .spawn()
            .unwrap();
        drop(slave);

        let terminal = File::from(master);
        let mut reader = terminal.try_clone().unwrap();
        let (sender, output) = channel();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(length @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..length].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self {
            terminal,
            child,
            output,
            shown: String::new(),
        }
    }

    /// Waits until a text has been shown that was not waited for before.
    #[track_caller]
    pub(crate) fn expect(&mut self, text: &str) -> &mut Self {
        loop {
            if let Some(at) = self.shown.find(text) {
                self.shown.drain(..at + text.len());
                return self;
            }
            match self.output.recv_timeout(PATIENCE) {
                Ok(bytes) => self.shown.push_str(&String::from_utf8_lossy(&bytes)),
                Err(_) => panic!("{text:?} did not appear; shown: {:?}", self.shown),
            }
        }
    }

    /// Types.
    pub(crate) fn enter(&mut self, text: &str) -> &mut Self {
        self.terminal.write_all(text.as_bytes()).unwrap();
        self
    }

    /// Waits for the end: the exit status, and what was shown since the last text that was expected.
    pub(crate) fn end(mut self) -> (i32, String) {
        while let Ok(bytes) = self.output.recv_timeout(PATIENCE) {
            self.shown.push_str(&String::from_utf8_lossy(&bytes));
        }
        let status = self.child.wait().unwrap();
        (
            status.code().unwrap_or(-1),
            self.shown.replace("\r\n", "\n"),
        )
    }
}
