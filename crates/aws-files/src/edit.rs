//! Edits that change only the bytes they are asked to change.

mod lines;

pub use lines::LineEdit;

use crate::document::{Block, Document, FileKind};
use crate::header::{self, Name, SectionName};
use crate::property::{Key, Property};
use crate::scan::{is_blank, is_utf16, key_and_value, without_comment, without_line_ending};
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use zeroize::Zeroizing;

/// Why an edit is refused. The document is then unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The file is in UTF-16.
    #[error("the file is in UTF-16; save it as UTF-8 first")]
    NotText,
    /// The name cannot be written in this file so that it reads back.
    #[error("the section name cannot be written in this file")]
    Name,
    /// The key is not one.
    #[error("the key cannot be written in a section")]
    Key,
    /// The value cannot be written so that it reads back.
    #[error("the value cannot be written on one line")]
    Value,
}

impl Document {
    /// Sets a key of a section. The line where the key counts is changed; a new key is added at the
    /// end of the section, a new section at the end of the file.
    ///
    /// # Errors
    /// When the name, key or value would not read back as given.
    pub fn set(&mut self, section: &SectionName, key: &str, value: &str) -> Result<(), EditError> {
        let key = self.check(section, key, value)?;
        let name = Name::from(section);
        let of_section: Vec<&Arc<Block>> = self
            .effective_blocks()
            .filter(|block| block.name == name)
            .collect();
        let property = of_section
            .iter()
            .rev()
            .find_map(|block| block.property(&key));
        let patch = match (property, of_section.last()) {
            (Some(property), _) => self.replacing(property, value),
            (None, Some(block)) => self.adding(block, &key, value),
            (None, None) => self.appending(section, &key, value),
        };
        self.apply(&patch);
        Ok(())
    }

    /// Removes a key from a section, wherever in the file the section and the key stand, with its
    /// continuation lines. Says whether there was one.
    pub fn remove(&mut self, section: &SectionName, key: &str) -> bool {
        self.remove_all([(section, key)])
    }

