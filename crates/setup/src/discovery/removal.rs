//! What leaves the block when profiles do.

use super::block::{Block, Chunk};
use super::section::Entry;
use holdfast_aws_files::{LineEdit, ProfileSet, SectionName};
use std::collections::HashSet;

/// Chunks of a block that go.
pub(super) struct Removal {
    gone: Vec<bool>,
    /// Names of the profiles that go.
    pub(super) profiles: Vec<String>,
    /// Headers of sections that were to go and stay, because somebody edited them or still needs them.
    pub(super) kept: Vec<String>,
}

impl Removal {
    /// Takes out the profiles that `unwanted` names, as far as they are ours, and the `sso-session` sections that no
    /// profile needs then; `needed` is one that will be.
    pub(super) fn of(
        block: &Block,
        profiles: &ProfileSet,
        needed: Option<&str>,
        unwanted: impl Fn(&str) -> bool,
    ) -> Self {
        let mut removal = Self {
            gone: vec![false; block.chunks.len()],
            profiles: Vec::new(),
            kept: Vec::new(),
        };
        let mut sessions = HashSet::new();
        for (at, chunk) in block.chunks.iter().enumerate() {
            let Some(name) = chunk.profile() else {
                continue;
            };
            if !unwanted(name) {
                continue;
            }
            match &chunk.entry {
                Some(Entry::Profile(profile)) if chunk.is_ours => {
                    removal.gone[at] = true;
                    removal.profiles.push(name.to_owned());
                    sessions.insert(profile.session.clone());
                }
                Some(_) | None => removal.kept.push(chunk.header()),
            }
        }
        removal.take_sessions(block, profiles, needed, |name| sessions.contains(name));
        removal
    }

    /// Takes out everything that is ours and needed by nobody else.
    pub(super) fn of_all(block: &Block, profiles: &ProfileSet) -> Self {
        let mut removal = Self::of(block, profiles, None, |_| true);
        removal.take_sessions(block, profiles, None, |_| true);
        for (at, chunk) in block.chunks.iter().enumerate() {
            if !removal.gone[at] && chunk.profile().is_none() {
                removal.kept.push(chunk.header());
            }
        }
        removal
    }

    fn take_sessions(
        &mut self,
        block: &Block,
        profiles: &ProfileSet,
        needed: Option<&str>,
        is_candidate: impl Fn(&str) -> bool,
    ) {
        let gone: HashSet<&str> = self.profiles.iter().map(String::as_str).collect();
        let staying = profiles
            .profiles()
            .filter(|profile| !gone.contains(profile.name()));
        let used: HashSet<&str> = staying
            .filter_map(|profile| profile.get("sso_session"))
            .chain(needed)
            .collect();
        for (at, chunk) in block.chunks.iter().enumerate() {
            if let SectionName::SsoSession(name) = &chunk.section
                && chunk.is_ours
                && is_candidate(name)
                && !used.contains(name.as_str())
            {
                self.gone[at] = true;
            }
        }
    }

    /// Nothing of the block would be left between its marks.
    pub(super) fn empties(&self, block: &Block) -> bool {
        self.gone.iter().all(|gone| *gone) && !block.has_foreign_start
    }

    /// Takes the chunks out and leaves the marks.
    pub(super) fn within_marks(&self, block: &Block) -> LineEdit {
        LineEdit {
            removed: self
                .chunks(block)
                .flat_map(|chunk| chunk.lines.clone())
                .collect(),
            ..LineEdit::default()
        }
    }

    /// Takes the chunks and the marks out. When nothing is left between the marks, the file is as it was before
    /// there was a block.
    pub(super) fn with_marks(&self, block: &Block) -> LineEdit {
        if self.empties(block) {
            // A file that did not end with a line ending got no empty line before the block, but the ending.
            let start = block.begin - usize::from(block.is_set_off);
            return LineEdit {
                removed: (start..=block.end).collect(),
                unended: block.is_last && !block.is_set_off,
                ..LineEdit::default()
            };
        }
        let mut edit = self.within_marks(block);
        edit.removed.extend([block.begin, block.end]);
        edit
    }

    fn chunks<'b>(&self, block: &'b Block) -> impl Iterator<Item = &'b Chunk> {
        let gone = self.gone.clone();
        block
            .chunks
            .iter()
            .zip(gone)
            .filter_map(|(chunk, gone)| gone.then_some(chunk))
    }
}
