//! Where things are in this repository, and how cargo is started from here.

use anyhow::{Context, Result};
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Programs that people get, each behind the package that makes it.
pub(crate) const SHIPPED: [(&str, &str); 4] = [
    ("holdfast-agent", "holdfast-agent"),
    ("holdfast-cli", "holdfast"),
    ("holdfast-git-helper", "git-credential-holdfast"),
    ("holdfast-git-helper", "git-remote-codecommit"),
];

/// The app, behind its package.
const APP: (&str, &str) = ("holdfast-tray", "holdfast-tray");

/// The simulated AWS, behind its package.
pub(crate) const SIMULATOR: (&str, &str) = ("holdfast-aws-sim", "holdfast-sim");

/// What is built for a command.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Programs {
    /// Those that need no desktop.
    Console,
    /// The app too, which embeds `ui/dist`.
    WithApp,
}

/// The top folder of the repository.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Cargo's target folder.
pub(crate) fn target_dir() -> Result<PathBuf> {
    let output = cargo()
        .args(["metadata", "--no-deps", "--format-version=1"])
        .output()
        .context("cargo metadata did not start")?;
    let metadata: serde_json::Value =
        serde_json::from_slice(&output.stdout).context("cargo metadata did not answer")?;
    let folder = metadata["target_directory"].as_str();
    Ok(PathBuf::from(
        folder.context("cargo metadata names no target folder")?,
    ))
}

/// A file name as this system spells programs.
pub(crate) fn executable(name: &str) -> String {
    format!("{name}{}", env::consts::EXE_SUFFIX)
}

/// The cargo that started this program, at the top of the repository.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    // `cargo run` describes this package to us; build scripts of others watch these variables
    // and would run again for nothing.
    for (name, _) in env::vars_os() {
        let name_text = name.to_string_lossy();
        if name_text.starts_with("CARGO_PKG_") || name_text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// The compiler that belongs to this cargo.
pub(crate) fn rustc() -> Command {
    let mut command = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    command.current_dir(root());
    command
}

/// Builds the programs, and answers with the folder they are in.
pub(crate) fn build_programs(programs: Programs, release: bool) -> Result<PathBuf> {
    let mut build = cargo();
    build.args(["build", "--locked"]);
    let app = (programs == Programs::WithApp).then_some(APP);
    for (package, program) in SHIPPED.into_iter().chain([SIMULATOR]).chain(app) {
        build.args(["--package", package, "--bin", program]);
    }
    if release {
        build.arg("--release");
    }
    crate::process::run(&mut build)?;
    Ok(target_dir()?.join(if release { "release" } else { "debug" }))
}
