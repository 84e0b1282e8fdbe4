//! The programs that git starts, as the page shows them.

use crate::page::change::tilde;
use holdfast_setup::helpers::{Program, State, Survey};
use serde::Serialize;

/// The programs and their folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Programs {
    /// The user's own folder for programs, with `~` for the home folder.
    pub folder: String,
    /// The whole in one word.
    pub state: ProgramsState,
    /// One by one.
    pub rows: Vec<ProgramRow>,
    /// The line that puts the folder on the PATH, where it is not and something is installed.
    pub path_line: Option<PathLine>,
    /// There is something to remove.
    pub can_remove: bool,
}

/// What is to be done about the programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum ProgramsState {
    /// Nothing: all are there.
    Installed,
    /// Nothing: a package has put them on the PATH.
    Packaged,
    /// Some are of another version.
    Outdated,
    /// Some are missing.
    Missing,
    /// They are missing and cannot be copied from anywhere.
    Unavailable,
}

/// One program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ProgramRow {
    /// File name.
    pub name: String,
    /// What is in its place.
    pub state: ProgramState,
    /// What is in its place, in words.
    pub words: String,
    /// A program of the same name that is found first.
    pub shadowed_by: Option<String>,
}

/// What is in the place of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum ProgramState {
    /// Nothing.
    Absent,
    /// The program.
    Current,
    /// The program, of another version.
    Outdated,
    /// Somebody else's file.
    Foreign,
}

/// What to add so that shells find the programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct PathLine {
    /// The file that it belongs into; absent when it is a command to run once.
    pub file: Option<String>,
    /// The line.
    pub line: String,
}

impl Programs {
    pub(super) fn new(survey: &Survey) -> Self {
        let any = |state: State| survey.programs.iter().any(|program| program.state == state);
        let state = if any(State::Outdated) {
            ProgramsState::Outdated
        } else if survey.is_packaged && !any(State::Current) {
            ProgramsState::Packaged
        } else if any(State::Unavailable) {
            ProgramsState::Unavailable
        } else if any(State::Absent) {
            ProgramsState::Missing
        } else {
            ProgramsState::Installed
        };
        let is_installed = any(State::Current) || any(State::Outdated);
        let path_line = survey.path_advice.as_ref().filter(|_| is_installed);
        Self {
            folder: tilde(&survey.bin),
            state,
            rows: survey.programs.iter().map(row).collect(),
            path_line: path_line.map(|advice| PathLine {
                file: advice.file.as_deref().map(tilde),
                line: advice.line.clone(),
            }),
            can_remove: survey.installed_version.is_some(),
        }
    }
}

fn row(program: &Program) -> ProgramRow {
    let path = tilde(&program.path);
    let (state, words) = match program.state {
        State::Absent => (ProgramState::Absent, "Not installed".to_owned()),
        State::Unavailable => (
            ProgramState::Absent,
            "Not installed, and not beside this app either".to_owned(),
        ),
        State::Current => (ProgramState::Current, path),
        State::Outdated => (
            ProgramState::Outdated,
            format!("{path}, of another version of Holdfast"),
        ),
        State::Foreign => (
            ProgramState::Foreign,
            format!("{path} was not installed by Holdfast and is left as it is"),
        ),
    };
    ProgramRow {
        name: program.name.to_owned(),
        state,
        words,
        shadowed_by: program.shadowed_by.as_deref().map(tilde),
    }
}
