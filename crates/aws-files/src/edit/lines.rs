//! Edits of whole lines, for sections that belong together between marks of their own.

use super::{EditError, Patch};
use crate::document::Document;
use crate::scan::is_utf16;
use std::collections::BTreeSet;
use zeroize::Zeroizing;

/// Lines that go and lines that come; counted from 0 in the document as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineEdit {
    /// Lines that go.
    pub removed: BTreeSet<usize>,
    /// Lines that come, without endings, before the line with this number. One past the last line is the end of
    /// the file.
    pub inserted: Option<(usize, Vec<String>)>,
    /// The last line that is left loses its ending.
    pub unended: bool,
}

impl Document {
    /// Changes whole lines. New ones get the ending that the lines around them have.
    ///
    /// # Errors
    /// When a line cannot be written so that it reads back.
    pub fn edit_lines(&mut self, edit: &LineEdit) -> Result<(), EditError> {
        if is_utf16(self.bytes()) {
            return Err(EditError::NotText);
        }
        let inserted = match &edit.inserted {
            Some((before, lines)) => {
                if lines.iter().any(|line| line.contains(char::is_control)) {
                    return Err(EditError::Value);
                }
                let before = (*before).min(self.lines().count());
                let ending = self.line_ending(before);
                let lines = lines
                    .iter()
                    .map(|line| Zeroizing::new(format!("{line}{ending}").into_bytes()))
                    .collect();
                Some((before, lines))
            }
            None => None,
        };
        self.apply(&Patch {
            removed: edit.removed.clone(),
            inserted,
            unended: edit.unended,
            ..Patch::default()
        });
        Ok(())
    }
}
