//! What the config and the credentials file mean together.

use crate::document::{Block, Document};
use crate::header::SectionName;
use crate::problem::{Location, Problem};
use crate::section::Section;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

/// Every profile, `sso-session` and `services` section of both files.
///
/// Key by key the credentials file wins over the config file, and within a file the last one
/// wins. In a config file `[profile default]` replaces `[default]`.
#[derive(Debug, Default)]
pub struct ProfileSet {
    sections: Vec<Section>,
    profiles: HashMap<Box<str>, usize>,
    sso_sessions: HashMap<Box<str>, usize>,
    services: HashMap<Box<str>, usize>,
    profile_order: Vec<usize>,
    problems: Vec<Problem>,
}

impl ProfileSet {
    /// Merges the two files.
    pub fn merge(config: &Document, credentials: &Document) -> Self {
        let mut gathered = Gathered::default();
        for document in [config, credentials] {
            gathered.add(document);
        }
        let mut set = Self {
            problems: [config.problems(), credentials.problems()].concat(),
            ..Self::default()
        };
        for (name, header, blocks) in gathered.sections {
            set.add(name, header, &blocks);
        }
        set
    }

    /// The profiles, in the order in which the files name them first.
    pub fn profiles(&self) -> impl ExactSizeIterator<Item = &Section> {
        self.profile_order.iter().map(|&at| &self.sections[at])
    }

    /// A profile.
    pub fn profile(&self, name: &str) -> Option<&Section> {
        self.profiles.get(name).map(|&at| &self.sections[at])
    }

    /// An `sso-session` section.
    pub fn sso_session(&self, name: &str) -> Option<&Section> {
        self.sso_sessions.get(name).map(|&at| &self.sections[at])
    }

    /// A `services` section.
    pub fn services(&self, name: &str) -> Option<&Section> {
        self.services.get(name).map(|&at| &self.sections[at])
    }

    /// What is wrong in the files, the config file's first.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    fn add(&mut self, name: &SectionName, header: Location, blocks: &[&Block]) {
        let (text, index) = match name {
            SectionName::Profile(text) => (text, &mut self.profiles),
            SectionName::SsoSession(text) => (text, &mut self.sso_sessions),
            SectionName::Services(text) => (text, &mut self.services),
        };
        let text: Box<str> = text.as_str().into();
        let at = self.sections.len();
        index.insert(text.clone(), at);
        if matches!(name, SectionName::Profile(_)) {
            self.profile_order.push(at);
        }
        let properties = blocks
            .iter()
            .flat_map(|block| block.properties.iter().map(Arc::clone))
            .collect();
        self.sections.push(Section::new(text, header, properties));
    }
}

/// The blocks of each section, in the order of their precedence.
#[derive(Default)]
struct Gathered<'a> {
    sections: Vec<(&'a SectionName, Location, Vec<&'a Block>)>,
    index: HashMap<&'a SectionName, usize>,
}

impl<'a> Gathered<'a> {
    fn add(&mut self, document: &'a Document) {
        let file: Arc<Path> = document.shared_file();
        for block in document.effective_blocks() {
            let at = *self.index.entry(&block.name).or_insert_with(|| {
                let header = Location {
                    file: Arc::clone(&file),
                    line: block.header_line,
                };
                self.sections.push((&block.name, header, Vec::new()));
                self.sections.len() - 1
            });
            self.sections[at].2.push(block);
        }
    }
}
