//! The plan that makes `git mfa` sign a profile in, in one repository.

use super::binary::Git;
use super::file::{ConfigFile, Scope};
use super::section::{self, ALIAS};
use crate::diff;
use crate::error::Result;
use std::path::{Path, PathBuf};

/// A change of a repository's `alias.mfa` that has not been made yet.
pub struct AliasPlan {
    file: ConfigFile,
    after: Option<Vec<u8>>,
}

impl AliasPlan {
    /// Works out the change. Nothing is written, and an alias of the user's own is left as it is.
    ///
    /// # Errors
    /// When there is no repository here, or git or its file cannot be used.
    pub fn make(profile: &str) -> Result<Self> {
        let git = Git::find()?;
        let file = ConfigFile::open(&git, Scope::Local)?;
        let entries = git.entries(&file.path)?;
        let alias = section::alias_for(profile)?;
        let own = section::own_alias(&entries);
        let is_in_place = own == Some(alias.as_str());
        if is_in_place || section::foreign_alias(&entries).is_some() {
            return Ok(Self { file, after: None });
        }
        let scratch = file.scratch()?;
        if let Some(own) = own {
            git.remove(&scratch.path, ALIAS, own)?;
        }
        git.add(&scratch.path, ALIAS, &alias)?;
        let after = Some(scratch.bytes()?);
        Ok(Self { file, after })
    }

    /// The file, as the person knows it.
    pub fn path(&self) -> &Path {
        &self.file.path
    }

    /// There is something to change.
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

    /// Makes the change. Returns the path of the backup.
    ///
    /// # Errors
    /// When the file changed since the plan was made, or cannot be written; it is then as it was.
    pub fn apply(&self) -> Result<Option<PathBuf>> {
        match &self.after {
            None => Ok(None),
            Some(after) => self.file.replace(after),
        }
    }
}
