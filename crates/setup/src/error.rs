//! Why a plan could not be made or applied; in every case the user's files are as they were.

use crate::keys::KeyError;
use holdfast_agent_proto::folders::NoHome;
use holdfast_aws_files::{Document, EditError, ReadError, WriteError};
use holdfast_codecommit::shell::QuoteError;
use std::io;
use std::path::PathBuf;

/// What every function of this crate returns.
pub type Result<T = (), E = SetupError> = std::result::Result<T, E>;

/// Why a plan could not be made or applied.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// There is no git.
    #[error("git is not on the PATH")]
    GitMissing,
    /// The git on the PATH does not start.
    #[error("git cannot be run")]
    GitCannotRun {
        /// Why.
        source: io::Error,
    },
    /// `git --version` printed something else.
    #[error("the git on the PATH does not tell its version")]
    GitVersionUnknown,
    /// A git command failed.
    #[error("git failed: {said}")]
    Git {
        /// What git said.
        said: String,
    },
    /// The configuration of a repository was asked for outside of one.
    #[error("the working folder is not in a git repository")]
    NoRepository,
    /// The process has no working folder any more.
    #[error("the working folder cannot be found")]
    NoWorkingFolder {
        /// Why.
        source: io::Error,
    },
    /// No variable says where git's configuration is.
    #[error("git's configuration file cannot be found: HOME is not set")]
    NoGitHome,
    /// Somebody else has sections for the same hosts, in every spelling.
    #[error("git's configuration already has sections for every spelling of {pattern}")]
    SectionsTaken {
        /// The URL pattern.
        pattern: String,
    },
    /// The credential helper is not installed.
    #[error("{program} is neither beside holdfast nor on the PATH")]
    HelperMissing {
        /// File name of the helper.
        program: &'static str,
    },
    /// Git's configuration is Unicode.
    #[error("the path of {program} is not Unicode, which git's configuration has to be")]
    HelperNotUnicode {
        /// File name of the helper.
        program: &'static str,
    },
    /// A name or path has characters that would be read differently.
    #[error("{what} cannot be written into {into}")]
    Unquotable {
        /// What it is.
        what: &'static str,
        /// Where it was to be written.
        into: &'static str,
        /// Why.
        source: QuoteError,
    },
    /// A file cannot be read, written or found.
    #[error("cannot {action} {}", path.display())]
    File {
        /// `read`, `write`, `find` or `remove`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Another program changed the file after the plan was made.
    #[error("{} changed meanwhile; nothing was written", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// Another program holds git's lock of the file.
    #[error("another program is changing {}", path.display())]
    Busy {
        /// The file.
        path: PathBuf,
        /// Its lock.
        lock: PathBuf,
    },
    /// The folder for temporary files does not work.
    #[error("a temporary file cannot be {action}")]
    Scratch {
        /// `read` or `written`.
        action: &'static str,
        /// Why.
        source: io::Error,
    },
    /// What was read is not an access key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A profile was named that has no plaintext key.
    #[error("profile {profile} has no access key in {files}")]
    NoPlaintextKey {
        /// The profile.
        profile: String,
        /// Where was looked.
        files: String,
    },
    /// An AWS file cannot be read.
    #[error("{what} cannot be read")]
    AwsFileUnreadable {
        /// What was to be read.
        what: &'static str,
        /// Why.
        source: ReadError,
    },
    /// An AWS file was not written.
    #[error("{what}")]
    AwsFileNotWritten {
        /// What holds instead.
        what: &'static str,
        /// Why.
        source: WriteError,
    },
    /// The keychain lives as long as the agent.
    #[error(
        "the keychain is in memory only and would lose the keys when the agent ends; nothing was removed"
    )]
    KeychainForgets,
    /// A key that was handed over is not in the keychain.
    #[error("the keychain does not show {id} of profile {profile}; no file was changed")]
    KeyNotKept {
        /// The profile.
        profile: String,
        /// Access key id.
        id: String,
    },
    /// A program that is to be installed is not beside the running one.
    #[error("{program} is not in {}", folder.display())]
    ProgramMissing {
        /// File name of the program.
        program: &'static str,
        /// Where the running program is.
        folder: PathBuf,
    },
    /// Files that Holdfast did not install are in the way of its own.
    #[error("{} was not installed by Holdfast and is left as it is", path.display())]
    Foreign {
        /// The first such file.
        path: PathBuf,
    },
    /// The list of installed files is damaged.
    #[error("{} is not the list of installed programs that Holdfast wrote", path.display())]
    Manifest {
        /// The list.
        path: PathBuf,
    },
    /// The user has no home folder.
    #[error(transparent)]
    NoHome(#[from] NoHome),
    /// A profile cannot be made as asked.
    #[error("{message}")]
    Profile {
        /// What is wrong, naming the field.
        message: String,
    },
    /// The AWS config file cannot hold the profile.
    #[error("profile {profile} cannot be written")]
    ProfileUnwritable {
        /// The profile.
        profile: String,
        /// Why.
        source: EditError,
    },
    /// The marks of the block with discovered profiles are not one pair around whole sections.
    #[error(
        "the marks of Holdfast's block in {} (line {line}) are damaged: there has to be one BEGIN and one END, around whole sections",
        file.display()
    )]
    BlockDamaged {
        /// The file.
        file: PathBuf,
        /// Line of the first mark, counted from 1.
        line: usize,
    },
    /// The AWS config file cannot hold the block.
    #[error("the profiles cannot be written into {}", file.display())]
    BlockUnwritable {
        /// The file.
        file: PathBuf,
        /// Why.
        source: EditError,
    },
    /// Profiles cannot have the names that they would get.
    #[error("these names cannot be given: {}", names.join(", "))]
    NamesTaken {
        /// The names.
        names: Vec<String>,
    },
}

impl SetupError {
    /// A failed access to a file, as a function for `map_err`.
    pub(crate) fn file(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File {
            action,
            path,
            source,
        }
    }

    /// A refused edit of the block, as a function for `map_err`.
    pub(crate) fn block_unwritable(config: &Document) -> impl FnOnce(EditError) -> Self + use<> {
        let file = config.file().to_owned();
        move |source| Self::BlockUnwritable { file, source }
    }

    /// Whether a file changed after the plan was made, so that a new plan has to be shown.
    pub fn is_outdated(&self) -> bool {
        matches!(
            self,
            Self::Changed { .. }
                | Self::AwsFileNotWritten {
                    source: WriteError::Changed { .. },
                    ..
                }
        )
    }
}
