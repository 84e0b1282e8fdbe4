//! What the config and the credentials file mean together.

use crate::document::{Block, Document, FileKind};
use crate::header::SectionKind;
use crate::problem::Problem;
use crate::section::Section;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::Path;
use std::sync::Arc;

/// Every profile, `sso-session` and `services` section of both files.
///
/// Key by key the credentials file wins over the config file, and within a file the last one
/// wins. In a config file `[profile default]` replaces `[default]`.
#[derive(Debug, Default)]
pub struct ProfileSet {
    profiles: Sections,
    sso_sessions: Sections,
    services: Sections,
    problems: Vec<Problem>,
}

/// Sections of one kind, in the order in which the files name them first.
#[derive(Debug, Default)]
struct Sections {
    all: Vec<Section>,
    index: HashMap<Arc<str>, usize>,
}

impl Sections {
    fn with_capacity(capacity: usize) -> Self {
        Self {
            all: Vec::with_capacity(capacity),
            index: HashMap::with_capacity(capacity),
        }
    }

    fn add(&mut self, file: Arc<Path>, kind: FileKind, block: Arc<Block>) {
        match self.index.entry(Arc::clone(&block.name.text)) {
            Entry::Occupied(at) => self.all[*at.get()].add(file, kind, block),
            Entry::Vacant(entry) => {
                entry.insert(self.all.len());
                self.all.push(Section::new(file, kind, block));
            }
        }
    }

    fn get(&self, name: &str) -> Option<&Section> {
        self.index.get(name).map(|&at| &self.all[at])
    }
}

impl ProfileSet {
    /// Merges the two files.
    pub fn merge(config: &Document, credentials: &Document) -> Self {
        let blocks = config.blocks().len() + credentials.blocks().len();
        let mut set = Self {
            profiles: Sections::with_capacity(blocks),
            problems: [config.problems(), credentials.problems()].concat(),
            ..Self::default()
        };
        for document in [config, credentials] {
            for block in document.effective_blocks() {
                let sections = match block.name.kind {
                    SectionKind::Profile => &mut set.profiles,
                    SectionKind::SsoSession => &mut set.sso_sessions,
                    SectionKind::Services => &mut set.services,
                };
                sections.add(document.shared_file(), document.kind(), Arc::clone(block));
            }
        }
        set
    }

    /// The profiles, in the order in which the files name them first.
    pub fn profiles(&self) -> impl ExactSizeIterator<Item = &Section> {
        self.profiles.all.iter()
    }

    /// A profile.
    pub fn profile(&self, name: &str) -> Option<&Section> {
        self.profiles.get(name)
    }

    /// An `sso-session` section.
    pub fn sso_session(&self, name: &str) -> Option<&Section> {
        self.sso_sessions.get(name)
    }

    /// The `sso-session` sections, in the order in which the file names them first.
    pub fn sso_sessions(&self) -> impl ExactSizeIterator<Item = &Section> {
        self.sso_sessions.all.iter()
    }

    /// A `services` section.
    pub fn services(&self, name: &str) -> Option<&Section> {
        self.services.get(name)
    }

    /// What is wrong in the files, the config file's first.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}
