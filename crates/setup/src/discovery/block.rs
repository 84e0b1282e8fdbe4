//! The marked block of the AWS config file: where it is, and what of it is ours.

use super::section::Entry;
use crate::error::{Result, SetupError};
use holdfast_aws_files::{Document, SectionName};
use std::ops::Range;

/// The line before the first section. There is no colon or equals sign in the marks: the AWS CLI takes a comment with
/// one for a setting, and adds others below it.
pub(super) const BEGIN: &str = "# BEGIN Holdfast (profiles of IAM Identity Center; your own lines belong outside of this block)";
/// The line behind the last section.
pub(super) const END: &str = "# END Holdfast";

/// What the first line begins with, whatever version wrote it.
const BEGIN_MARK: &str = "# BEGIN Holdfast";

/// The block as it stands in the file. Lines are counted from 0.
pub(super) struct Block {
    /// The line with the first mark.
    pub(super) begin: usize,
    /// The line with the last mark.
    pub(super) end: usize,
    /// Its sections.
    pub(super) chunks: Vec<Chunk>,
    /// Somebody wrote lines between the first mark and the first section.
    pub(super) has_foreign_start: bool,
    /// Settings stand behind the last mark that belong to the last section.
    pub(super) runs_on: bool,
    /// The line before the block is empty.
    pub(super) is_set_off: bool,
    /// The block ends the file.
    pub(super) is_last: bool,
}

/// A section in the block with everything up to the next.
pub(super) struct Chunk {
    pub(super) section: SectionName,
    pub(super) lines: Range<usize>,
    /// What it says; nothing when it is of another kind.
    pub(super) entry: Option<Entry>,
    /// It is exactly what is written here.
    pub(super) is_ours: bool,
}

impl Block {
    /// Finds the block; nothing when there is none.
    ///
    /// # Errors
    /// [`SetupError::BlockDamaged`].
    pub(super) fn find(config: &Document) -> Result<Option<Self>> {
        let lines: Vec<Option<&str>> = config.text_lines().collect();
        let places = |is_mark: fn(&str) -> bool| -> Vec<usize> {
            let marked = lines
                .iter()
                .enumerate()
                .filter(|(_, line)| line.is_some_and(|line| is_mark(line.trim())));
            marked.map(|(at, _)| at).collect()
        };
        let begins = places(|line| line.starts_with(BEGIN_MARK));
        let ends = places(|line| line == END);
        let (begin, end) = match (begins.as_slice(), ends.as_slice()) {
            ([], []) => return Ok(None),
            ([begin], [end]) if begin < end => (*begin, *end),
            _ => {
                let first = begins.iter().chain(&ends).min().copied();
                return Err(SetupError::BlockDamaged {
                    file: config.file().to_owned(),
                    line: first.unwrap_or_default() + 1,
                });
            }
        };
        let headers: Vec<(SectionName, usize)> = config
            .headers()
            .filter(|(_, at)| (begin..end).contains(at))
            .collect();
        let next_starts = headers.iter().skip(1).map(|(_, at)| *at).chain([end]);
        let chunks: Vec<Chunk> = headers
            .iter()
            .zip(next_starts)
            .map(|((section, start), next)| Chunk::read(section, *start..next, &lines))
            .collect();
        let first = headers.first().map_or(end, |(_, at)| *at);
        let runs_on = settings_follow(&lines[end + 1..]);
        if runs_on && chunks.is_empty() {
            return Err(SetupError::BlockDamaged {
                file: config.file().to_owned(),
                line: begin + 1,
            });
        }
        let mut block = Self {
            begin,
            end,
            chunks,
            has_foreign_start: lines[begin + 1..first].iter().any(|line| !is_empty(*line)),
            runs_on,
            is_set_off: begin > 0 && lines[begin - 1] == Some(""),
            is_last: end + 1 == lines.len(),
        };
        if runs_on && let Some(last) = block.chunks.last_mut() {
            last.is_ours = false;
        }
        Ok(Some(block))
    }
}

impl Block {
    /// Names of the profiles in it.
    pub(super) fn profiles(&self) -> impl Iterator<Item = &str> {
        self.chunks.iter().filter_map(Chunk::profile)
    }

    /// Where sections with profiles of an `sso-session` come: behind those that are there. What follows the block
    /// belongs to its last section and must not come below another.
    pub(super) fn place_for(&self, session: &str) -> usize {
        let is_of_session = |chunk: &&Chunk| match &chunk.entry {
            Some(Entry::Profile(profile)) => profile.session == session,
            Some(Entry::Session(entry)) => entry.name == session,
            None => false,
        };
        let before_last = self.chunks.len() - usize::from(self.runs_on);
        let last = self.chunks[..before_last].iter().rfind(is_of_session);
        match (last, self.chunks.last()) {
            (Some(chunk), _) => chunk.lines.end,
            (None, Some(last)) if self.runs_on => last.lines.start,
            (None, _) => self.end,
        }
    }
}

impl Chunk {
    fn read(section: &SectionName, lines: Range<usize>, all: &[Option<&str>]) -> Self {
        let text: Option<Vec<&str>> = all[lines.clone()].iter().copied().collect();
        let entry = text.as_deref().and_then(|text| Entry::read(section, text));
        let is_ours = match (&entry, &text) {
            (Some(entry), Some(text)) => entry.is_written_as(text),
            (None, _) | (_, None) => false,
        };
        Self {
            section: section.clone(),
            lines,
            entry,
            is_ours,
        }
    }

    /// Name of the profile, when it is one.
    pub(super) fn profile(&self) -> Option<&str> {
        match &self.section {
            SectionName::Profile(name) => Some(name),
            SectionName::SsoSession(_) | SectionName::Services(_) => None,
        }
    }

    /// How a person finds it in the file.
    pub(super) fn header(&self) -> String {
        self.section.header(holdfast_aws_files::FileKind::Config)
    }
}

/// The first line that is not empty or a comment belongs to the section before.
fn settings_follow(lines: &[Option<&str>]) -> bool {
    let first = lines.iter().find(|line| {
        line.is_none_or(|line| !line.trim().is_empty() && !line.trim().starts_with(['#', ';']))
    });
    first.is_some_and(|line| line.is_none_or(|line| !line.trim().starts_with('[')))
}

fn is_empty(line: Option<&str>) -> bool {
    line.is_some_and(|line| line.trim().is_empty())
}
