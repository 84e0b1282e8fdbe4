//! A change to the AWS config file: shown, told from others, and made while nobody else has changed the file.

use crate::diff::fingerprint;
use crate::error::{Result, SetupError};
use holdfast_agent_proto::CallerContext;
use holdfast_aws_files::{Backup, Document, FileKind, ProfileSet, WriteError, Written};
use std::time::SystemTime;

/// The config file to be changed, and what it means together with the credentials file.
pub(crate) struct ConfigFiles {
    pub(crate) config: Document,
    pub(crate) profiles: ProfileSet,
}

impl ConfigFiles {
    /// Reads both files.
    pub(crate) fn read(context: &CallerContext) -> Result<Self> {
        let read = |file, kind| {
            Document::read(file, kind).map_err(|source| SetupError::AwsFileUnreadable {
                what: "the AWS files",
                source,
            })
        };
        let config = read(&context.config_file, FileKind::Config)?;
        let credentials = read(&context.credentials_file, FileKind::Credentials)?;
        let profiles = ProfileSet::merge(&config, &credentials);
        Ok(Self { config, profiles })
    }
}

/// The config file with changes that have not been written.
pub(crate) struct ConfigChange(pub(crate) Document);

impl ConfigChange {
    /// Nothing would change.
    pub(crate) fn is_empty(&self) -> bool {
        !self.0.is_edited()
    }

    /// The change in the unified format, secrets masked.
    pub(crate) fn diff(&self) -> String {
        self.0.diff()
    }

    /// Tells this change from every other one.
    pub(crate) fn fingerprint(&self) -> String {
        fingerprint([self.0.bytes()])
    }

    /// Writes it; `otherwise` says what holds when that fails.
    pub(crate) fn write(mut self, otherwise: &'static str) -> Result<Written> {
        self.0
            .write(Backup::Exact, SystemTime::now())
            .map_err(|source: WriteError| SetupError::AwsFileNotWritten {
                what: otherwise,
                source,
            })
    }
}
