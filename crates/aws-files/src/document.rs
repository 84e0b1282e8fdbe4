//! One file: every byte of it, and what it says.

use crate::header::SectionName;
use crate::problem::Problem;
use crate::property::Property;
use crate::scan;
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
    pub(crate) name: SectionName,
    /// Written `[default]` in a config file, which gives way to `[profile default]`.
    pub(crate) bare_default: bool,
    /// Line of the header, counted from 1.
    pub(crate) header_line: u32,
    /// Last line with a header or property of this section.
    pub(crate) last_line: u32,
    pub(crate) properties: Vec<Arc<Property>>,
}

impl Block {
    /// It is about the profile `default`.
    pub(crate) fn is_default(&self) -> bool {
        matches!(&self.name, SectionName::Profile(name) if name == "default")
    }
}

/// A file, byte for byte, with what could be understood of it.
///
/// The bytes are wiped from memory when it is dropped.
pub struct Document {
    file: Arc<Path>,
    kind: FileKind,
    bytes: Zeroizing<Vec<u8>>,
    blocks: Vec<Block>,
    problems: Vec<Problem>,
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

    pub(crate) fn shared_file(&self) -> Arc<Path> {
        Arc::clone(&self.file)
    }

    /// The sections that count: `[default]` does not where there is a `[profile default]`.
    pub(crate) fn effective_blocks(&self) -> impl Iterator<Item = &Block> {
        let has_prefixed = self
            .blocks
            .iter()
            .any(|block| block.is_default() && !block.bare_default);
        self.blocks
            .iter()
            .filter(move |block| !(block.bare_default && has_prefixed))
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("file", &self.file)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}
