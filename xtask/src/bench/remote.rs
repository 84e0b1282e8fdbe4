//! The remote helper beside AWS's: what it costs until git runs, and what stays in memory while a transfer does.

use super::cost::{Cost, Subject, interleaved, median, ratio};
use super::process::memory_kib;
use super::report::{Report, millis};
use super::{Bench, PROFILE, git};
use crate::scratch::Process;
use anyhow::{Context, Result, ensure};
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Enough rounds for a median that the next run repeats.
const ROUNDS: u32 = 25;

/// AWS's takes long enough for a few to do.
const PEER_ROUNDS: u32 = 7;

/// How long the server takes for an answer while it is looked at who waits for it.
const SLOW_ANSWER: Duration = Duration::from_secs(3);

/// When before the end of a transfer that was: everything has been started, and nothing has ended.
const BEFORE_THE_END: Duration = Duration::from_millis(1500);

/// How often memory is looked at.
const LOOK: Duration = Duration::from_millis(50);

/// What git's own processes are programs of.
const GIT: [&str; 3] = ["git", "git-remote-http", "git-remote-https"];

/// The repository as git hands it to a remote helper, with the profile and without.
const OURS: &str = "us-east-1://MyRepositoryContributor@myRepository";
const THEIRS: &str = "us-east-1://myRepository";

/// Adds the remote helper's lines to the report.
pub(super) fn measure(bench: &Bench, report: &mut Report) -> Result<()> {
    let session = git::session(bench)?;
    up_to_git(bench, &session, report)?;
    in_memory(bench, &session, report)
}

/// The session that AWS's programs take from the environment.
type Session = [(&'static str, String)];

fn up_to_git(bench: &Bench, session: &Session, report: &mut Report) -> Result<()> {
    // In git's place a program that does nothing, so that what is measured ends where git begins.
    let folder = bench.folder.join("no-git");
    fs::create_dir_all(&folder)?;
    fs::copy(&bench.baseline.empty, folder.join("git"))?;
    let mut path = folder.into_os_string();
    path.push(":/usr/bin:/bin");
    let ours = || {
        let mut command = bench.scratch.command("git-remote-codecommit");
        command.args(["origin", OURS]).env("PATH", &path);
        command
    };
    let theirs = || {
        let program = bench.peers.folder().join("git-remote-codecommit");
        let mut command = bench.scratch.command(program);
        command.args(["origin", THEIRS]).env("PATH", &path);
        command.envs(session.iter().map(|(name, value)| (name, value)));
        command
    };
    let [helper, empty] = &interleaved(
        ROUNDS,
        [
            Subject {
                command: Box::new(ours),
                input: None,
                batch: 40,
            },
            Subject {
                command: Box::new(|| bench.scratch.command(&bench.baseline.empty)),
                input: None,
                batch: 40,
            },
        ],
    )?;
    report.at_most(
        "CPU of git-remote-codecommit up to git against an empty Rust program",
        ratio(helper, empty, cpu),
        2.5,
        "×",
        against(helper, empty),
    );
    let [helper, aws] = &interleaved(
        PEER_ROUNDS,
        [
            Subject {
                command: Box::new(ours),
                input: None,
                batch: 40,
            },
            Subject {
                command: Box::new(theirs),
                input: None,
                batch: 1,
            },
        ],
    )?;
    report.at_least(
        "CPU of AWS's git-remote-codecommit up to git against ours",
        ratio(aws, helper, cpu),
        80.0,
        "×",
        against(aws, helper),
    );
    Ok(())
}

fn cpu(cost: &Cost) -> f64 {
    cost.cpu
}

fn against(first: &[Cost], second: &[Cost]) -> String {
    format!(
        "{} against {}",
        millis(median(first.iter().map(cpu))),
        millis(median(second.iter().map(cpu)))
    )
}

fn in_memory(bench: &Bench, session: &Session, report: &mut Report) -> Result<()> {
    let url = |path: &str| format!("codecommit::{path}");
    let with_ours = git::ls_remote(bench, &url(OURS));
    let mut with_theirs = git::ls_remote(bench, &url(THEIRS));
    let mut path = OsString::from(bench.peers.folder());
    path.push(":/usr/bin:/bin");
    with_theirs
        .env("PATH", path)
        .env("GIT_CONFIG_GLOBAL", "/dev/null");
    with_theirs.envs(session.iter().map(|(name, value)| (name, value)));
    bench.simulator.delay("git-upload-pack", SLOW_ANSWER)?;
    let measured = beside_git(with_ours).and_then(|ours| Ok((ours, beside_git(with_theirs)?)));
    bench.simulator.clear_faults()?;
    let ((ours, _), (theirs, programs)) = measured?;
    ensure!(theirs > 0.0, "AWS's helper was not found in memory");
    report.at_most(
        &format!(
            "memory beside git while a transfer runs with git-remote-codecommit and {PROFILE}"
        ),
        ours,
        0.0,
        "KiB",
        format!("AWS's keeps {theirs:.0} KiB ({})", programs.join(", ")),
    );
    Ok(())
}

/// KiB that programs other than git's hold shortly before the end of a git command, and their names.
fn beside_git(mut command: Command) -> Result<(f64, Vec<String>)> {
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let mut process = Process::start(&mut command)?;
    let mut samples = Vec::new();
    while process.child().try_wait()?.is_none() {
        samples.push((Instant::now(), others_below(u64::from(process.id()))));
        thread::sleep(LOOK);
    }
    let status = process.child().wait()?;
    ensure!(status.success(), "git failed ({status})");
    let at = Instant::now() - BEFORE_THE_END;
    let sample = samples.into_iter().rev().find(|(when, _)| *when <= at);
    let (_, sample) = sample.context("git ended before it was looked at")?;
    Ok(sample)
}

/// Memory and names of the programs below a process that are not git's.
fn others_below(pid: u64) -> (f64, Vec<String>) {
    let (mut memory, mut names) = (0.0, Vec::new());
    let mut pending = vec![pid];
    while let Some(pid) = pending.pop() {
        let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"));
        let children = children.unwrap_or_default();
        pending.extend(
            children
                .split_whitespace()
                .filter_map(|pid| pid.parse::<u64>().ok()),
        );
        let Some(name) = program(pid).filter(|name| !GIT.contains(&name.as_str())) else {
            continue;
        };
        // One that has ended meanwhile holds nothing.
        memory += memory_kib(pid).map_or(0.0, |(kib, _)| kib);
        names.push(name);
    }
    (memory, names)
}

/// File name of the program that a process runs.
fn program(pid: u64) -> Option<String> {
    let path = fs::read_link(format!("/proc/{pid}/exe")).ok()?;
    Some(Path::new(&path).file_name()?.to_string_lossy().into_owned())
}
