//! Other programs: finding them, running them and saying clearly when they fail.

use anyhow::{Context, Result, bail};
use std::env;
use std::path::PathBuf;
use std::process::{Command, Output};

/// Runs a program with our own input and output, and fails when it does.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let name = display(command);
    let status = command
        .status()
        .with_context(|| format!("{name} did not start"))?;
    if !status.success() {
        bail!("{name} failed ({status})");
    }
    Ok(())
}

/// Runs a program and collects what it says; its errors are part of ours when it fails.
pub(crate) fn capture(command: &mut Command) -> Result<Output> {
    let name = display(command);
    let output = command
        .output()
        .with_context(|| format!("{name} did not start"))?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        bail!("{name} failed ({}): {}", output.status, errors.trim());
    }
    Ok(output)
}

/// Whether a program can be started and ends well.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// Where a program is in `PATH`.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let name = crate::workspace::executable(program);
    env::split_paths(&path)
        .map(|folder| folder.join(&name))
        .find(|candidate| candidate.is_file())
}

/// The program and its first words, enough to recognise it.
fn display(command: &Command) -> String {
    let program = PathBuf::from(command.get_program());
    let program = program.file_name().unwrap_or(command.get_program());
    let words = command.get_args().take(3);
    std::iter::once(program)
        .chain(words)
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}
