//! The plan that removes exactly what a set-up wrote.

use super::binary::Git;
use super::file::{ConfigFile, Scope, Scratch};
use super::section;
use crate::diff;
use crate::error::Result;
use std::path::Path;

/// A change to a git configuration file that takes Holdfast out of it, not made yet.
pub struct UndoPlan {
    git: Git,
    file: ConfigFile,
    after: Option<Vec<u8>>,
}

impl UndoPlan {
    /// Works out the change. Nothing is written.
    ///
    /// # Errors
    /// When git or the file cannot be used.
    pub fn make(scope: Scope) -> Result<Self> {
        let git = Git::find()?;
        let file = ConfigFile::open(&git, scope)?;
        let entries = git.entries(&file.path)?;
        let holds_ours =
            !section::patterns_in(&entries).is_empty() || section::own_alias(&entries).is_some();
        let after = if holds_ours {
            Some(without_ours(&git, file.before_bytes())?)
        } else {
            None
        };
        Ok(Self { git, file, after })
    }

    /// The file, as the person knows it.
    pub fn path(&self) -> &Path {
        &self.file.path
    }

    /// There is something to remove.
    pub fn is_needed(&self) -> bool {
        self.after.is_some()
    }

    /// The change in the unified format, with so many lines of the file around it; empty when there is none.
    pub fn diff(&self, context: usize) -> String {
        match &self.after {
            None => String::new(),
            Some(after) => diff::unified(&self.file.path, self.file.before_bytes(), after, context),
        }
    }

    /// Tells this plan from every other one.
    pub fn fingerprint(&self) -> String {
        let after = self.after.as_deref().unwrap_or_default();
        diff::fingerprint([self.file.before_bytes(), after])
    }

    /// Makes the change: byte for byte what was there before the set-up, where nothing else has changed since.
    ///
    /// # Errors
    /// When the file changed since the plan was made, or cannot be written; it is then as it was.
    pub fn apply(&self) -> Result {
        if self.after.is_none() {
            return Ok(());
        }
        self.file.restore(|bytes| without_ours(&self.git, bytes))
    }
}

fn without_ours(git: &Git, bytes: &[u8]) -> Result<Vec<u8>> {
    let scratch = Scratch::with(bytes)?;
    let urls = section::remove(git, &scratch.path)?;
    Ok(section::without_empty(&scratch.bytes()?, &urls))
}
