//! Failures of set-up plans as this program reports them.

use crate::outcome::{Failure, Kind};
use holdfast_agent_proto::with_causes;
use holdfast_setup::SetupError;
use holdfast_setup::keys::KeyError;

impl From<SetupError> for Failure {
    fn from(error: SetupError) -> Self {
        let failure = Self::new(kind(&error), with_causes(&error));
        hints(&error).into_iter().fold(failure, Self::hint)
    }
}

impl From<KeyError> for Failure {
    fn from(error: KeyError) -> Self {
        SetupError::from(error).into()
    }
}

fn kind(error: &SetupError) -> Kind {
    match error {
        SetupError::GitMissing
        | SetupError::GitCannotRun { .. }
        | SetupError::GitVersionUnknown
        | SetupError::Git { .. } => Kind::Git,
        SetupError::NoRepository
        | SetupError::Unquotable { .. }
        | SetupError::Key(_)
        | SetupError::NoPlaintextKey { .. }
        | SetupError::Profile { .. }
        | SetupError::NamesTaken { .. }
        | SetupError::ProfileUnwritable { .. } => Kind::Usage,
        SetupError::NoGitHome
        | SetupError::SectionsTaken { .. }
        | SetupError::HelperMissing { .. }
        | SetupError::HelperNotUnicode { .. }
        | SetupError::KeychainForgets
        | SetupError::ProgramMissing { .. }
        | SetupError::NoHome(_) => Kind::Misconfigured,
        SetupError::NoWorkingFolder { .. }
        | SetupError::File { .. }
        | SetupError::Changed { .. }
        | SetupError::Busy { .. }
        | SetupError::Scratch { .. }
        | SetupError::AwsFileUnreadable { .. }
        | SetupError::AwsFileNotWritten { .. }
        | SetupError::KeyNotKept { .. }
        | SetupError::Foreign { .. }
        | SetupError::BlockDamaged { .. }
        | SetupError::BlockUnwritable { .. }
        | SetupError::Manifest { .. } => Kind::File,
    }
}

fn hints(error: &SetupError) -> Vec<String> {
    let hint = match error {
        SetupError::GitMissing => "install git, then try again",
        SetupError::NoRepository => "change into the repository, or leave --local out",
        SetupError::SectionsTaken { .. } => {
            "remove the ones for CodeCommit, then run: holdfast git setup"
        }
        SetupError::HelperMissing { .. } => {
            "install Holdfast completely, then run: holdfast git setup"
        }
        SetupError::Changed { .. } => "run the same command again",
        SetupError::Busy { lock, .. } => {
            return vec![format!("if none is, remove {}", lock.display())];
        }
        SetupError::Key(KeyError::Temporary) => {
            "holdfast keeps temporary credentials itself, after: holdfast login PROFILE"
        }
        SetupError::NoPlaintextKey { .. } => "holdfast profiles",
        SetupError::KeychainForgets => {
            "import without --remove-plaintext, or set HOLDFAST_KEYCHAIN to os or file"
        }
        SetupError::KeyNotKept { .. } => {
            return vec![
                "holdfast keys list".to_owned(),
                "holdfast status".to_owned(),
            ];
        }
        SetupError::ProgramMissing { .. } => {
            "install Holdfast completely, then run: holdfast git install"
        }
        SetupError::NamesTaken { .. } => "give them other names, or leave them out",
        SetupError::BlockDamaged { .. } => {
            "put the missing mark back, or remove the marks and keep the sections as your own"
        }
        SetupError::Foreign { .. } => "move the file elsewhere, then run: holdfast git install",
        SetupError::Manifest { .. } => "remove the file, then run: holdfast git install",
        SetupError::GitCannotRun { .. }
        | SetupError::GitVersionUnknown
        | SetupError::Git { .. }
        | SetupError::NoWorkingFolder { .. }
        | SetupError::NoGitHome
        | SetupError::HelperNotUnicode { .. }
        | SetupError::Unquotable { .. }
        | SetupError::File { .. }
        | SetupError::Scratch { .. }
        | SetupError::Key(_)
        | SetupError::AwsFileUnreadable { .. }
        | SetupError::AwsFileNotWritten { .. }
        | SetupError::NoHome(_)
        | SetupError::Profile { .. }
        | SetupError::BlockUnwritable { .. }
        | SetupError::ProfileUnwritable { .. } => return Vec::new(),
    };
    vec![hint.to_owned()]
}
