//! Clone commands for people to copy, and for `holdfast clone` to run.

use crate::address::{RepositoryAddress, codecommit_url};
use crate::git_config::{helper_command, settings};
use crate::host::GitHost;
use crate::region::Region;
use crate::repository::RepositoryName;
use crate::shell::{QuoteError, Shell, escape_posix};

/// `git clone` of one repository, as arguments. Holds no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloneCommand {
    arguments: Vec<String>,
}

impl CloneCommand {
    /// `git clone codecommit::<region>://<profile>@<repository>`, which `git-remote-codecommit` serves.
    pub fn codecommit(region: &Region, profile: &str, repository: &RepositoryName) -> Self {
        let url = codecommit_url(Some(region), Some(profile), repository);
        Self {
            arguments: ["git", "clone", &url].map(str::to_owned).into(),
        }
    }

    /// `git clone` of the https URL, which brings the configuration it needs into the new clone:
    /// the helper for this host alone, and `git mfa` to sign in.
    ///
    /// `helper` and `cli` are absolute paths of `git-credential-holdfast` and `holdfast`, with forward slashes.
    ///
    /// # Errors
    /// When a path or the profile's name holds a control character.
    pub fn https(
        host: &GitHost,
        profile: &str,
        repository: &RepositoryName,
        helper: &str,
        cli: &str,
    ) -> Result<Self, QuoteError> {
        let helper = helper_command(helper, Some(profile))?;
        // A name that starts with a dash would be taken for an option.
        let login = if profile.starts_with('-') {
            "login --"
        } else {
            "login"
        };
        let alias = format!(
            "alias.mfa=!{} {login} {}",
            escape_posix(cli)?,
            escape_posix(profile)?
        );
        let scoped = settings(&format!("https://{host}"), &helper)
            .into_iter()
            .map(|setting| format!("{}={}", setting.key, setting.value));
        let mut arguments = ["git", "clone"].map(str::to_owned).to_vec();
        for setting in scoped.chain([alias]) {
            arguments.push("--config".to_owned());
            arguments.push(setting);
        }
        arguments.push(RepositoryAddress::new(host.clone(), repository.clone()).https_url());
        Ok(Self { arguments })
    }

    /// The program, `git`, and its arguments.
    pub fn arguments(&self) -> &[String] {
        &self.arguments
    }

    /// The command line to paste into a shell.
    ///
    /// # Errors
    /// When an argument cannot be quoted for that shell.
    pub fn text(&self, shell: Shell) -> Result<String, QuoteError> {
        shell.join(self.arguments.iter().map(String::as_str))
    }
}
