//! Whether this desktop shows tray icons at all.

use holdfast_desktop::tray::Message;
use std::sync::mpsc::SyncSender;

/// Tells the controller, now and whenever it changes. Everywhere but on Linux there always is a tray.
#[cfg(not(target_os = "linux"))]
pub(super) fn watch(inbox: SyncSender<Message>, _at_login: bool) {
    super::send(&inbox, Message::TrayHost(true));
}

#[cfg(target_os = "linux")]
pub(super) use linux::watch;

#[cfg(target_os = "linux")]
mod linux {
    use super::{Message, SyncSender};
    use crate::tray::send;
    use futures_util::StreamExt as _;
    use std::time::Duration;
    use zbus::fdo::{DBusProxy, PropertiesProxy};
    use zbus::names::{BusName, InterfaceName};

    const WATCHER: &str = "org.kde.StatusNotifierWatcher";
    const PATH: &str = "/StatusNotifierWatcher";

    /// How long a panel may take to come back, or to come while a person looks on.
    const PATIENCE: Duration = Duration::from_secs(3);

    /// How long a panel may take that starts at the same time.
    const PATIENCE_AT_LOGIN: Duration = Duration::from_secs(60);

    /// Tells the controller, now and whenever it changes.
    pub(in crate::tray) fn watch(inbox: SyncSender<Message>, at_login: bool) {
        let patience = if at_login {
            PATIENCE_AT_LOGIN
        } else {
            PATIENCE
        };
        tauri::async_runtime::spawn(async move {
            if let Err(error) = follow(&inbox, patience).await {
                tracing::warn!("no tray can be looked for: {error}");
                send(&inbox, Message::TrayHost(false));
            }
        });
    }

    async fn follow(inbox: &SyncSender<Message>, patience: Duration) -> zbus::Result<()> {
        let bus = zbus::Connection::session().await?;
        let names = DBusProxy::new(&bus).await?;
        let owner = [(0, WATCHER)];
        let mut changes = names.receive_name_owner_changed_with_args(&owner).await?;
        loop {
            let there = has_host(&bus, &names).await?;
            if !there {
                let change = tokio::time::timeout(patience, changes.next());
                if change.await.is_ok() {
                    continue;
                }
            }
            send(inbox, Message::TrayHost(there));
            if changes.next().await.is_none() {
                return Ok(());
            }
        }
    }

    /// A watcher takes icons; mostly the one who shows them is the same program.
    async fn has_host(bus: &zbus::Connection, names: &DBusProxy<'_>) -> zbus::Result<bool> {
        let watcher = BusName::try_from(WATCHER)?;
        if !names.name_has_owner(watcher).await? {
            return Ok(false);
        }
        let properties = PropertiesProxy::new(bus, WATCHER, PATH).await?;
        let interface = InterfaceName::try_from(WATCHER)?;
        let shown = properties
            .get(interface, "IsStatusNotifierHostRegistered")
            .await;
        // A watcher that does not say shows icons itself.
        Ok(shown.is_ok_and(|shown| bool::try_from(shown).unwrap_or(true)))
    }
}
