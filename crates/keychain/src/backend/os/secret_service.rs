//! Secret Service over D-Bus: GNOME Keyring, KDE Wallet, KeePassXC.
//!
//! Two things are done here that keyring-core's store for it does not do. What is locked is told
//! and not unlocked, because unlocking shows a prompt. And the connection is made so that zbus
//! needs no thread pool for it, whose threads would wake the agent twice a second ever after.

use crate::backend::Backend;
use crate::error::KeychainError;
use crate::item::Item;
use secrecy::SecretString;
use secret_service::blocking::{Item as Found, SecretService};
use secret_service::{EncryptionType, Error};
use std::collections::HashMap;
use std::io;
#[cfg(target_os = "linux")]
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixStream};
use std::time::Duration;
use zbus::address::transport::{Transport, UnixSocket};
use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;
use zeroize::Zeroizing;

/// After this long a call that was given up ends, and its thread and connection with it.
const CALL_LIMIT: Duration = Duration::from_secs(60);

/// Holds items as text; KDE Wallet can keep nothing else.
const CONTENT_TYPE: &str = "text/plain";

/// The service, connected to anew for each call: the agent calls rarely, and a keychain that was
/// started, unlocked or replaced meanwhile is then found without further ado.
pub(crate) struct OsKeychain {
    service: String,
    bus: Option<SecretService<'static>>,
}

impl OsKeychain {
    pub(crate) fn new(service: String) -> Self {
        Self { service, bus: None }
    }

    fn bus(&mut self) -> Result<&SecretService<'static>, KeychainError> {
        match &mut self.bus {
            Some(bus) => Ok(bus),
            none => Ok(none.insert(connect()?)),
        }
    }

    /// The item that can be used without a prompt, and the service it is in.
    fn find(&mut self, item: &Item) -> Result<Search<'_>, KeychainError> {
        let (service, account) = (self.service.clone(), item.account());
        let bus = self.bus()?;
        let found = bus.search_items(attributes(&service, Some(&account)));
        let mut found = found.map_err(failed)?;
        if !found.locked.is_empty() {
            return Err(KeychainError::Locked);
        }
        if found.unlocked.len() > 1 {
            let item = item.to_string();
            return Err(KeychainError::Ambiguous { item });
        }
        let found = found.unlocked.pop();
        Ok(Search { bus, found })
    }
}

struct Search<'a> {
    bus: &'a SecretService<'static>,
    found: Option<Found<'a>>,
}

impl Backend for OsKeychain {
    fn read(&mut self, item: &Item) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainError> {
        let Search { bus, found } = self.find(item)?;
        match found {
            Some(found) => {
                let secret = found.get_secret().map_err(failed)?;
                Ok(Some(Zeroizing::new(secret)))
            }
            None => no_item(bus).map(|()| None),
        }
    }

    fn write(&mut self, item: &Item, secret: &[u8]) -> Result<(), KeychainError> {
        let service = self.service.clone();
        let Search { bus, found } = self.find(item)?;
        if let Some(found) = found {
            return found.set_secret(secret, CONTENT_TYPE).map_err(failed);
        }
        let collection = match bus.get_default_collection() {
            // Making the first collection asks for a password, as unlocking does.
            Err(Error::NoResult) => return Err(KeychainError::Locked),
            collection => collection.map_err(failed)?,
        };
        if collection.is_locked().map_err(failed)? {
            return Err(KeychainError::Locked);
        }
        let (account, label) = (item.account(), format!("Holdfast: {item}"));
        let attributes = attributes(&service, Some(&account));
        let made = collection.create_item(&label, attributes, secret, true, CONTENT_TYPE);
        made.map(drop).map_err(failed)
    }

    fn remove(&mut self, item: &Item) -> Result<bool, KeychainError> {
        let Search { bus, found } = self.find(item)?;
        match found {
            Some(found) => found.delete().map(|()| true).map_err(failed),
            None => no_item(bus).map(|()| false),
        }
    }

    fn items(&mut self) -> Result<Vec<Item>, KeychainError> {
        let service = self.service.clone();
        let bus = self.bus()?;
        let found = bus.search_items(attributes(&service, None));
        let found = found.map_err(failed)?;
        if !found.locked.is_empty() {
            return Err(KeychainError::Locked);
        }
        if found.unlocked.is_empty() {
            no_item(bus)?;
        }
        let mut items = Vec::with_capacity(found.unlocked.len());
        for item in &found.unlocked {
            let attributes = item.get_attributes().map_err(failed)?;
            let account = attributes.get("username");
            items.extend(account.and_then(|account| Item::from_account(account)));
        }
        Ok(items)
    }

