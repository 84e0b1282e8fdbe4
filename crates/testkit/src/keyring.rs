//! A private session bus with a real GNOME Keyring on it.

use crate::command::{Running, wait_until};
use crate::home::ScratchHome;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;
use zbus::zvariant::{ObjectPath, OwnedObjectPath, OwnedValue, Value};

const SECRETS: &str = "org.freedesktop.secrets";
const SERVICE: &str = "org.freedesktop.Secret.Service";
const SERVICE_PATH: &str = "/org/freedesktop/secrets";

/// The password of the keyrings made here.
const PASSWORD: &[u8] = b"a password of the tests";

/// A session bus that starts no services by itself.
#[derive(Debug)]
pub struct SessionBus {
    address: String,
    daemon: Running,
}

impl SessionBus {
    /// Starts a bus whose socket is in the home's runtime folder.
    ///
    /// # Panics
    /// When the package `dbus` is missing or its daemon does not start.
    pub fn start(home: &ScratchHome) -> Self {
        let socket = home.runtime_dir().join("bus");
        let config = home.write("bus.conf", configuration(&socket));
        // A daemon that was killed leaves its socket behind, and would not start beside it.
        let _ = std::fs::remove_file(&socket);
        let mut command = home.command("dbus-daemon");
        command
            .args(["--nofork", "--nopidfile"])
            .arg(format!("--config-file={}", config.display()));
        let daemon = Running::start(command.stdin(Stdio::null()));
        let address = format!("unix:path={}", socket.display());
        let bus = Self { address, daemon };
        wait_until("the session bus listens", || bus.try_connect().is_some());
        bus
    }

    /// Value of `DBUS_SESSION_BUS_ADDRESS`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Ends the bus at once; everybody on it loses the connection.
    pub fn kill(&mut self) {
        self.daemon.kill();
    }

    /// A command in the home with this bus as its session bus.
    pub fn command(&self, home: &ScratchHome, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = home.command(program);
        command.env("DBUS_SESSION_BUS_ADDRESS", &self.address);
        command
    }

    fn try_connect(&self) -> Option<Connection> {
        Builder::address(self.address.as_str()).ok()?.build().ok()
    }

    /// A connection of the test's own.
    ///
    /// # Panics
    /// When the bus has ended.
    pub fn connect(&self) -> Connection {
        self.try_connect()
            .expect("the session bus takes connections")
    }

    /// Process id of the daemon.
    pub fn id(&self) -> u32 {
        self.daemon.id()
    }

    /// Whether somebody serves under this name.
    pub fn has_owner(&self, name: &str) -> bool {
        let bus = self.connect();
        let target = Some("org.freedesktop.DBus");
        let reply = bus.call_method(target, "/", target, "NameHasOwner", &name);
        reply
            .and_then(|reply| reply.body().deserialize())
            .unwrap_or(false)
    }
}

/// A real GNOME Keyring with an unlocked login keyring that is the default.
#[derive(Debug)]
pub struct Keyring {
    daemon: Running,
}

impl Keyring {
    /// Starts the daemon on a bus; the keyrings are in the home and outlive the daemon.
    ///
    /// # Panics
    /// When the package `gnome-keyring` is missing or its daemon does not come up.
    pub fn start(home: &ScratchHome, bus: &SessionBus) -> Self {
        let daemon = launch(home, bus, &["--foreground", "--unlock"], PASSWORD);
        wait_until("the keyring is on the bus", || bus.has_owner(SECRETS));
        // It exists a moment before it is unlocked.
        wait_until("there is an unlocked default keyring", || {
            is_locked(&bus.connect()) == Some(false)
        });
        Self { daemon }
    }

    /// Starts the daemon as on a desktop where nobody has logged in yet: without a default keyring.
    ///
    /// # Panics
    /// When the package `gnome-keyring` is missing or its daemon does not come up.
    pub fn start_empty(home: &ScratchHome, bus: &SessionBus) -> Self {
        let daemon = launch(home, bus, &["--foreground"], b"");
        wait_until("the keyring is on the bus", || bus.has_owner(SECRETS));
        Self { daemon }
    }

