//! The menu of the tray in Tauri's terms.

use holdfast_desktop::menu::{Change, Entry, Menu as Wanted};
use tauri::menu::{IsMenuItem, Menu, MenuItem, PredefinedMenuItem, Submenu};
use tauri::{AppHandle, Result, Wry};

/// The menu that is shown, with a handle for every entry.
pub(super) struct Shown {
    menu: Menu<Wry>,
    entries: Vec<Handle>,
}

enum Handle {
    Item(MenuItem<Wry>),
    Submenu {
        submenu: Submenu<Wry>,
        entries: Vec<Handle>,
    },
    Separator(PredefinedMenuItem<Wry>),
}

impl Handle {
    fn item(&self) -> &dyn IsMenuItem<Wry> {
        match self {
            Self::Item(item) => item,
            Self::Submenu { submenu, .. } => submenu,
            Self::Separator(separator) => separator,
        }
    }
}

impl Shown {
    /// Makes a menu. An entry's id is what a click on it means.
    pub(super) fn build(app: &AppHandle, wanted: &Wanted) -> Result<Self> {
        let entries = handles(app, &wanted.entries)?;
        let menu = Menu::with_items(app, &items(&entries))?;
        Ok(Self { menu, entries })
    }

    /// The menu for the tray.
    pub(super) fn menu(&self) -> &Menu<Wry> {
        &self.menu
    }

    /// Whether a change of an entry in its place is seen. On Linux the label of a submenu stays what it was when
    /// the menu was exported to the tray's host.
    pub(super) fn can_change(&self, change: &Change) -> bool {
        let Change::Label { path, .. } = change else {
            return true;
        };
        let is_submenu = matches!(self.at(path), Some(Handle::Submenu { .. }));
        !(cfg!(target_os = "linux") && is_submenu)
    }

    /// Changes one entry in its place.
    pub(super) fn change(&self, change: &Change) -> Result<()> {
        match change {
            Change::Label { path, label } => match self.at(path) {
                Some(Handle::Item(item)) => item.set_text(plain(label)),
                Some(Handle::Submenu { submenu, .. }) => submenu.set_text(plain(label)),
                Some(Handle::Separator(_)) | None => Ok(()),
            },
            Change::Enabled { path, enabled } => match self.at(path) {
                Some(Handle::Item(item)) => item.set_enabled(*enabled),
                Some(Handle::Submenu { submenu, .. }) => submenu.set_enabled(*enabled),
                Some(Handle::Separator(_)) | None => Ok(()),
            },
        }
    }

    fn at(&self, path: &[usize]) -> Option<&Handle> {
        let (last, way) = path.split_last()?;
        let mut level = &self.entries;
        for index in way {
            let Handle::Submenu { entries, .. } = level.get(*index)? else {
                return None;
            };
            level = entries;
        }
        level.get(*last)
    }
}

fn handles(app: &AppHandle, wanted: &[Entry]) -> Result<Vec<Handle>> {
    wanted.iter().map(|entry| handle(app, entry)).collect()
}

fn handle(app: &AppHandle, entry: &Entry) -> Result<Handle> {
    Ok(match entry {
        Entry::Separator => Handle::Separator(PredefinedMenuItem::separator(app)?),
        Entry::Item(item) => {
            let (id, text) = (item.action.to_id(), plain(&item.label));
            let none = None::<&str>;
            Handle::Item(MenuItem::with_id(app, id, text, item.enabled, none)?)
        }
        Entry::Submenu { label, entries } => {
            let entries = handles(app, entries)?;
            let submenu = Submenu::with_items(app, plain(label), true, &items(&entries))?;
            Handle::Submenu { submenu, entries }
        }
    })
}

fn items(handles: &[Handle]) -> Vec<&dyn IsMenuItem<Wry>> {
    handles.iter().map(Handle::item).collect()
}

/// A label without access keys, which an ampersand would make.
fn plain(label: &str) -> String {
    label.replace('&', "&&")
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn names_make_no_access_keys() {
        assert_eq!(plain("R&D_team · needs you"), "R&&D_team · needs you");
    }
}
