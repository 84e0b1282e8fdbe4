//! The tray as its host sees it: `StatusNotifierItem`s, and their menus over `com.canonical.dbusmenu`.

use super::menu::{Layout, MenuEntry};
use crate::SessionBus;
use crate::command::{wait_for, wait_for_or};
use std::collections::HashMap;
use zbus::blocking::Connection;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};

const WATCHER: &str = "org.kde.StatusNotifierWatcher";
const ITEM: &str = "org.kde.StatusNotifierItem";
const MENU: &str = "com.canonical.dbusmenu";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";

/// Looks at the tray of a desktop.
///
/// ```no_run
/// # let desktop = holdfast_testkit::desktop::Desktop::start();
/// let item = desktop.tray().wait_for_item();
/// item.wait_for_menu("a line for dev", |menu| menu.find(&["dev"]).is_some());
/// item.click(&["dev", "Sign out"]);
/// ```
#[derive(Debug)]
pub struct TrayClient {
    bus: Connection,
}

impl TrayClient {
    /// On the bus of a desktop.
    pub(super) fn connect(bus: &SessionBus) -> Self {
        Self { bus: bus.connect() }
    }

    /// Items that are registered now; none when there is no host.
    pub fn items(&self) -> Vec<TrayItem> {
        let asked = (
            "org.kde.StatusNotifierWatcher",
            "RegisteredStatusNotifierItems",
        );
        let path = "/StatusNotifierWatcher";
        let reply = self
            .bus
            .call_method(Some(WATCHER), path, Some(PROPERTIES), "Get", &asked);
        let Some(value) = reply.ok().and_then(|reply| reply.body().deserialize().ok()) else {
            return Vec::new();
        };
        let value: OwnedValue = value;
        let names: Vec<String> = value.try_into().unwrap_or_default();
        names.iter().map(|name| self.item(name)).collect()
    }

    /// Waits for the first item.
    ///
    /// # Panics
    /// When none comes.
    pub fn wait_for_item(&self) -> TrayItem {
        wait_for("a tray icon", || self.items().into_iter().next())
    }

    /// An item by what it is registered as: a name on the bus, and mostly a path behind it.
    fn item(&self, registered: &str) -> TrayItem {
        let (name, path) = match registered.find('/') {
            Some(slash) => registered.split_at(slash),
            None => (registered, "/StatusNotifierItem"),
        };
        TrayItem {
            bus: self.bus.clone(),
            name: name.to_owned(),
            path: path.to_owned(),
        }
    }
}

/// What the tray shows for an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrayIcon {
    /// Name of the icon, or the path of its file; libappindicator names a file it has just written.
    pub name: String,
    /// Folder in which the name is looked up first.
    pub theme_path: String,
    /// What a screen reader says.
    pub description: String,
}

/// One icon in the tray.
#[derive(Clone, Debug)]
pub struct TrayItem {
    bus: Connection,
    name: String,
    path: String,
}

impl TrayItem {
    /// Its id, which names the program.
    pub fn id(&self) -> String {
        self.text("Id")
    }

    /// Its title.
    pub fn title(&self) -> String {
        self.text("Title")
    }

    /// `Active`, `Passive` or `NeedsAttention`.
    pub fn status(&self) -> String {
        self.text("Status")
    }

    /// Its picture.
    pub fn icon(&self) -> TrayIcon {
        TrayIcon {
            name: self.text("IconName"),
            theme_path: self.text("IconThemePath"),
            description: self.text("IconAccessibleDesc"),
        }
    }

    /// The menu as it is now; `None` when the item is gone or has none.
    pub fn menu(&self) -> Option<MenuEntry> {
        let path = self.menu_path()?;
        // Whether it has changed does not matter: it is read in full.
        let _ = self.call(&path, "AboutToShow", &0_i32);
        let properties: &[&str] = &[];
        let layout = self.call(&path, "GetLayout", &(0_i32, -1_i32, properties))?;
        let (_, root): (u32, Layout) = layout.body().deserialize().ok()?;
        Some(MenuEntry::read(&root))
    }

    /// Waits until the menu is as it should be, and answers with it.
    ///
    /// # Panics
    /// When it does not become so; shows the menu then.
    pub fn wait_for_menu(&self, what: &str, is_so: impl Fn(&MenuEntry) -> bool) -> MenuEntry {
        wait_for_or(
            || self.menu().filter(|menu| is_so(menu)),
            || match self.menu() {
                Some(menu) => panic!("{what}: not in the menu within 20 s; it is\n{menu}"),
                None => panic!("{what}: there is no menu"),
            },
        )
    }

    /// Chooses an entry by the labels on the way to it, waiting until it is there and can be chosen.
    ///
    /// # Panics
    /// When there is no such entry.
    pub fn click(&self, path: &[&str]) {
        let can_be_chosen = |menu: &MenuEntry| menu.find(path).is_some_and(|entry| entry.enabled);
        let menu = self.wait_for_menu(&path.join(" ▸ "), can_be_chosen);
        let entry = menu.find(path).expect("it was there just now");
        let event = (entry.id, "clicked", Value::from(""), 0_u32);
        let menu_path = self.menu_path().expect("the item has a menu");
        let answer = self.call(&menu_path, "Event", &event);
        assert!(answer.is_some(), "the menu takes no click");
    }

    fn menu_path(&self) -> Option<String> {
        let path: OwnedObjectPath = self.property("Menu")?.try_into().ok()?;
        Some(path.to_string())
    }

    fn text(&self, property: &str) -> String {
        let value = self.property(property);
        value
            .and_then(|value| value.try_into().ok())
            .unwrap_or_default()
    }

    fn property(&self, name: &str) -> Option<OwnedValue> {
        let path = self.path.as_str();
        let target = Some(self.name.as_str());
        let reply = self
            .bus
            .call_method(target, path, Some(PROPERTIES), "GetAll", &ITEM);
        let mut all: HashMap<String, OwnedValue> = reply.ok()?.body().deserialize().ok()?;
        all.remove(name)
    }

    fn call<B>(&self, path: &str, method: &str, body: &B) -> Option<zbus::Message>
    where
        B: serde::Serialize + zbus::zvariant::DynamicType,
    {
        let target = Some(self.name.as_str());
        self.bus
            .call_method(target, path, Some(MENU), method, body)
            .ok()
    }
}
