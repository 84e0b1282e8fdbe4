//! The plan that takes plaintext keys out of the user's AWS files.

use super::plaintext::Plaintext;
use super::transfer::{KeyHolder, Stored, check_held, check_lasts};
use crate::diff::fingerprint;
use crate::error::Result;
use holdfast_agent_proto::CallerContext;
use holdfast_aws_files::{Backup, Written};

/// A change that takes keys, which the keychain holds, out of the AWS files; not made yet.
pub struct RemovalPlan {
    files: Plaintext,
    keys: Vec<Stored>,
}

impl RemovalPlan {
    /// Works out the change. Nothing is written.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn make(context: &CallerContext, keys: Vec<Stored>) -> Result<Self> {
        let mut files = Plaintext::of_user(context)?;
        files.remove(&keys);
        Ok(Self { files, keys })
    }

    /// The changes in the unified format, secrets masked; one for each file that changes.
    pub fn diffs(&self) -> Vec<String> {
        self.files
            .edited()
            .map(|document| document.diff())
            .collect()
    }

    /// Tells this plan from every other one.
    pub fn fingerprint(&self) -> String {
        let diffs = self.diffs();
        let after = self.files.edited().map(|document| document.bytes());
        fingerprint(after.chain(diffs.iter().map(String::as_bytes)))
    }

    /// Makes the change, after asking once more whether the keychain holds these keys. The backups have the
    /// secrets masked.
    ///
    /// # Errors
    /// When a key is not held, or would not last, or a file changed since the plan was made.
    pub fn apply<H: KeyHolder>(mut self, holder: &mut H) -> Result<Vec<Written>, H::Error> {
        check_lasts(holder)?;
        check_held(holder, &self.keys)?;
        let mut all = Vec::new();
        self.files.write(Backup::SecretsMasked, |written| {
            all.push(written);
            Ok::<(), H::Error>(())
        })?;
        Ok(all)
    }
}
