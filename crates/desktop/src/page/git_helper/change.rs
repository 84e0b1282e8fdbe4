//! The changes that the page offers: shown first, made when they are still what was shown.

use crate::page::Trouble;
use crate::page::change::{Change, Made, check_agreed, kept_in, tilde};
use holdfast_agent_proto::CallerContext;
use holdfast_setup::git::{Scope, SetupPlan, SetupRequest, UndoPlan};
use holdfast_setup::helpers::{self, InstallPlan, Places, UninstallPlan};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// Lines of git's configuration that are shown around a change: none, because they may hold secrets.
const CONTEXT: usize = 0;

/// What can be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(serde::Serialize, ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum GitChange {
    /// Copy the programs into the user's own folder.
    Install,
    /// Remove them.
    Uninstall,
    /// Make Holdfast the credential helper of CodeCommit.
    SetUp,
    /// Take it out of git's configuration.
    Undo,
}

/// A change with all that is needed to make it.
enum Plan {
    Install(InstallPlan),
    Uninstall(UninstallPlan),
    SetUp(SetupPlan),
    Undo(UndoPlan),
}

/// What would be changed.
///
/// # Errors
/// When files, programs or git cannot be used.
pub fn plan_change(
    change: GitChange,
    context: &CallerContext,
    places: &Places,
) -> Result<Change, Trouble> {
    Ok(Plan::make(change, context, places)?.show())
}

/// Makes a change, when it is still the one that was shown.
///
/// # Errors
/// When files changed meanwhile, or cannot be written.
pub fn make_change(
    change: GitChange,
    fingerprint: &str,
    context: &CallerContext,
    places: &Places,
) -> Result<Made, Trouble> {
    let plan = Plan::make(change, context, places)?;
    check_agreed(fingerprint, &plan.show().fingerprint, &plan.file(places))?;
    plan.apply()
}

impl Plan {
    fn make(change: GitChange, context: &CallerContext, places: &Places) -> Result<Self, Trouble> {
        Ok(match change {
            GitChange::Install => Self::Install(InstallPlan::make(places)?),
            GitChange::Uninstall => Self::Uninstall(UninstallPlan::make(places)?),
            GitChange::SetUp => {
                let request = SetupRequest {
                    helper: helpers::installed_credential_helper(places)?,
                    ..SetupRequest::default()
                };
                Self::SetUp(SetupPlan::make(&request, context)?)
            }
            GitChange::Undo => Self::Undo(UndoPlan::make(Scope::Global)?),
        })
    }

    fn file(&self, places: &Places) -> String {
        match self {
            Self::Install(_) | Self::Uninstall(_) => tilde(&places.bin),
            Self::SetUp(plan) => tilde(plan.path()),
            Self::Undo(plan) => tilde(plan.path()),
        }
    }

    fn show(&self) -> Change {
        match self {
            Self::Install(plan) => Change {
                fingerprint: plan.fingerprint(),
                files: tildes(plan.programs()),
                notes: left(plan.foreign(), "was not installed by Holdfast")
                    .into_iter()
                    .chain(plan.replaced().map(|(new, other)| {
                        format!(
                            "{} runs now; {} will run in its place.",
                            tilde(other),
                            tilde(new)
                        )
                    }))
                    .collect(),
                ..Change::default()
            },
            Self::Uninstall(plan) => Change {
                fingerprint: plan.fingerprint(),
                files: tildes(plan.programs()),
                notes: left(plan.changed(), "was changed since it was installed"),
                ..Change::default()
            },
            Self::SetUp(plan) => Change {
                fingerprint: plan.fingerprint(),
                diffs: diffs(plan.is_needed(), plan.diff(CONTEXT)),
                notes: vec![if plan.is_needed() {
                    "A backup of the file is kept beside it. Helpers of other hosts are not touched.".to_owned()
                } else {
                    format!("{} says all of this already.", tilde(plan.path()))
                }],
                ..Change::default()
            },
            Self::Undo(plan) => Change {
                fingerprint: plan.fingerprint(),
                diffs: diffs(plan.is_needed(), plan.diff(CONTEXT)),
                notes: vec![if plan.is_needed() {
                    "Only these lines go. Where nothing else has changed, the file is what it was before the set-up, byte for byte.".to_owned()
                } else {
                    format!("{} holds nothing of Holdfast.", tilde(plan.path()))
                }],
                ..Change::default()
            },
        }
    }

    fn apply(self) -> Result<Made, Trouble> {
        Ok(match self {
            Self::Install(plan) => {
                let installed = plan.apply()?;
                Made::new(
                    format!("{} installed.", count(installed.programs.len())),
                    left(&installed.left, "was not installed by Holdfast"),
                )
            }
            Self::Uninstall(plan) => {
                let removed = plan.apply()?;
                Made::new(
                    format!("{} removed.", count(removed.programs.len())),
                    left(&removed.left, "was changed since it was installed"),
                )
            }
            Self::SetUp(plan) => {
                let backup = plan.apply()?;
                Made::new(
                    "git asks Holdfast, and nobody else, about CodeCommit.",
                    kept_in(backup.as_deref(), false),
                )
            }
            Self::Undo(plan) => {
                plan.apply()?;
                let file = tilde(plan.path());
                Made::new(format!("{file} holds nothing of Holdfast any more."), [])
            }
        })
    }
}

fn diffs(is_needed: bool, diff: String) -> Vec<String> {
    is_needed.then_some(diff).into_iter().collect()
}

fn tildes<'a>(paths: impl Iterator<Item = &'a Path>) -> Vec<String> {
    paths.map(tilde).collect()
}

fn left(paths: &[PathBuf], why: &str) -> Vec<String> {
    paths
        .iter()
        .map(|path| format!("{} {why} and is left as it is.", tilde(path)))
        .collect()
}

fn count(programs: usize) -> String {
    match programs {
        1 => "1 program is".to_owned(),
        more => format!("{more} programs are"),
    }
}
