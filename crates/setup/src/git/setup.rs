//! The plan that makes Holdfast the credential helper of CodeCommit.

use super::binary::Git;
use super::family::{self, HostFamily};
use super::file::{ConfigFile, Scope};
use super::helper;
use super::section::{self, Wanted};
use crate::diff;
use crate::error::Result;
use holdfast_agent_proto::CallerContext;
use std::path::{Path, PathBuf};

/// What git is to be set up for.
#[derive(Clone, Debug, Default)]
pub struct SetupRequest {
    /// Which file.
    pub scope: Scope,
    /// The helper always uses this profile.
    pub profile: Option<String>,
    /// Families of hosts; when empty, the commercial partition and those of the regions in use.
    pub families: Vec<HostFamily>,
    /// Also make `git mfa` sign the profile in.
    pub alias: bool,
    /// The helper to name; when absent, the one beside this program or on the PATH.
    pub helper: Option<PathBuf>,
}

/// A change to a git configuration file that has not been made yet.
pub struct SetupPlan {
    file: ConfigFile,
    after: Option<Vec<u8>>,
    foreign_alias: Option<String>,
}

impl SetupPlan {
    /// Works out the change. Nothing is written.
    ///
    /// # Errors
    /// When git, the helper or the file cannot be used.
    pub fn make(request: &SetupRequest, context: &CallerContext) -> Result<Self> {
        let git = Git::find()?;
        let file = ConfigFile::open(&git, request.scope)?;
        let entries = git.entries(&file.path)?;
        let families = if request.families.is_empty() {
            family::in_use(context)
        } else {
            request.families.clone()
        };
        let program = match &request.helper {
            Some(program) => program.clone(),
            None => helper::find_credential_helper()?,
        };
        let mut wanted = Wanted {
            patterns: family::patterns(&families),
            helper: helper::command(&program, request.profile.as_deref())?,
            proactive_auth: git.version.knows_proactive_auth(),
            alias: wanted_alias(request)?,
        };
        let foreign_alias = section::foreign_alias(&entries)
            .filter(|_| wanted.alias.is_some())
            .map(str::to_owned);
        if foreign_alias.is_some() {
            wanted.alias = None;
        }
        if section::is_in_place(&entries, &wanted) {
            return Ok(Self {
                file,
                after: None,
                foreign_alias,
            });
        }
        let kept = section::patterns_in(&entries);
        let asked = std::mem::take(&mut wanted.patterns);
        let in_order = family::every_pattern().into_iter();
        wanted.patterns = in_order
            .filter(|pattern| asked.contains(pattern) || kept.contains(pattern))
            .collect();
        if wanted.alias.is_none() {
            wanted.alias = section::own_alias(&entries).map(str::to_owned);
        }
        let scratch = file.scratch()?;
        section::remove(&git, &scratch.path)?;
        section::add(&git, &scratch.path, &wanted)?;
        let after = Some(scratch.bytes()?);
        Ok(Self {
            file,
            after,
            foreign_alias,
        })
    }

    /// The file, as the person knows it.
    pub fn path(&self) -> &Path {
        &self.file.path
    }

    /// There is something to change.
    pub fn is_needed(&self) -> bool {
        self.after.is_some()
    }

    /// An `alias.mfa` of the user's own, which is left as it is.
    pub fn foreign_alias(&self) -> Option<&str> {
        self.foreign_alias.as_deref()
    }

    /// The change in the unified format, with so many lines of the file around it; empty when there is none.
    ///
    /// Without any, every line is one that Holdfast writes: other lines of a git configuration may hold secrets.
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

    /// Makes the change. Returns the path of the backup, when there was a file before.
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

fn wanted_alias(request: &SetupRequest) -> Result<Option<String>> {
    match &request.profile {
        Some(profile) if request.alias => section::alias_for(profile).map(Some),
        Some(_) | None => Ok(None),
    }
}