    /// Process id of the daemon.
    pub fn id(&self) -> u32 {
        self.daemon.id()
    }

    /// Locks the default keyring.
    ///
    /// # Panics
    /// When the keyring refuses.
    pub fn lock(&self, bus: &SessionBus) {
        let connection = bus.connect();
        let path = collection(&connection).expect("there is a default keyring");
        let objects = vec![ObjectPath::from(path)];
        let reply =
            connection.call_method(Some(SECRETS), SERVICE_PATH, Some(SERVICE), "Lock", &objects);
        reply.expect("the keyring locks");
    }

    /// Unlocks the default keyring without a prompt.
    ///
    /// # Panics
    /// When that fails.
    pub fn unlock(&self, bus: &SessionBus) {
        const UNATTENDED: &str = "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface";
        let bus = bus.connect();
        let keyring = collection(&bus).expect("there is a default keyring");
        let plain = ("plain", Value::from(""));
        let session = bus.call_method(
            Some(SECRETS),
            SERVICE_PATH,
            Some(SERVICE),
            "OpenSession",
            &plain,
        );
        let session = session.expect("the keyring opens a session");
        let (_, session): (OwnedValue, OwnedObjectPath) =
            session.body().deserialize().expect("a session");
        let password = (session, Vec::<u8>::new(), PASSWORD.to_vec(), "text/plain");
        bus.call_method(
            Some(SECRETS),
            SERVICE_PATH,
            Some(UNATTENDED),
            "UnlockWithMasterPassword",
            &(keyring, password),
        )
        .expect("the keyring unlocks");
    }

    /// Ends the daemon at once.
    pub fn kill(&mut self) {
        self.daemon.kill();
    }
}

fn launch(home: &ScratchHome, bus: &SessionBus, arguments: &[&str], password: &[u8]) -> Running {
    let mut command = bus.command(home, "gnome-keyring-daemon");
    command.arg("--components=secrets").args(arguments);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut daemon = Running::start(&mut command);
    let stdin = daemon.child().stdin.take();
    let written = stdin.map(|mut stdin| stdin.write_all(password));
    assert!(
        matches!(written, Some(Ok(()))),
        "gnome-keyring-daemon takes no password"
    );
    daemon
}

fn collection(bus: &Connection) -> Option<OwnedObjectPath> {
    let service = Some(SERVICE);
    let reply = bus.call_method(
        Some(SECRETS),
        SERVICE_PATH,
        service,
        "ReadAlias",
        &"default",
    );
    let path: OwnedObjectPath = reply.ok()?.body().deserialize().ok()?;
    (path.as_str() != "/").then_some(path)
}

/// Whether the default keyring is locked; `None` when there is none.
fn is_locked(bus: &Connection) -> Option<bool> {
    let path = collection(bus)?;
    let properties = Some("org.freedesktop.DBus.Properties");
    let locked = ("org.freedesktop.Secret.Collection", "Locked");
    let reply = bus.call_method(Some(SECRETS), &path, properties, "Get", &locked);
    let value: OwnedValue = reply.ok()?.body().deserialize().ok()?;
    value.try_into().ok()
}

fn configuration(socket: &Path) -> String {
    format!(
        r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#,
        socket.display()
    )
}

#[cfg(test)]
mod tests {
    use super::{Keyring, SECRETS, SessionBus, is_locked};
    use crate::home::ScratchHome;

    #[test]
    fn a_keyring_comes_and_goes() {
        let home = ScratchHome::new();
        let bus = SessionBus::start(&home);
        assert!(!bus.has_owner(SECRETS));
        let mut keyring = Keyring::start(&home, &bus);
        keyring.lock(&bus);
        assert_eq!(is_locked(&bus.connect()), Some(true));
        keyring.unlock(&bus);
        assert_eq!(is_locked(&bus.connect()), Some(false));
        keyring.kill();
        crate::wait_until("the name is free", || !bus.has_owner(SECRETS));
        Keyring::start(&home, &bus);
    }
}
