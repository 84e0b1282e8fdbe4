//! The credential helper alone, and inside `git credential fill`.

use super::baseline::BUILTIN_HELPER;
use super::cost::{Cost, Subject, interleaved, median, ratio};
use super::report::{Report, millis};
use super::{Bench, HOST, PROFILE};
use anyhow::{Result, ensure};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Enough rounds for a median that the next run repeats.
const ROUNDS: u32 = 25;

/// The AWS CLI takes long enough for a few to do.
const PEER_ROUNDS: u32 = 7;

/// Largest helper, stripped.
const LARGEST_HELPER_KB: f64 = 500.0;

/// Adds the helper's lines to the report.
pub(crate) fn measure(bench: &Bench, report: &mut Report) -> Result<()> {
    let input = bench.folder.join("question");
    fs::write(&input, Bench::question())?;
    answers(bench, &input)?;
    alone(bench, &input, report)?;
    in_git(bench, &input, report)?;
    let size = fs::metadata(bench.scratch.program("git-credential-holdfast"))?.len();
    report.at_most(
        "git-credential-holdfast, size stripped",
        size as f64 / 1000.0,
        LARGEST_HELPER_KB,
        "kB",
        String::new(),
    );
    Ok(())
}

/// A helper that fails is quick, so make sure that it answers before it is measured.
fn answers(bench: &Bench, input: &Path) -> Result<()> {
    let output = ours(bench).stdin(fs::File::open(input)?).output()?;
    let answer = String::from_utf8_lossy(&output.stdout);
    ensure!(
        answer.contains("password="),
        "the helper gives no password: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(())
}

fn ours(bench: &Bench) -> Command {
    let mut command = bench.scratch.command("git-credential-holdfast");
    command.args(["--profile", PROFILE, "get"]);
    command
}

fn alone(bench: &Bench, input: &Path, report: &mut Report) -> Result<()> {
    let [helper, empty] = &interleaved(
        ROUNDS,
        [
            Subject {
                command: Box::new(|| ours(bench)),
                input: Some(input),
                batch: 40,
            },
            Subject {
                command: Box::new(|| bench.scratch.command(&bench.baseline.empty)),
                input: Some(input),
                batch: 40,
            },
        ],
    )?;
    report.at_most(
        "CPU of git-credential-holdfast get against an empty Rust program",
        ratio(helper, empty, cpu),
        1.5,
        "×",
        against(helper, empty, cpu),
    );

    let [helper, aws] = &interleaved(
        PEER_ROUNDS,
        [
            Subject {
                command: Box::new(|| ours(bench)),
                input: Some(input),
                batch: 40,
            },
            Subject {
                command: Box::new(|| aws_helper(bench)),
                input: Some(input),
                batch: 1,
            },
        ],
    )?;
    report.at_least(
        "CPU of aws codecommit credential-helper get against git-credential-holdfast get",
        ratio(aws, helper, cpu),
        200.0,
        "×",
        against(aws, helper, cpu),
    );
    Ok(())
}

/// The peer with a key in its environment, so that it calls nobody.
fn aws_helper(bench: &Bench) -> Command {
    let mut command = bench.scratch.command(bench.peers.aws());
    command
        .args(["codecommit", "credential-helper", "get"])
        .env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        .env(
            "AWS_SECRET_ACCESS_KEY",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        )
        .env("AWS_DEFAULT_REGION", "us-east-1");
    command
}

fn in_git(bench: &Bench, input: &Path, report: &mut Report) -> Result<()> {
    let program = bench.scratch.program("git-credential-holdfast");
    let own = format!("{} --profile {PROFILE}", program.display());
    let fill = |helper: &str| {
        let mut command = bench.scratch.command("git");
        command
            .args(["-c", "credential.helper=", "-c"])
            .arg(format!("credential.helper={helper}"))
            .args(["-c", "credential.useHttpPath=true", "credential", "fill"]);
        command
    };
    let [with_ours, builtin] = &interleaved(
        ROUNDS,
        [
            Subject {
                command: Box::new(|| fill(&own)),
                input: Some(input),
                batch: 20,
            },
            Subject {
                command: Box::new(|| fill(BUILTIN_HELPER)),
                input: Some(input),
                batch: 20,
            },
        ],
    )?;
    report.at_most(
        &format!(
            "git credential fill for {HOST} with ours against a shell-builtin helper, elapsed"
        ),
        ratio(with_ours, builtin, elapsed),
        1.6,
        "×",
        against(with_ours, builtin, elapsed),
    );
    report.at_most(
        "the same, CPU",
        ratio(with_ours, builtin, cpu),
        1.6,
        "×",
        against(with_ours, builtin, cpu),
    );
    Ok(())
}

fn cpu(cost: &Cost) -> f64 {
    cost.cpu
}

fn elapsed(cost: &Cost) -> f64 {
    cost.elapsed
}

fn against(first: &[Cost], second: &[Cost], of: fn(&Cost) -> f64) -> String {
    format!(
        "{} against {}",
        millis(median(first.iter().map(of))),
        millis(median(second.iter().map(of)))
    )
}
