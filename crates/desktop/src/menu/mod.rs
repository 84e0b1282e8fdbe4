//! The tray's menu as a plain value: built from the state, compared with the one that is shown.

mod action;
mod build;
mod choice;
mod portal;
mod problem;
mod profile;
mod repositories;
#[cfg(test)]
mod tests;
mod update;

pub use action::Action;
pub use build::{State, build};
pub use update::{Change, Update, update};

/// Most entries of one menu that a person sees at once.
pub const MAX_ENTRIES: usize = 40;

/// The whole menu.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Menu {
    /// From top to bottom.
    pub entries: Vec<Entry>,
}

/// One line of a menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Something to click.
    Item(Item),
    /// Opens another menu beside it.
    Submenu {
        /// As a person reads it: nothing in it is a mnemonic.
        label: String,
        /// From top to bottom.
        entries: Vec<Entry>,
    },
    /// A line between groups.
    Separator,
}

/// Something to click.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// As a person reads it: nothing in it is a mnemonic.
    pub label: String,
    /// Whether it can be clicked.
    pub enabled: bool,
    /// What a click means.
    pub action: Action,
}

impl Entry {
    /// Something that can be clicked.
    pub(crate) fn item(label: impl Into<String>, action: Action) -> Self {
        Self::item_if(true, label, action)
    }

    /// Something that can be clicked under a condition. It stays in its place otherwise, so that the menu
    /// keeps its structure.
    pub(crate) fn item_if(enabled: bool, label: impl Into<String>, action: Action) -> Self {
        Self::Item(Item {
            label: label.into(),
            enabled,
            action,
        })
    }
}