    /// Removes many keys in one pass. Says whether there was any of them.
    pub fn remove_all<'k>(
        &mut self,
        keys: impl IntoIterator<Item = (&'k SectionName, &'k str)>,
    ) -> bool {
        let unwanted: HashSet<(Name, String)> = keys
            .into_iter()
            .map(|(section, key)| (Name::from(section), key.to_ascii_lowercase()))
            .collect();
        let mut removed = BTreeSet::new();
        let lines: Vec<&[u8]> = self.lines().collect();
        for block in self.blocks() {
            for property in &block.properties {
                if unwanted.contains(&(block.name.clone(), property.key.to_string())) {
                    removed.extend(lines_of_property(&lines, property));
                }
            }
        }
        if removed.is_empty() {
            return false;
        }
        self.apply(&Patch {
            removed,
            ..Patch::default()
        });
        true
    }

    /// The key in lower case, when all parts of an assignment read back as given.
    fn check(&self, section: &SectionName, key: &str, value: &str) -> Result<Key, EditError> {
        if is_utf16(self.bytes()) {
            return Err(EditError::NotText);
        }
        let is_config_only = !matches!(section, SectionName::Profile(_));
        let header = header::parse(&section.header(self.kind()), self.kind());
        let reads_back = header.name == Some(Name::from(section)) && header.problem.is_none();
        if !reads_back || (is_config_only && self.kind() == FileKind::Credentials) {
            return Err(EditError::Name);
        }
        if value.contains(char::is_control) {
            return Err(EditError::Value);
        }
        let line = Zeroizing::new(format!("{key} = {value}"));
        if key.starts_with(['#', ';', '[']) {
            return Err(EditError::Key);
        }
        match key_and_value(&line) {
            Ok((read_key, read_value)) if read_value == value && read_key.len() == key.len() => {
                Ok(read_key)
            }
            Ok((read_key, _)) if read_key.len() == key.len() => Err(EditError::Value),
            Ok(_) | Err(_) => Err(EditError::Key),
        }
    }

    /// Changes the value in the line of a property; continuation lines go, a comment stays.
    fn replacing(&self, property: &Property, value: &str) -> Patch {
        let lines: Vec<&[u8]> = self.lines().collect();
        let mut removed: BTreeSet<usize> = lines_of_property(&lines, property).collect();
        let at = index(property.line);
        removed.remove(&at);
        let line = lines.get(at).copied().unwrap_or_default();
        // The line was understood, so it is text with an equals sign before any comment.
        let text = str::from_utf8(without_line_ending(line)).unwrap_or_default();
        let start = text.find('=').map_or(text.len(), |equals| equals + 1);
        let statement = without_comment(text).len().max(start);
        let spaces = text[start..statement].len()
            - text[start..statement].trim_start_matches(is_blank).len();
        let (before, gap) = match &text[start..statement] {
            "" if text[..start].ends_with(" =") => (&text[..start], " "),
            written if written.trim_matches(is_blank).is_empty() => (&text[..statement], ""),
            _ => (&text[..start + spaces], ""),
        };
        let old_end = text[..statement]
            .trim_end_matches(is_blank)
            .len()
            .max(before.len());
        let mut new = Zeroizing::new(Vec::with_capacity(line.len() + value.len() + 1));
        for part in [before, gap, value, &text[old_end..]] {
            new.extend_from_slice(part.as_bytes());
        }
        new.extend_from_slice(&line[text.len()..]);
        Patch {
            removed,
            replaced: Some((at, new)),
            ..Patch::default()
        }
    }

    /// Adds a line after the last one of a section, indented like the property there.
    fn adding(&self, block: &Block, key: &str, value: &str) -> Patch {
        let after = index(block.last_line);
        // After a line that is not understood only one at the margin is sure to be a new property.
        let last = block.properties.iter().max_by_key(|property| property.line);
        let understood = last.filter(|property| property.last_line == block.last_line);
        let indent = understood.map_or("", |property| {
            let line = self.lines().nth(index(property.line));
            let text = str::from_utf8(line.unwrap_or_default()).unwrap_or_default();
            &text[..text.len() - text.trim_start_matches(is_blank).len()]
        });
        let ending = self.line_ending(after);
        let line = format!("{indent}{key} = {value}{ending}");
        Patch {
            inserted: Some((after + 1, vec![Zeroizing::new(line.into_bytes())])),
            ..Patch::default()
        }
    }

    /// Adds a section at the end of the file, after an empty line.
    fn appending(&self, section: &SectionName, key: &str, value: &str) -> Patch {
        let count = self.lines().count();
        let ending = self.line_ending(count);
        let mut lines = vec![
            format!("{}{ending}", section.header(self.kind())),
            format!("{key} = {value}{ending}"),
        ];
        let is_blank_line = |line: &[u8]| without_line_ending(line).trim_ascii().is_empty();
        if self.lines().last().is_some_and(|line| !is_blank_line(line)) {
            lines.insert(0, ending.to_owned());
        }
        Patch {
            inserted: Some((
                count,
                lines
                    .into_iter()
                    .map(|line| Zeroizing::new(line.into_bytes()))
                    .collect(),
            )),
            ..Patch::default()
        }
    }

    /// The line ending used around a line, else in the file, else a line feed.
    fn line_ending(&self, at: usize) -> &'static str {
        let near = self.lines().nth(at).filter(|line| line.ends_with(b"\n"));
        match near.or_else(|| self.lines().next()) {
            Some(line) if line.ends_with(b"\r\n") => "\r\n",
            _ => "\n",
        }
    }

    fn apply(&mut self, patch: &Patch) {
        let added = patch.added_len();
        let mut bytes = Zeroizing::new(Vec::with_capacity(self.bytes().len() + added + 2));
        let mut line_map = Vec::new();
        let count = self.lines().count();
        let ending = self.line_ending(count);
        for (at, line) in self.lines().chain([&b""[..]]).enumerate() {
            if let Some((before, lines)) = &patch.inserted
                && *before == at
            {
                if bytes.ends_with(b"\r") {
                    bytes.push(b'\n');
                } else if !bytes.is_empty() && !bytes.ends_with(b"\n") {
                    bytes.extend_from_slice(ending.as_bytes());
                }
                for line in lines {
                    bytes.extend_from_slice(line);
                    line_map.push(None);
                }
            }
            if at == count || patch.removed.contains(&at) {
                continue;
            }
            match &patch.replaced {
                Some((replaced, new)) if *replaced == at => {
                    bytes.extend_from_slice(new);
                    line_map.push((**new == *line).then_some(at));
                }
                _ => {
                    bytes.extend_from_slice(line);
                    line_map.push(Some(at));
                }
            }
        }
        if patch.unended {
            let content = without_line_ending(&bytes).len();
            bytes.truncate(content);
        }
        if *bytes != *self.bytes() {
            self.replace(bytes, line_map);
        }
    }
}

/// A change in terms of lines, counted from 0.
#[derive(Default)]
struct Patch {
    removed: BTreeSet<usize>,
    replaced: Option<(usize, Zeroizing<Vec<u8>>)>,
    /// Lines that come before the line with this number.
    inserted: Option<(usize, Vec<Zeroizing<Vec<u8>>>)>,
    /// The last line loses its ending.
    unended: bool,
}

impl Patch {
    fn added_len(&self) -> usize {
        let replaced = self.replaced.iter().map(|(_, line)| line.len());
        let inserted = self
            .inserted
            .iter()
            .flat_map(|(_, lines)| lines)
            .map(|line| line.len());
        replaced.chain(inserted).sum()
    }
}

/// The numbers of a property's lines, from 0, without comments and empty lines between them.
fn lines_of_property(lines: &[&[u8]], property: &Property) -> impl Iterator<Item = usize> {
    let (first, last) = (index(property.line), index(property.last_line));
    (first..=last)
        .filter(move |&at| at == first || lines.get(at).is_some_and(|line| is_continuation(line)))
}

/// From lines counted from 1 to lines counted from 0.
pub(crate) fn index(line: u32) -> usize {
    line.saturating_sub(1) as usize
}

/// A line within a property that belongs to its value.
pub(crate) fn is_continuation(line: &[u8]) -> bool {
    let content = without_line_ending(line).trim_ascii_start();
    str::from_utf8(line).is_ok()
        && !content.is_empty()
        && !content.starts_with(b"#")
        && !content.starts_with(b";")
}
