//! A tray menu as a tree of labels.

use std::collections::HashMap;
use std::fmt;
use zbus::zvariant::{OwnedValue, Structure, Value};

/// An entry as `com.canonical.dbusmenu` sends it: id, properties, children.
pub(super) type Layout = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

/// An entry of a menu, with those of its submenu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuEntry {
    /// Its number on the bus; another one whenever the menu is rebuilt.
    pub id: i32,
    /// What the person reads, without marks of access keys; empty for a separator.
    pub label: String,
    /// Whether it can be chosen.
    pub enabled: bool,
    /// Whether it is shown.
    pub visible: bool,
    /// Whether it has a check mark; `None` when it is no check box.
    pub checked: Option<bool>,
    /// Whether it is a line between others.
    pub separator: bool,
    /// Entries of its submenu.
    pub children: Vec<MenuEntry>,
}

impl MenuEntry {
    /// From what the bus sent.
    pub(super) fn read(layout: &Layout) -> Self {
        let (id, properties, children) = layout;
        let property = |name: &str| properties.get(name).map(|value| &**value);
        Self::assemble(*id, &property, children.iter().map(|child| &**child))
    }

    fn assemble<'a>(
        id: i32,
        property: &dyn Fn(&str) -> Option<&'a Value<'a>>,
        children: impl Iterator<Item = &'a Value<'a>>,
    ) -> Self {
        let text = |name: &str| match property(name) {
            Some(Value::Str(text)) => text.to_string(),
            _ => String::new(),
        };
        // Properties with their usual value are not sent.
        let flag = |name: &str| !matches!(property(name), Some(Value::Bool(false)));
        let checkable = !text("toggle-type").is_empty();
        let on = matches!(property("toggle-state"), Some(Value::I32(1)));
        Self {
            id,
            label: without_access_keys(&text("label")),
            enabled: flag("enabled"),
            visible: flag("visible"),
            checked: checkable.then_some(on),
            separator: text("type") == "separator",
            children: children.filter_map(Self::of_value).collect(),
        }
    }

    fn of_value(value: &Value<'_>) -> Option<Self> {
        if let Value::Value(inner) = value {
            return Self::of_value(inner);
        }
        let Value::Structure(structure) = value else {
            return None;
        };
        Self::of_structure(structure)
    }

    fn of_structure(structure: &Structure<'_>) -> Option<Self> {
        let [
            Value::I32(id),
            Value::Dict(properties),
            Value::Array(children),
        ] = structure.fields()
        else {
            return None;
        };
        let mut named: HashMap<&str, &Value<'_>> = HashMap::new();
        for (name, value) in properties.iter() {
            if let (Value::Str(name), Value::Value(value)) = (name, value) {
                named.insert(name.as_str(), value);
            }
        }
        let property = |name: &str| named.get(name).copied();
        Some(Self::assemble(*id, &property, children.iter()))
    }

    /// The entry at this path of labels, each a whole label.
    pub fn find(&self, path: &[&str]) -> Option<&Self> {
        let Some((first, rest)) = path.split_first() else {
            return Some(self);
        };
        let mut shown = self.children.iter().filter(|entry| entry.visible);
        shown.find(|entry| entry.label == *first)?.find(rest)
    }

    /// Labels of the entries that are shown, separators left out.
    pub fn labels(&self) -> Vec<&str> {
        let shown = self.children.iter();
        let shown = shown.filter(|entry| entry.visible && !entry.separator);
        shown.map(|entry| entry.label.as_str()).collect()
    }

    /// How many entries are shown, in all submenus together.
    pub fn count(&self) -> usize {
        let shown = self.children.iter().filter(|entry| entry.visible);
        shown.map(|entry| 1 + entry.count()).sum()
    }
}

/// The whole tree with two spaces for each level, as it is compared and read in tests.
impl fmt::Display for MenuEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fn write(entry: &MenuEntry, depth: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            for child in entry.children.iter().filter(|child| child.visible) {
                let label = if child.separator { "---" } else { &child.label };
                let mark = match child.checked {
                    Some(true) => "[x] ",
                    Some(false) => "[ ] ",
                    None => "",
                };
                let off = if child.enabled { "" } else { " (off)" };
                writeln!(f, "{:1$}{mark}{label}{off}", "", depth * 2)?;
                write(child, depth + 1, f)?;
            }
            Ok(())
        }
        write(self, 0, f)
    }
}

/// `_Open` is "Open" with an access key, and `__` an underscore.
fn without_access_keys(label: &str) -> String {
    let mut text = String::new();
    let mut characters = label.chars();
    while let Some(character) = characters.next() {
        if character == '_' {
            text.extend(characters.next());
        } else {
            text.push(character);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{MenuEntry, without_access_keys};

    #[test]
    fn access_keys_are_not_read() {
        for (label, read) in [
            ("_Quit", "Quit"),
            ("a__b", "a_b"),
            ("Lock", "Lock"),
            ("_", ""),
        ] {
            assert_eq!(without_access_keys(label), read);
        }
    }

    #[test]
    fn an_entry_is_found_by_its_path() {
        let entry = |label: &str, children| MenuEntry {
            id: 0,
            label: label.to_owned(),
            enabled: true,
            visible: label != "hidden",
            checked: None,
            separator: label.is_empty(),
            children,
        };
        let menu = entry(
            "root",
            vec![
                entry("dev", vec![entry("Sign in", vec![])]),
                entry("", vec![]),
                entry("hidden", vec![]),
            ],
        );
        assert!(menu.find(&["dev", "Sign in"]).is_some());
        assert!(menu.find(&["hidden"]).is_none());
        assert_eq!(menu.labels(), ["dev"]);
        assert_eq!(menu.count(), 3);
        assert_eq!(menu.to_string(), "dev\n  Sign in\n---\n");
    }
}
