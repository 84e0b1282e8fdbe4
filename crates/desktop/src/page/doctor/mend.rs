//! Changes that mend findings: shown first, made when they are still what was shown.

use super::words::sentence;
use crate::page::Trouble;
use crate::page::change::{Change, Made, kept_in, tilde};
use crate::words::plain;
use holdfast_agent_proto::with_causes;
use holdfast_doctor::{Mend, MendError};

/// Lines of git's configuration that are shown around a change: none, because they may hold secrets.
const CONTEXT: usize = 0;

/// The change, to be looked at.
pub(super) fn show(mend: &Mend) -> Change {
    let diff = match mend {
        Mend::GitSetup(_) => mend.diff(CONTEXT),
        Mend::RemoteUrl { .. } | Mend::Forget { .. } => lines(&mend.diff(CONTEXT)),
    };
    Change {
        fingerprint: mend.fingerprint(),
        diffs: (!diff.is_empty()).then_some(diff).into_iter().collect(),
        files: Vec::new(),
        notes: vec![match mend {
            Mend::GitSetup(plan) if !plan.is_needed() => {
                format!("{} says all of this already.", tilde(plan.path()))
            }
            Mend::GitSetup(_) => {
                "A backup of the file is kept beside it. Helpers of other hosts are not touched."
                    .to_owned()
            }
            Mend::RemoteUrl { repository, .. } => {
                format!("Nothing else in {} changes.", tilde(repository))
            }
            Mend::Forget { helper, .. } => format!(
                "{} keeps what it holds for other hosts. git asks Holdfast for a password when it needs one.",
                helper.name()
            ),
        }],
    }
}

/// Names out of a repository turn nothing around that stands beside them.
fn lines(diff: &str) -> String {
    diff.lines().map(|line| plain(line) + "\n").collect()
}

/// The file or program that the change is of.
pub(super) fn of_what(mend: &Mend) -> String {
    match mend {
        Mend::GitSetup(plan) => tilde(plan.path()),
        Mend::RemoteUrl { key, .. } => key.clone(),
        Mend::Forget { helper, .. } => helper.name().to_owned(),
    }
}

/// Makes the change.
pub(super) fn make(mend: Mend) -> Result<Made, Trouble> {
    let message = match &mend {
        Mend::GitSetup(_) => "git asks Holdfast, and nobody else, about CodeCommit.".to_owned(),
        Mend::RemoteUrl { key, to, .. } => format!("{key} is {to} now."),
        Mend::Forget { helper, host } => {
            format!("{} holds no password for {host} any more.", helper.name())
        }
    };
    let backup = mend.apply()?;
    Ok(Made::new(message, kept_in(backup.as_deref(), false)))
}

impl From<MendError> for Trouble {
    fn from(error: MendError) -> Self {
        match error {
            MendError::Setup(error) => error.into(),
            MendError::Repository(error) => Self::new(sentence(&with_causes(&error)))
                .hint("Nothing was changed. Close this and look again."),
            MendError::Stored(error) => Self::new(sentence(&with_causes(&error)))
                .hint("Look whether a window of this helper waits for you, then try again."),
        }
    }
}
