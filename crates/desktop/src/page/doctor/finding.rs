//! Findings as the page shows them.

use super::words::{capitalised, sentence};
use crate::page::PageName;
use crate::page::change::tilde;
use crate::words::plain;
use holdfast_doctor::{Advice, Check, Finding, Mend, Severity};
use serde::Serialize;
use std::path::Path;

/// How bad something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Grade {
    /// Something is broken.
    Problem,
    /// Something will break, or could be better.
    Warning,
    /// Worth knowing.
    Note,
    /// As it should be.
    Good,
}

/// Findings of one grade.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct FindingGroup {
    /// The grade.
    pub grade: Grade,
    /// The findings.
    pub findings: Vec<FindingRow>,
}

/// One finding, or several that differ in what they are about alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct FindingRow {
    /// What is.
    pub what: String,
    /// More of the same.
    pub also: Vec<String>,
    /// What that breaks.
    pub breaks: Option<String>,
    /// Where it stands: a file, with `~` for the home folder.
    pub place: Option<String>,
    /// What to do.
    pub advice: Vec<AdviceLine>,
    /// The change that mends it.
    pub mend: Option<MendOffer>,
    /// The page where something can be done about it.
    pub page: Option<PageLink>,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct AdviceLine {
    /// In words; empty where the command says it all.
    pub words: String,
    /// What to run in a terminal.
    pub command: Option<String>,
    /// To copy the command by.
    pub id: u32,
}

/// A change that mends a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct MendOffer {
    /// To ask for it by.
    pub id: u32,
    /// The question of its dialog.
    pub title: String,
    /// The button that makes it: a verb.
    pub action: String,
    /// Something goes that does not come back.
    pub removes: bool,
}

/// A page that helps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct PageLink {
    /// The page.
    pub page: PageName,
    /// Its name for people.
    pub title: String,
}

/// Commands and changes that the page may ask for, by number.
pub(super) trait Keep {
    /// A command that can be copied.
    fn command(&mut self, command: String) -> u32;
    /// A change that can be made.
    fn mend(&mut self, mend: Mend) -> u32;
}

impl Grade {
    pub(super) fn of(severity: Severity) -> Self {
        match severity {
            Severity::Problem => Self::Problem,
            Severity::Warning => Self::Warning,
            Severity::Note => Self::Note,
            Severity::Good => Self::Good,
        }
    }
}

/// The findings by grade, in their order.
pub(super) fn groups(findings: Vec<Finding>, keep: &mut impl Keep) -> Vec<FindingGroup> {
    let mut groups: Vec<FindingGroup> = Vec::new();
    let mut last: Option<Check> = None;
    for finding in findings {
        let (check, grade) = (finding.check, Grade::of(finding.severity));
        let row = FindingRow::new(finding, keep);
        match groups.last_mut().filter(|group| group.grade == grade) {
            None => groups.push(FindingGroup {
                grade,
                findings: vec![row],
            }),
            Some(group) => match group.findings.last_mut() {
                Some(before) if last == Some(check) && before.says_the_same(&row) => {
                    before.also.push(row.what);
                }
                Some(_) | None => group.findings.push(row),
            },
        }
        last = Some(check);
    }
    groups
}

impl FindingRow {
    fn new(finding: Finding, keep: &mut impl Keep) -> Self {
        let page = link(finding.check, finding.severity, finding.mend.is_some());
        Self {
            what: capitalised(&plain(&finding.what)),
            also: Vec::new(),
            breaks: (!finding.breaks.is_empty()).then(|| sentence(&plain(&finding.breaks))),
            place: finding.place.as_deref().map(place),
            advice: finding
                .advice
                .into_iter()
                .map(|advice| line(advice, keep))
                .collect(),
            mend: finding.mend.map(|mend| offer(mend, keep)),
            page,
        }
    }

    /// What is wrong, and everything but what it is about: whatever mends the one mends the other.
    fn says_the_same(&self, other: &Self) -> bool {
        let said = |row: &Self| {
            let advice = row.advice.iter();
            advice
                .map(|line| (line.words.clone(), line.command.clone()))
                .collect::<Vec<_>>()
        };
        other.mend.is_none()
            && self.breaks.is_some()
            && self.breaks == other.breaks
            && self.place == other.place
            && said(self) == said(other)
    }
}

/// A place as a person reads it; git puts a word in front of files.
fn place(origin: &str) -> String {
    plain(&tilde(Path::new(
        origin.strip_prefix("file:").unwrap_or(origin),
    )))
}

fn line(advice: Advice, keep: &mut impl Keep) -> AdviceLine {
    // What is copied is what is seen.
    let command = advice.command.as_deref().map(plain);
    AdviceLine {
        words: capitalised(&plain(&advice.words)),
        id: command.clone().map_or(0, |command| keep.command(command)),
        command,
    }
}

fn offer(mend: Mend, keep: &mut impl Keep) -> MendOffer {
    let (title, action, removes) = match &mend {
        Mend::GitSetup(_) => ("Set git up for CodeCommit?".to_owned(), "Set up", false),
        Mend::RemoteUrl { key, .. } => (format!("Change {}?", plain(key)), "Change", false),
        Mend::Forget { helper, .. } => (
            format!("Let {} forget this password?", helper.name()),
            "Forget",
            true,
        ),
    };
    MendOffer {
        id: keep.mend(mend),
        title,
        action: action.to_owned(),
        removes,
    }
}

/// The page that does what the advice says, where the change is not offered at once.
fn link(check: Check, severity: Severity, is_mended: bool) -> Option<PageLink> {
    if is_mended || severity == Severity::Good {
        return None;
    }
    let is_wrong = severity >= Severity::Warning;
    let (page, title) = match check {
        Check::CredentialHelper | Check::RemoteHelper => (PageName::GitHelper, "Git helper"),
        Check::PlaintextKeys => (PageName::AddProfile, "Add profile"),
        Check::Keychain | Check::Network if is_wrong => (PageName::Settings, "Settings"),
        Check::Keychain
        | Check::Network
        | Check::Agent
        | Check::Clock
        | Check::Certificates
        | Check::GitVersion
        | Check::RemoteUrl
        | Check::StoredPassword
        | Check::Profile
        | Check::Access
        | Check::Submodules
        | Check::GuiClient
        | Check::AwsFiles
        | Check::Registrations => return None,
    };
    Some(PageLink {
        page,
        title: format!("{title}…"),
    })
}
