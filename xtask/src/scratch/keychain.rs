//! A D-Bus session with GNOME's keyring: the keychain that a Linux desktop has.

use super::{Process, Scratch};
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

/// How long the keyring may take to come up.
const PATIENCE: Duration = Duration::from_secs(10);

/// Unlocks a keyring that is made for one run and thrown away with its home.
const PASSWORD: &[u8] = b"scratch";

/// The two programs, ended in the reverse order of their start.
pub(crate) struct Keychain {
    _keyring: Process,
    _bus: Process,
    address: String,
}

impl Keychain {
    /// Starts both and waits until there is a keyring to put secrets into.
    pub(crate) fn start(scratch: &mut Scratch) -> Result<Self> {
        let socket = scratch.runtime().join("bus");
        let config = scratch.runtime().join("bus.conf");
        fs::write(&config, bus_configuration(&socket))
            .with_context(|| format!("{} cannot be written", config.display()))?;
        let mut command = scratch.command("dbus-daemon");
        command
            .args(["--nofork", "--nopidfile", "--print-address"])
            .arg(format!("--config-file={}", config.display()))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut bus = scratch.start(&mut command)?;
        let stdout = bus.child().stdout.take();
        let stdout = stdout.context("dbus-daemon has no output")?;
        let mut address = String::new();
        BufReader::new(stdout).read_line(&mut address)?;
        let address = address.trim().to_owned();
        ensure!(!address.is_empty(), "dbus-daemon ended at once");

        let mut command = scratch.command("gnome-keyring-daemon");
        command
            .args(["--foreground", "--unlock", "--components=secrets"])
            .env("DBUS_SESSION_BUS_ADDRESS", &address)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut keyring = scratch.start(&mut command)?;
        let mut stdin = keyring
            .child()
            .stdin
            .take()
            .context("the keyring has no input")?;
        stdin.write_all(PASSWORD)?;
        drop(stdin);
        let start = Instant::now();
        while !has_unlocked_keyring(scratch, &address) {
            if start.elapsed() > PATIENCE {
                bail!("gnome-keyring-daemon does not come up");
            }
            thread::sleep(Duration::from_millis(20));
        }
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

/// A bus that starts no service by itself: a second keyring, without the password, would take the
/// name that ours is about to take.
fn bus_configuration(socket: &Path) -> String {
    format!(
        "<busconfig>\n  <type>session</type>\n  <listen>unix:path={}</listen>\n  \
         <policy context=\"default\">\n    <allow send_destination=\"*\"/>\n    \
         <allow receive_sender=\"*\"/>\n    <allow own=\"*\"/>\n  </policy>\n</busconfig>\n",
        socket.display()
    )
}

/// Whether the Secret Service is on the bus with an unlocked keyring to put secrets into. The keyring
/// exists a moment before it is unlocked.
fn has_unlocked_keyring(scratch: &Scratch, address: &str) -> bool {
    const SERVICE: &str = "/org/freedesktop/secrets";
    const ALIAS: &str = "org.freedesktop.Secret.Service.ReadAlias";
    const GET: &str = "org.freedesktop.DBus.Properties.Get";
    const COLLECTION: &str = "string:org.freedesktop.Secret.Collection";
    let ask = |words: &[&str]| {
        let answer = scratch
            .command("dbus-send")
            .args(["--session", "--print-reply=literal"])
            .arg("--dest=org.freedesktop.secrets")
            .args(words)
            .env("DBUS_SESSION_BUS_ADDRESS", address)
            .output();
        let text = answer.map(|answer| String::from_utf8_lossy(&answer.stdout).trim().to_owned());
        text.unwrap_or_default()
    };
    let keyring = ask(&[SERVICE, ALIAS, "string:default"]);
    keyring.starts_with(SERVICE)
        && ask(&[&keyring, GET, COLLECTION, "string:Locked"]).ends_with("boolean false")
}