    /// Unlocks the default collection, which is made when there is none, and our items elsewhere.
    fn unlock(&mut self, _passphrase: Option<&SecretString>) -> Result<(), KeychainError> {
        let service = self.service.clone();
        let bus = self.bus()?;
        let unlock = || {
            match bus.get_default_collection() {
                Ok(collection) if collection.is_locked()? => collection.unlock()?,
                Ok(_) => {}
                Err(Error::NoResult) => drop(bus.create_collection("Login", "default")?),
                Err(error) => return Err(error),
            }
            let found = bus.search_items(attributes(&service, None))?;
            if !found.locked.is_empty() {
                bus.unlock_all(&found.locked.iter().collect::<Vec<_>>())?;
            }
            Ok(())
        };
        unlock().map_err(failed)
    }

    fn lock(&mut self) {}

    fn rest(&mut self) {
        self.bus = None;
    }
}

fn attributes<'a>(service: &'a str, account: Option<&'a str>) -> HashMap<&'a str, &'a str> {
    let account = account.map(|account| ("username", account));
    [("service", service)].into_iter().chain(account).collect()
}

/// Some services do not list the items of a locked collection, so that "no such item" can be
/// believed only while the default collection is open.
fn no_item(bus: &SecretService<'_>) -> Result<(), KeychainError> {
    match bus.get_default_collection() {
        Err(Error::NoResult) => Ok(()),
        collection => match collection.and_then(|collection| collection.is_locked()) {
            Ok(false) => Ok(()),
            Ok(true) => Err(KeychainError::Locked),
            Err(error) => Err(failed(error)),
        },
    }
}

fn connect() -> Result<SecretService<'static>, KeychainError> {
    let connected = connect_to_bus().map_err(Error::from);
    let connected =
        connected.and_then(|bus| SecretService::connect_with_existing(EncryptionType::Dh, bus));
    connected.map_err(failed)
}

fn connect_to_bus() -> zbus::Result<Connection> {
    let address = zbus::Address::session()?;
    let builder = match unix_address(&address)? {
        Some(socket) => {
            let stream = UnixStream::connect_addr(&socket)?;
            stream.set_nonblocking(true)?;
            Builder::async_io_unix_stream(stream)
        }
        None => Builder::address(address)?,
    };
    builder.method_timeout(CALL_LIMIT).build()
}

/// The socket of a bus, or `None` for one that is reached in another way.
fn unix_address(address: &zbus::Address) -> io::Result<Option<SocketAddr>> {
    let Transport::Unix(unix) = address.transport() else {
        return Ok(None);
    };
    if let UnixSocket::File(path) = unix.path() {
        return SocketAddr::from_pathname(path).map(Some);
    }
    #[cfg(target_os = "linux")]
    if let UnixSocket::Abstract(name) = unix.path() {
        return SocketAddr::from_abstract_name(name.as_encoded_bytes()).map(Some);
    }
    Ok(None)
}

fn failed(error: Error) -> KeychainError {
    if matches!(error, Error::Locked) || is_named(&error, &[IS_LOCKED]) {
        KeychainError::Locked
    } else if matches!(error, Error::Prompt) {
        let source = Some(error.into());
        KeychainError::Denied { source }
    } else if is_absence(&error) {
        let source = Some(error.into());
        KeychainError::Absent { source }
    } else {
        let source = error.into();
        KeychainError::Failed { source }
    }
}

/// <https://specifications.freedesktop.org/secret-service/latest/errors.html>
const IS_LOCKED: &str = "org.freedesktop.Secret.Error.IsLocked";

/// What a bus says of a service that is not there or went away.
const NOBODY: [&str; 4] = [
    "org.freedesktop.DBus.Error.ServiceUnknown",
    "org.freedesktop.DBus.Error.NameHasNoOwner",
    "org.freedesktop.DBus.Error.NoReply",
    "org.freedesktop.DBus.Error.Disconnected",
];

/// No bus to talk to, or nobody on it who keeps secrets.
fn is_absence(error: &Error) -> bool {
    if let Error::Zbus(zbus::Error::InputOutput(error)) = error {
        return error.kind() != io::ErrorKind::TimedOut;
    }
    let unreachable = matches!(
        error,
        Error::Unavailable
            | Error::PromptDisconnected
            | Error::Zbus(zbus::Error::Connection(..) | zbus::Error::Address(_))
    );
    unreachable || is_named(error, &NOBODY)
}

fn is_named(error: &Error, names: &[&str]) -> bool {
    if let Error::Zbus(zbus::Error::MethodError(name, ..)) = error {
        names.contains(&name.as_str())
    } else {
        false
    }
}
