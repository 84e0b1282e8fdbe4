//! The page of the git helper: which programs are installed, who answers git for CodeCommit, and what is in the way.

mod change;
mod programs;

pub use change::{GitChange, make_change, plan_change};
pub use holdfast_setup::helpers::Places;
pub use programs::{PathLine, ProgramRow, ProgramState, Programs, ProgramsState};

use super::Trouble;
use holdfast_agent_proto::CallerContext;
use holdfast_setup::git::{ALLOW_SUBMODULES, Answer, Family, GitStatus, Problem, describe};
use holdfast_setup::helpers::{self, State, Survey};
use serde::Serialize;

/// What is installed and configured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct GitHelperPage {
    /// The programs.
    pub programs: Programs,
    /// git's configuration; absent when git cannot be asked.
    pub git: Option<GitView>,
    /// Why git cannot be asked.
    pub git_trouble: Option<Trouble>,
}

/// git's configuration for CodeCommit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct GitView {
    /// Version of git.
    pub version: String,
    /// The whole in one word.
    pub state: GitState,
    /// Hosts and who answers for them.
    pub hosts: Vec<HostRow>,
    /// What a new set-up mends, each once.
    pub problems: Vec<String>,
    /// Another program serves `codecommit://` URLs.
    pub remote_helper: Option<String>,
    /// The command that lets submodules have `codecommit://` URLs, where they may not yet.
    pub allow_submodules: Option<String>,
}

/// Whether git asks Holdfast about CodeCommit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum GitState {
    /// It does, and nobody else.
    SetUp,
    /// It does, and something has to be mended.
    Broken,
    /// It does not.
    NotSetUp,
}

/// Hosts that are answered for alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct HostRow {
    /// The hosts, in words.
    pub hosts: String,
    /// Holdfast answers.
    pub is_holdfast: bool,
    /// Who answers, in words.
    pub words: String,
}

impl GitHelperPage {
    /// Looks at the programs and at git.
    ///
    /// # Errors
    /// When the programs cannot be looked at.
    pub fn read(context: &CallerContext, places: &Places) -> Result<Self, Trouble> {
        let survey = Survey::read(places)?;
        let installed = helpers::installed(places)?;
        let (git, git_trouble) = match GitStatus::read(context, &installed) {
            Ok(status) => (Some(view(&status, &survey)), None),
            Err(error) => (None, Some(error.into())),
        };
        Ok(Self {
            programs: Programs::new(&survey),
            git,
            git_trouble,
        })
    }
}

fn view(status: &GitStatus, survey: &Survey) -> GitView {
    let mut problems: Vec<String> = Vec::new();
    for problem in status.families.iter().flat_map(|it| &it.problems) {
        let words = in_words(problem);
        if !problems.contains(&words) {
            problems.push(words);
        }
    }
    let answers = |wanted: Answer| status.families.iter().any(|it| it.answer == wanted);
    let is_set_up = answers(Answer::Holdfast) || answers(Answer::Shared);
    let is_whole = !answers(Answer::Other) && !answers(Answer::Nobody);
    let remote_helper = status.remote_helpers.first();
    let is_ours = remote_helper.is_some_and(|it| it.is_ours);
    let has_ours = survey
        .programs
        .iter()
        .any(|program| program.state == State::Current);
    GitView {
        version: status.version.to_string(),
        state: match (is_set_up, is_whole && problems.is_empty()) {
            (true, true) => GitState::SetUp,
            (true, false) => GitState::Broken,
            (false, _) => GitState::NotSetUp,
        },
        hosts: status.families.iter().map(row).collect(),
        problems,
        remote_helper: remote_helper
            .filter(|it| !it.is_ours && has_ours)
            .map(|it| super::change::tilde(&it.path)),
        allow_submodules: (is_ours && !status.serves_submodules)
            .then(|| ALLOW_SUBMODULES.to_owned()),
    }
}

fn row(family: &Family) -> HostRow {
    let first = family.helpers.first();
    let other = first.map_or("", |helper| helper.shown());
    HostRow {
        hosts: describe(&family.pattern),
        is_holdfast: matches!(family.answer, Answer::Holdfast | Answer::Shared),
        words: match family.answer {
            Answer::Holdfast => "Holdfast answers, and nobody else is asked.".to_owned(),
            Answer::Shared => "Holdfast answers, and others are handed its password.".to_owned(),
            Answer::Other => format!("Another helper answers: {other}"),
            Answer::Nobody => "Nobody answers: git asks for a user name.".to_owned(),
        },
    }
}

fn in_words(problem: &Problem) -> String {
    match problem {
        Problem::SharedWith(others) => format!(
            "{} is configured behind Holdfast and is handed its passwords to store.",
            others.join(", ")
        ),
        Problem::PathNotTold => {
            "useHttpPath is off, so Holdfast is not told which repository git means.".to_owned()
        }
        Problem::ProgramMissing(program) => format!("{program} is configured and is not there."),
    }
}
