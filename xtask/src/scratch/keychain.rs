//! A D-Bus session with GNOME's keyring: the keychain that a Linux desktop has.

use super::{Process, Scratch};
use anyhow::{Context, Result, ensure};
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

/// Unlocks a keyring that is made for one run and thrown away with its home.
const PASSWORD: &[u8] = b"scratch";

/// The two programs, ended in the reverse order of their start.
pub(crate) struct Keychain {
    _keyring: Process,
    _bus: Process,
    address: String,
}

impl Keychain {
    /// Starts both and waits until each says that it is ready.
    pub(crate) fn start(scratch: &Scratch) -> Result<Self> {
        let mut bus = Process::start(
            scratch
                .command("dbus-daemon")
                .args(["--session", "--nofork", "--print-address"])
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::null()),
        )?;
        let stdout = bus
            .child()
            .stdout
            .take()
            .context("dbus-daemon has no output")?;
        let mut address = String::new();
        BufReader::new(stdout).read_line(&mut address)?;
        let address = address.trim().to_owned();
        ensure!(!address.is_empty(), "dbus-daemon ended at once");

        let mut keyring = Process::start(
            scratch
                .command("gnome-keyring-daemon")
                .args(["--foreground", "--unlock", "--components=secrets"])
                .env("DBUS_SESSION_BUS_ADDRESS", &address)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::null()),
        )?;
        let mut stdin = keyring
            .child()
            .stdin
            .take()
            .context("the keyring has no input")?;
        stdin.write_all(PASSWORD)?;
        drop(stdin);
        // It prints where its control socket is once it has read the password.
        let stdout = keyring
            .child()
            .stdout
            .take()
            .context("the keyring has no output")?;
        let mut ready = String::new();
        BufReader::new(stdout).read_line(&mut ready)?;
        ensure!(!ready.is_empty(), "gnome-keyring-daemon ended at once");
        Ok(Self {
            _keyring: keyring,
            _bus: bus,
            address,
        })
    }

    /// The address of the D-Bus session.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }
}
