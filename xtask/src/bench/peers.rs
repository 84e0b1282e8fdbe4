//! What people use today, from PyPI.

use crate::packages::Consent;
use crate::{process, python};
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The AWS CLI, version 1, and AWS's remote helper for git.
pub(crate) struct Peers {
    programs: PathBuf,
}

impl Peers {
    /// Installs them.
    pub(crate) fn install(folder: &Path) -> Result<Self> {
        let wanted = ["awscli", "git-remote-codecommit"];
        let programs = python::venv(&folder.join("peers"), &wanted, Consent::Given)?;
        Ok(Self { programs })
    }

    /// The AWS CLI.
    pub(crate) fn aws(&self) -> PathBuf {
        self.programs.join("aws")
    }

    /// The folder that git has to find on its path.
    pub(crate) fn folder(&self) -> &Path {
        &self.programs
    }

    /// Their versions in words.
    pub(crate) fn versions(&self) -> String {
        let version = |package: &str| {
            let code = format!("import importlib.metadata as m; print(m.version('{package}'))");
            let mut python = Command::new(self.programs.join("python"));
            let output = process::capture(python.args(["-c", &code]));
            output.map_or_else(
                |_| "of an unknown version".to_owned(),
                |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
            )
        };
        format!(
            "AWS CLI {} and git-remote-codecommit {}",
            version("awscli"),
            version("git-remote-codecommit")
        )
    }
}
