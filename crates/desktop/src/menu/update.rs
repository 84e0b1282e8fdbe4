//! What to change in the menu that is shown to get the one that is wanted.

use super::{Entry, Menu};

/// How to get from one menu to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Update {
    /// Entries stay where they are and mean what they meant; some read differently.
    InPlace(Vec<Change>),
    /// Entries came, went or mean something else: the menu is made anew.
    Rebuild,
}

/// A change of one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It reads differently.
    Label {
        /// Its place: one index per level.
        path: Vec<usize>,
        /// What it says from now on.
        label: String,
    },
    /// It can be clicked, or no longer.
    Enabled {
        /// Its place: one index per level.
        path: Vec<usize>,
        /// Whether it can be clicked from now on.
        enabled: bool,
    },
}

/// The fewest changes.
pub fn update(shown: &Menu, wanted: &Menu) -> Update {
    let mut changes = Vec::new();
    let mut path = Vec::new();
    match compare(&shown.entries, &wanted.entries, &mut path, &mut changes) {
        Some(()) => Update::InPlace(changes),
        None => Update::Rebuild,
    }
}

/// Nothing when the structures differ.
fn compare(
    shown: &[Entry],
    wanted: &[Entry],
    path: &mut Vec<usize>,
    changes: &mut Vec<Change>,
) -> Option<()> {
    if shown.len() != wanted.len() {
        return None;
    }
    for (index, pair) in shown.iter().zip(wanted).enumerate() {
        path.push(index);
        match pair {
            (Entry::Separator, Entry::Separator) => {}
            (Entry::Item(shown), Entry::Item(wanted)) if shown.action == wanted.action => {
                relabel(&shown.label, &wanted.label, path, changes);
                if shown.enabled != wanted.enabled {
                    changes.push(Change::Enabled {
                        path: path.clone(),
                        enabled: wanted.enabled,
                    });
                }
            }
            (
                Entry::Submenu { label, entries },
                Entry::Submenu {
                    label: wanted_label,
                    entries: wanted_entries,
                },
            ) => {
                relabel(label, wanted_label, path, changes);
                compare(entries, wanted_entries, path, changes)?;
            }
            _ => return None,
        }
        path.pop();
    }
    Some(())
}

fn relabel(shown: &str, wanted: &str, path: &[usize], changes: &mut Vec<Change>) {
    if shown != wanted {
        changes.push(Change::Label {
            path: path.to_vec(),
            label: wanted.to_owned(),
        });
    }
}
