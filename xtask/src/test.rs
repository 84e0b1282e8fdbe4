//! `cargo xtask test`: every test of the workspace, and before it what the tests need.

use crate::arguments::Arguments;
use crate::packages::{self, Consent};
use crate::{process, python, ui, workspace};
use anyhow::{Context, Result, bail};
use std::env;
use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// Names the folder with the programs that end-to-end tests start.
const BIN_DIR: &str = "HOLDFAST_BIN_DIR";

/// Prefixes of variables that would make the programs under test behave differently.
const DISTURBING: [&str; 9] = [
    "AWS_",
    "HOLDFAST_",
    "GIT_",
    "SSH_",
    "DBUS_",
    "WAYLAND_",
    "WEBKIT_",
    "GTK_",
    "RUST_LOG",
];

/// Runs the tests; words are passed on to the runner as filters.
pub(crate) fn run(arguments: Arguments) -> Result<()> {
    let filters = arguments.rest();
    let mut path = env::var_os("PATH").unwrap_or_default();
    if cfg!(target_os = "linux") {
        let programs = [
            packages::GIT,
            packages::GIT_LFS,
            packages::STRACE,
            packages::CURL,
        ];
        for needs in [
            &packages::APP_BUILD[..],
            &packages::DESKTOP[..],
            &packages::BROWSER[..],
            &packages::SHELLS[..],
            &programs,
        ] {
            packages::ensure(needs, Consent::Given)?;
        }
        if let Some(folder) = aws_cli()? {
            path = prepend(&folder, &path)?;
        }
        boto3()?;
        remote_helper_of_aws()?;
        #[cfg(target_os = "linux")]
        crate::git_tests::ensure()?;
    } else if process::find("git").is_none() {
        bail!("the tests start git; please install it and run this again");
    }

    ui::build(Consent::Given)?;
    if filters.is_empty() {
        ui::check()?;
    }

    let bin_dir = workspace::target_dir()?.join("debug");
    let mut build = workspace::cargo();
    build.args(["build", "--locked", "--workspace", "--exclude", "xtask"]);
    process::run(build.args(["--bins", "--tests"]))?;

    let prepared = |mut command: Command| {
        for (name, _) in env::vars_os() {
            let text = name.to_string_lossy();
            if DISTURBING.iter().any(|prefix| text.starts_with(prefix)) {
                command.env_remove(&name);
            }
        }
        command.env("PATH", &path).env(BIN_DIR, &bin_dir);
        command
    };

    let mut examples = prepared(workspace::cargo());
    examples.args(["test", "--locked", "--workspace", "--doc", "--quiet", "--"]);
    capture_examples(examples.args(&filters))?;

    if process::succeeds(workspace::cargo().args(["nextest", "--version"])) {
        let mut tests = prepared(workspace::cargo());
        tests.args([
            "nextest",
            "run",
            "--locked",
            "--workspace",
            "--no-fail-fast",
        ]);
        process::run(tests.args(&filters))
    } else {
        let mut tests = prepared(workspace::cargo());
        tests.args(["test", "--locked", "--workspace", "--no-fail-fast"]);
        tests
            .args(["--lib", "--bins", "--tests", "--"])
            .args(&filters);
        run_and_sum_up(&mut tests)
    }
}

/// Examples in the documentation: silent unless one fails.
fn capture_examples(command: &mut Command) -> Result<()> {
    let output = command.output().context("cargo test did not start")?;
    if !output.status.success() {
        print!("{}", String::from_utf8_lossy(&output.stdout));
        eprint!("{}", String::from_utf8_lossy(&output.stderr));
        bail!("an example in the documentation fails");
    }
    Ok(())
}

/// The real AWS CLI: on the path already, from apt, or from PyPI where the distribution has none.
/// Answers with a folder that has to be put on the path.
fn aws_cli() -> Result<Option<OsString>> {
    if process::find("aws").is_some() {
        return Ok(None);
    }
    if packages::apt_offers("awscli") {
        packages::install(&["awscli"], Consent::Given)?;
        return Ok(None);
    }
    let venv = python::venv(
        &workspace::target_dir()?.join("tools/awscli"),
        &["awscli"],
        Consent::Given,
    )?;
    Ok(Some(venv.into_os_string()))
}

/// The newest boto3, which renews what `aws login` left (it needs the `crt` extra for that). Tests look for it here.
fn boto3() -> Result<()> {
    let folder = workspace::target_dir()?.join("tools/boto3");
    python::venv(&folder, &["boto3[crt]"], Consent::Given).map(drop)
}

/// AWS's own remote helper for git, in which a test finds what ours must not have. Tests look for it here.
fn remote_helper_of_aws() -> Result<()> {
    let folder = workspace::target_dir()?.join("tools/git-remote-codecommit");
    python::venv(&folder, &["git-remote-codecommit"], Consent::Given).map(drop)
}

fn prepend(folder: &OsString, path: &OsString) -> Result<OsString> {
    let folders = std::iter::once(Path::new(folder).to_path_buf()).chain(env::split_paths(path));
    Ok(env::join_paths(folders)?)
}

/// Runs cargo's own test runner, which has no line for all binaries together, and adds one.
fn run_and_sum_up(command: &mut Command) -> Result<()> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .context("cargo test did not start")?;
    let mut total = Totals::default();
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines() {
            let line = line?;
            println!("{line}");
            total.add(&line);
        }
    }
    let status = child.wait()?;
    println!(
        "Summary: {} tests run: {} passed, {} failed, {} skipped",
        total.passed + total.failed,
        total.passed,
        total.failed,
        total.skipped
    );
    if !status.success() {
        bail!("cargo test failed ({status})");
    }
    Ok(())
}

/// Counts of all test binaries together.
#[derive(Default, Debug, PartialEq, Eq)]
struct Totals {
    passed: u64,
    failed: u64,
    skipped: u64,
}

impl Totals {
    /// Adds a line such as `test result: ok. 5 passed; 0 failed; 1 ignored; …`.
    fn add(&mut self, line: &str) {
        let Some(counts) = line.strip_prefix("test result: ") else {
            return;
        };
        let counts = counts.split_once(". ").map_or(counts, |(_, counts)| counts);
        for count in counts.split("; ") {
            let Some((number, what)) = count.split_once(' ') else {
                continue;
            };
            let number = number.parse().unwrap_or(0);
            match what {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.skipped += number,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_add_up_over_binaries() {
        let mut totals = Totals::default();
        totals.add("running 5 tests");
        totals.add("test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s");
        totals.add("test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s");
        let expected = Totals {
            passed: 7,
            failed: 3,
            skipped: 1,
        };
        assert_eq!(totals, expected);
    }
}
