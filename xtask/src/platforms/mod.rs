//! `cargo xtask platforms`: the other two systems, from one Linux machine.
//!
//! The workspace is type-checked for Windows and macOS, and the programs are run on Windows'
//! interfaces through Wine. What cannot be shown this way is listed in `docs/platforms.md`.

mod macos;
mod toolchain;
mod windows;

use crate::arguments::Arguments;
use crate::packages::{self, Consent};
use crate::{process, ui, workspace};
use anyhow::{Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use toolchain::Toolchain;

/// Checks both systems and runs the programs for Windows.
pub(crate) fn run(mut arguments: Arguments) -> Result<()> {
    let check_only = arguments.flag("--check-only");
    let run_only = arguments.flag("--run-only");
    let windows_only = arguments.flag("--windows");
    let macos_only = arguments.flag("--macos");
    arguments.finish()?;
    ensure!(
        cfg!(target_os = "linux"),
        "this command checks other systems from Linux"
    );
    let folder = folder()?;
    // The app embeds what the windows show, on every system.
    ui::build(Consent::Given)?;
    if !macos_only {
        packages::ensure(&windows::COMPILER, Consent::Given)?;
        if !run_only {
            check(&folder, windows::TARGET, &[])?;
        }
        if !check_only {
            packages::ensure(&windows::WINE, Consent::Given)?;
            windows::run(&folder)?;
        }
    }
    if !windows_only && !run_only {
        let environment = macos::compiler(&folder)?;
        check(&folder, macos::TARGET, &environment)?;
    }
    Ok(())
}

/// What this command builds is kept apart, so that it does not fight with the normal build.
fn folder() -> Result<PathBuf> {
    let folder = workspace::target_dir()?.join("platforms");
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Type-checks every crate and its tests for a target.
fn check(folder: &Path, target: &str, environment: &[(String, PathBuf)]) -> Result<()> {
    println!("── type check for {target}");
    let toolchain = Toolchain::find(target)?;
    let mut command = toolchain.cargo("check", folder, target);
    command.args(["--workspace", "--all-targets", "--keep-going"]);
    for (name, value) in environment {
        command.env(name, value);
    }
    process::run(&mut command)
}
