//! What the block holds.

use super::block::Block;
use super::section::Entry;
use crate::config_change::ConfigFiles;
use crate::error::Result;
use holdfast_agent_proto::CallerContext;

/// A profile in the block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenProfile {
    /// Its name.
    pub name: String,
    /// Start URL of its portal, as the `sso-session` section has it; nothing when there is no such section.
    pub start_url: Option<String>,
    /// Region of its portal.
    pub sso_region: Option<String>,
    /// The account.
    pub account_id: String,
    /// The role.
    pub role_name: String,
    /// Somebody edited it by hand, so that it is not removed.
    pub is_edited: bool,
}

/// The profiles in the block, in the order of the file.
///
/// # Errors
/// When a file cannot be read, or the marks of the block are damaged.
pub fn written(context: &CallerContext) -> Result<Vec<WrittenProfile>> {
    let files = ConfigFiles::read(context)?;
    let Some(block) = Block::find(&files.config)? else {
        return Ok(Vec::new());
    };
    let profiles = block.chunks.into_iter().filter_map(|chunk| {
        let Some(Entry::Profile(profile)) = chunk.entry else {
            return None;
        };
        let session = files.profiles.sso_session(&profile.session);
        let of_session = |key| Some(session?.get(key)?.to_owned());
        Some(WrittenProfile {
            name: profile.name,
            start_url: of_session("sso_start_url"),
            sso_region: of_session("sso_region"),
            account_id: profile.account_id,
            role_name: profile.role_name,
            is_edited: !chunk.is_ours,
        })
    });
    Ok(profiles.collect())
}
