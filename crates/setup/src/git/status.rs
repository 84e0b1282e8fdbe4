//! Which helper answers for which CodeCommit hosts, and what is wrong with that.

use super::binary::{Git, Version};
use super::effective::{Answer, Effective, Helper};
use super::family;
use super::helper;
use super::remote_helper::{self, RemoteHelper};
use crate::error::Result;
use holdfast_agent_proto::CallerContext;
use std::path::{Path, PathBuf};

/// What git does about CodeCommit.
#[derive(Clone, Debug)]
pub struct GitStatus {
    /// Version of git.
    pub version: Version,
    /// The families of hosts that are in use or set up.
    pub families: Vec<Family>,
    /// Programs that serve `codecommit://` URLs; git runs the first.
    pub remote_helpers: Vec<RemoteHelper>,
    /// git fetches submodules with `codecommit://` URLs.
    pub serves_submodules: bool,
}

/// Hosts that one URL pattern covers.
#[derive(Clone, Debug)]
pub struct Family {
    /// The pattern.
    pub pattern: String,
    /// Who answers.
    pub answer: Answer,
    /// Helpers in the order in which git asks them.
    pub helpers: Vec<Helper>,
    /// The helper is told which repository it is about.
    pub use_http_path: bool,
    /// git sends the password with its first request.
    pub proactive_auth: bool,
    /// What a new set-up mends.
    pub problems: Vec<Problem>,
}

/// Something that a new set-up mends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// These helpers are handed Holdfast's passwords to store.
    SharedWith(Vec<String>),
    /// `useHttpPath` is off.
    PathNotTold,
    /// The helper that is configured is not there.
    ProgramMissing(String),
}

impl GitStatus {
    /// Looks at git's configuration as it is from the caller's working folder.
    ///
    /// `installed` are programs of Holdfast's besides those in the folder of this one.
    ///
    /// # Errors
    /// When git cannot be run, or cannot read its configuration.
    pub fn read(context: &CallerContext, installed: &[PathBuf]) -> Result<Self> {
        let git = Git::seen_from(context.working_dir.as_deref())?;
        let entries = git.effective_entries()?;
        let in_use = family::patterns(&family::in_use(context));
        let mut families = Vec::new();
        for pattern in family::every_pattern() {
            let url = family::sample_url(&pattern);
            let effective = Effective::of(&entries, &url);
            let is_set_up = matches!(effective.answer(), Answer::Holdfast | Answer::Shared);
            if !is_set_up && !in_use.contains(&pattern) {
                continue;
            }
            let proactive_auth = match git.value_for_url("http.proactiveAuth", &url)? {
                Some(value) => value == "basic",
                None => false,
            };
            families.push(Family {
                pattern,
                answer: effective.answer(),
                problems: problems(&effective),
                helpers: effective.helpers,
                use_http_path: effective.use_http_path,
                proactive_auth,
            });
        }
        Ok(Self {
            version: git.version,
            families,
            remote_helpers: remote_helper::find(&git.exec_path()?, installed),
            serves_submodules: remote_helper::serves_submodules(&entries),
        })
    }
}

fn problems(effective: &Effective) -> Vec<Problem> {
    let answer = effective.answer();
    let mut problems = Vec::new();
    if answer == Answer::Shared {
        let others = effective
            .helpers
            .iter()
            .map(|helper| &helper.value)
            .filter(|value| !helper::asks_holdfast(value));
        problems.push(Problem::SharedWith(others.cloned().collect()));
    }
    if matches!(answer, Answer::Holdfast | Answer::Shared) {
        if !effective.use_http_path {
            problems.push(Problem::PathNotTold);
        }
        let missing = effective
            .helpers
            .iter()
            .filter_map(|helper| helper::program_of(&helper.value))
            .find(|program| !Path::new(program).is_file());
        problems.extend(missing.map(Problem::ProgramMissing));
    }
    problems
}
