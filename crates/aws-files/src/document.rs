//! One file: every byte of it, and what it says.

use crate::edit::index;
use crate::header::{Name, SectionKind, SectionName};
use crate::problem::Problem;
use crate::property::Property;
use crate::scan::{self, without_line_ending};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use zeroize::Zeroizing;

/// Which of the two shared files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// `~/.aws/config` or `AWS_CONFIG_FILE`.
    Config,
    /// `~/.aws/credentials` or `AWS_SHARED_CREDENTIALS_FILE`.
    Credentials,
}

/// A section as it stands in the file.
pub(crate) struct Block {
    pub(crate) name: Name,
    /// Written `[default]` in a config file, which gives way to `[profile default]`.
    pub(crate) bare_default: bool,
    /// Line of the header, counted from 1.
    pub(crate) header_line: u32,
    /// Last line with a header or property of this section.
    pub(crate) last_line: u32,
    /// Sorted by key, of equal keys in the order of the file.
    pub(crate) properties: Vec<Property>,
}

impl Block {
    /// Where a key counts: its last place.
    pub(crate) fn property(&self, key: &str) -> Option<&Property> {
        let after = self
            .properties
            .partition_point(|property| &*property.key <= key);
        let last = self.properties.get(after.checked_sub(1)?)?;
        (last.key == key).then_some(last)
    }

    /// It is about the profile `default`.
    pub(crate) fn is_default(&self) -> bool {
        self.name.kind == SectionKind::Profile && &*self.name.text == "default"
    }
}

/// A file, byte for byte, with what could be understood of it.
///
/// The bytes are wiped from memory when it is dropped.
pub struct Document {
    file: Arc<Path>,
    kind: FileKind,
    bytes: Zeroizing<Vec<u8>>,
    blocks: Vec<Arc<Block>>,
    problems: Vec<Problem>,
    /// The file was there when it was read.
    existed: bool,
    edited: Option<Edited>,
}

/// What an edited document was before its first edit.
pub(crate) struct Edited {
    pub(crate) original: Zeroizing<Vec<u8>>,
    /// For each line of the document the line of the original that it stands for, both from 0.
    pub(crate) line_map: Vec<Option<usize>>,
}

impl Document {
    /// Reads a file's bytes; never fails. `file` names it in locations.
    pub fn parse(file: impl Into<PathBuf>, kind: FileKind, bytes: Vec<u8>) -> Self {
        let bytes = Zeroizing::new(bytes);
        let file: Arc<Path> = file.into().into();
        let scan = scan::scan(&file, kind, &bytes);
        Self {
            file,
            kind,
            bytes,
            blocks: scan.blocks,
            problems: scan.problems,
            existed: true,
            edited: None,
        }
    }

    /// A file that is not there yet.
    pub fn missing(file: impl Into<PathBuf>, kind: FileKind) -> Self {
        Self {
            existed: false,
            ..Self::parse(file, kind, Vec::new())
        }
    }

    /// The file, as it was named when it was read.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Which of the two shared files it is.
    pub fn kind(&self) -> FileKind {
        self.kind
    }

    /// The whole file. Of a credentials file these bytes are secret.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What is wrong in this file, in the order of its lines.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The sections that are understood, in the order of the file, with the line of the header, counted from 0.
    pub fn headers(&self) -> impl Iterator<Item = (SectionName, usize)> {
        self.blocks
            .iter()
            .map(|block| ((&block.name).into(), index(block.header_line)))
    }

    /// The lines without their endings; nothing in place of one that is not UTF-8.
    pub fn text_lines(&self) -> impl Iterator<Item = Option<&str>> {
        self.lines()
            .map(|line| str::from_utf8(without_line_ending(line)).ok())
    }

    /// It was edited since it was read or written.
    pub fn is_edited(&self) -> bool {
        self.edited.is_some()
    }

    /// The lines with their line endings.
    pub(crate) fn lines(&self) -> impl Iterator<Item = &[u8]> {
        lines_of(&self.bytes)
    }

    /// The file as it was read; nothing when it was not there.
    pub(crate) fn original(&self) -> Option<&[u8]> {
        let original = self
            .edited
            .as_ref()
            .map_or(&self.bytes, |edited| &edited.original);
        self.existed.then_some(original.as_slice())
    }

    pub(crate) fn edited(&self) -> Option<&Edited> {
        self.edited.as_ref()
    }

    /// Puts other bytes in place; `line_map` says for each new line which of the present lines it
    /// stands for.
    pub(crate) fn replace(&mut self, bytes: Zeroizing<Vec<u8>>, line_map: Vec<Option<usize>>) {
        let replaced = std::mem::replace(&mut self.bytes, bytes);
        self.edited = Some(match self.edited.take() {
            None => Edited {
                original: replaced,
                line_map,
            },
            Some(before) => Edited {
                original: before.original,
                line_map: line_map
                    .into_iter()
                    .map(|line| before.line_map.get(line?).copied().flatten())
                    .collect(),
            },
        });
        let scan = scan::scan(&self.file, self.kind, &self.bytes);
        self.blocks = scan.blocks;
        self.problems = scan.problems;
    }

    /// The document stands in the file as it is.
    pub(crate) fn mark_written(&mut self) {
        self.existed = true;
        self.edited = None;
    }

    /// Every section, in the order of the file.
    pub(crate) fn blocks(&self) -> &[Arc<Block>] {
        &self.blocks
    }

    pub(crate) fn shared_file(&self) -> Arc<Path> {
        Arc::clone(&self.file)
    }

    /// The sections that count: `[default]` does not where there is a `[profile default]`.
    pub(crate) fn effective_blocks(&self) -> impl Iterator<Item = &Arc<Block>> {
        let has_prefixed = self
            .blocks
            .iter()
            .any(|block| block.is_default() && !block.bare_default);
        self.blocks
            .iter()
            .filter(move |block| !(block.bare_default && has_prefixed))
    }
}

/// The lines of a file with their line endings.
pub(crate) fn lines_of(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split_inclusive(|&byte| byte == b'\n')
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("file", &self.file)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}
