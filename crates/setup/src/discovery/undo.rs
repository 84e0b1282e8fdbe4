//! The plan that takes the block out of the AWS config file.

use super::block::Block;
use super::removal::Removal;
use crate::config_change::{ConfigChange, ConfigFiles};
use crate::error::{Result, SetupError};
use holdfast_agent_proto::CallerContext;
use holdfast_aws_files::Written;

/// The removal of the block; not made yet.
pub struct UndoPlan {
    change: ConfigChange,
    profiles: Vec<String>,
    kept: Vec<String>,
}

impl UndoPlan {
    /// Works out the change. Nothing is written.
    ///
    /// # Errors
    /// When a file cannot be read, or the marks of the block are damaged.
    pub fn make(context: &CallerContext) -> Result<Self> {
        let ConfigFiles {
            mut config,
            profiles,
        } = ConfigFiles::read(context)?;
        let Some(block) = Block::find(&config)? else {
            return Ok(Self {
                change: ConfigChange(config),
                profiles: Vec::new(),
                kept: Vec::new(),
            });
        };
        let removal = Removal::of_all(&block, &profiles);
        let edit = removal.with_marks(&block);
        config
            .edit_lines(&edit)
            .map_err(SetupError::block_unwritable(&config))?;
        Ok(Self {
            change: ConfigChange(config),
            profiles: removal.profiles,
            kept: removal.kept,
        })
    }

    /// There is no block.
    pub fn is_empty(&self) -> bool {
        self.change.is_empty()
    }

    /// The profiles that go.
    pub fn profiles(&self) -> &[String] {
        &self.profiles
    }

    /// Headers of the sections that stay, as sections of the user's own: they were edited by hand, or another profile
    /// needs them.
    pub fn kept(&self) -> &[String] {
        &self.kept
    }

    /// The change in the unified format, secrets masked.
    pub fn diff(&self) -> String {
        self.change.diff()
    }

    /// Tells this plan from every other one.
    pub fn fingerprint(&self) -> String {
        self.change.fingerprint()
    }

    /// Makes the change.
    ///
    /// # Errors
    /// When the file changed since the plan was made, or cannot be written; it is then as it was.
    pub fn apply(self) -> Result<Written> {
        self.change.write("the profiles were not removed")
    }
}
