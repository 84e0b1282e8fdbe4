//! Looking at everything.

use crate::check;
use crate::finding::Finding;
use crate::repository::{self, Remote};
use holdfast_agent_proto::view::{ProfileView, StatusView};
use holdfast_agent_proto::{AgentError, CallerContext};
use holdfast_codecommit::RepositoryAddress;
use holdfast_setup::SetupError;
use holdfast_setup::git::{Git, GitStatus, Sourced};
use holdfast_setup::helpers::{self, Places};
use std::path::PathBuf;

/// What an examination needs to know.
pub struct Surroundings {
    /// The AWS files, and the working folder: the repository around it is looked at.
    pub context: CallerContext,
    /// Where Holdfast's programs are.
    pub places: Places,
    /// What the agent said.
    pub agent: AgentSeen,
    /// Version of the program that examines.
    pub version: String,
    /// Variables of the environment that name certificates and proxies.
    pub variable: fn(&str) -> Option<String>,
}

impl Surroundings {
    /// Those of this process.
    ///
    /// # Errors
    /// As for [`Places::of_this_process`].
    pub fn of_this_process(context: CallerContext, agent: AgentSeen) -> Result<Self, SetupError> {
        Ok(Self {
            context,
            places: Places::of_this_process()?,
            agent,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            variable: |name| std::env::var(name).ok().filter(|value| !value.is_empty()),
        })
    }
}

/// What the agent said.
pub enum AgentSeen {
    /// It does not run, and cannot be started: why.
    Absent(String),
    /// It runs.
    Running {
        /// Its state.
        status: Box<StatusView>,
        /// Every profile.
        profiles: Vec<ProfileView>,
    },
}

/// What the agent is asked during an examination. It never asks a person.
pub trait Ask {
    /// Names of the repositories of a Region that a profile may see.
    ///
    /// # Errors
    /// What the agent answered.
    fn repositories(&mut self, profile: &str, region: &str) -> Result<Vec<String>, AgentError>;

    /// The profile that is remembered for a repository.
    fn remembered_profile(&mut self, address: &RepositoryAddress) -> Option<String>;
}

/// What the checks share.
pub(crate) struct Seen<'a> {
    pub(crate) around: &'a Surroundings,
    pub(crate) git: Result<GitSeen, SetupError>,
}

/// What git said.
pub(crate) struct GitSeen {
    pub(crate) status: GitStatus,
    pub(crate) entries: Vec<Sourced>,
    /// Values outside of every repository.
    pub(crate) outside: Vec<Sourced>,
    pub(crate) remotes: Vec<Remote>,
}

impl Seen<'_> {
    /// The profiles, where the agent runs.
    pub(crate) fn profiles(&self) -> &[ProfileView] {
        match &self.around.agent {
            AgentSeen::Running { profiles, .. } => profiles,
            AgentSeen::Absent(_) => &[],
        }
    }

    /// The state of the agent, where it runs.
    pub(crate) fn status(&self) -> Option<&StatusView> {
        match &self.around.agent {
            AgentSeen::Running { status, .. } => Some(status),
            AgentSeen::Absent(_) => None,
        }
    }

    /// The remotes that lead to CodeCommit.
    pub(crate) fn remotes(&self) -> &[Remote] {
        self.git.as_ref().map_or(&[], |git| &git.remotes)
    }
}

/// Looks at everything, and changes nothing. The worst comes first.
pub fn examine(around: &Surroundings, ask: &mut impl Ask) -> Vec<Finding> {
    let installed = helpers::installed(&around.places).unwrap_or_default();
    let seen = Seen {
        around,
        git: look_at_git(around, &installed),
    };
    let checks: [fn(&Seen<'_>) -> Vec<Finding>; 15] = [
        check::agent::look,
        check::keychain::look,
        check::clock::look,
        check::network::look,
        check::certificates::look,
        check::git_version::look,
        check::credential_helper::look,
        check::remote_url::look,
        check::stored_password::look,
        check::profile::look,
        check::remote_helper::look,
        check::submodules::look,
        check::gui_client::look,
        check::aws_files::look,
        check::registrations::look,
    ];
    let mut findings: Vec<Finding> = checks.iter().flat_map(|look| look(&seen)).collect();
    findings.extend(check::access::look(&seen, ask));
    // Stable, so that what belongs together stays together.
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    findings
}

fn look_at_git(around: &Surroundings, installed: &[PathBuf]) -> Result<GitSeen, SetupError> {
    let status = GitStatus::read(&around.context, installed)?;
    let folder = around.context.working_dir.as_deref();
    let entries = Git::seen_from(folder)?.effective_entries()?;
    let outside = Git::seen_from(Some(&repository::outside()))?.effective_entries()?;
    Ok(GitSeen {
        remotes: repository::remotes(&entries),
        status,
        entries,
        outside,
    })
}
