//! Programs from PyPI, each set in a virtual environment of its own under `target`.

use crate::packages::{self, Consent};
use crate::process;
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Makes sure that a virtual environment holds these packages. Answers with its folder of programs.
pub(crate) fn venv(folder: &Path, wanted: &[&str], consent: Consent) -> Result<PathBuf> {
    let programs = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let list = wanted.join("\n");
    let receipt = folder.join("holdfast-installed.txt");
    if fs::read_to_string(&receipt).is_ok_and(|installed| installed == list) {
        return Ok(programs);
    }
    if !process::succeeds(Command::new("python3").args(["-c", "import venv, ensurepip"])) {
        packages::install(&["python3-venv"], consent)?;
    }
    process::capture(Command::new("python3").args(["-m", "venv"]).arg(folder))?;
    process::capture(
        Command::new(programs.join("python"))
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
            ])
            .args(wanted),
    )
    .context("installing from PyPI failed")?;
    fs::write(&receipt, list)
        .with_context(|| format!("{} cannot be written", receipt.display()))?;
    Ok(programs)
}
