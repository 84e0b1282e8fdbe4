//! `cargo xtask ci`: everything a change must pass, cheapest first.

use crate::arguments::Arguments;
#[cfg(target_os = "linux")]
use crate::packages::{self, Consent};
use crate::{process, workspace};
use anyhow::{Context, Result};
use std::time::Instant;

/// Runs every check and stops at the first that fails.
pub(crate) fn run(arguments: Arguments) -> Result<()> {
    arguments.finish()?;
    step("format", || {
        process::run(workspace::cargo().args(["fmt", "--all", "--check"]))
    })?;
    step("unused dependencies", || {
        tool("machete", "0.9.2")?;
        process::run(workspace::cargo().args(["machete"]))
    })?;
    step("dependency policy", dependency_policy)?;
    step("user interface", || {
        #[cfg(target_os = "linux")]
        packages::ensure(&packages::APP_BUILD, Consent::Given)?;
        crate::ui::run(Arguments::none())
    })?;
    step("lints", || {
        let mut clippy = workspace::cargo();
        clippy.args(["clippy", "--locked", "--workspace", "--all-targets"]);
        process::run(clippy.args(["--", "-D", "warnings"]))
    })?;
    step("tests", || crate::test::run(Arguments::none()))?;
    #[cfg(target_os = "linux")]
    step("platforms", || crate::platforms::run(Arguments::none()))?;
    Ok(())
}

/// Licences, sources and duplicates always; advisories when their database can be reached.
fn dependency_policy() -> Result<()> {
    tool("deny", "0.20.2")?;
    let mut local = workspace::cargo();
    process::run(local.args(["deny", "--locked", "check", "bans", "licenses", "sources"]))?;
    let mut fetch = workspace::cargo();
    if !process::succeeds(fetch.args(["deny", "fetch", "db"])) {
        println!("advisories: NOT CHECKED, the advisory database cannot be reached");
        return Ok(());
    }
    process::run(workspace::cargo().args(["deny", "--locked", "check", "advisories"]))
}

/// Installs a cargo subcommand when it is missing.
fn tool(name: &str, version: &str) -> Result<()> {
    if process::succeeds(workspace::cargo().args([name, "--version"])) {
        return Ok(());
    }
    let mut install = workspace::cargo();
    install.args(["install", "--locked", "--version", version]);
    process::run(install.arg(format!("cargo-{name}")))
        .with_context(|| format!("cargo-{name} is needed and could not be installed"))
}

fn step(name: &str, check: impl FnOnce() -> Result<()>) -> Result<()> {
    println!("── {name}");
    let start = Instant::now();
    check().with_context(|| format!("{name} failed"))?;
    println!("── {name}: ok in {:.1} s", start.elapsed().as_secs_f64());
    Ok(())
}
