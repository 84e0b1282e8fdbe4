//! The agent by itself: how soon it listens, and what it costs to let it run.

use super::cost::{median, percentile};
use super::process::{memory_kib, wakeups};
use super::report::{Report, millis};
use super::{Bench, PROFILE};
use crate::process as programs;
use crate::scratch::Process;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::os::unix::net::UnixStream;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

const STARTS: usize = 15;

/// How long the agent is left alone before it counts as idle.
const SETTLE: Duration = Duration::from_secs(10);

/// How long its wakeups are counted.
const WATCH: Duration = Duration::from_secs(60);

/// How often a socket is looked for that is about to be there.
const LOOK: Duration = Duration::from_micros(200);

/// Adds the lines about an agent that was just started and has sessions, but nothing to do.
pub(crate) fn measure_idle(bench: &Bench, report: &mut Report) -> Result<()> {
    bench.scratch.stop_agent();
    let mut credentials = bench.scratch.command("holdfast");
    credentials.args(["credential-process", "--profile", PROFILE]);
    programs::capture(&mut credentials).context("the new agent has lost its sessions")?;
    let pid = agent_pid(bench)?;
    thread::sleep(SETTLE);
    let before = wakeups(pid)?;
    thread::sleep(WATCH);
    let after = wakeups(pid)?;
    let (memory, how) = memory_kib(pid)?;
    report.at_most(
        "agent idle, memory",
        memory / 1024.0,
        14.0,
        "MiB",
        how.to_owned(),
    );
    let by_thread = after.minus(&before);
    report.at_most(
        "agent idle, wakeups a minute",
        by_thread.total() as f64,
        6.0,
        "a minute",
        format!("voluntary context switches; {}", by_thread.in_words()),
    );
    Ok(())
}

/// Adds what the agent holds after everything that was asked of it, and how soon a new one listens.
pub(crate) fn measure(bench: &Bench, report: &mut Report) -> Result<()> {
    let (memory, how) = memory_kib(agent_pid(bench)?)?;
    report.note(
        "agent after all of the above, memory",
        memory / 1024.0,
        "MiB",
        how.to_owned(),
    );
    bench.scratch.stop_agent();
    start(bench, report)
}

fn agent_pid(bench: &Bench) -> Result<u64> {
    let status = bench
        .scratch
        .command("holdfast")
        .args(["status", "--json"])
        .output()?;
    let status: Value = serde_json::from_slice(&status.stdout).context("status is not JSON")?;
    status["pid"].as_u64().context("status names no agent")
}

fn start(bench: &Bench, report: &mut Report) -> Result<()> {
    let mut times = Vec::new();
    for _ in 0..STARTS {
        times.push(start_once(bench)?);
    }
    let details = format!(
        "slowest of {STARTS}: {}",
        millis(percentile(times.clone(), 100))
    );
    report.at_most(
        "agent, from its start until it listens",
        median(times) * 1000.0,
        40.0,
        "ms",
        details,
    );
    Ok(())
}

fn start_once(bench: &Bench) -> Result<f64> {
    let socket = bench.scratch.socket();
    let start = Instant::now();
    let agent = Process::start(
        bench
            .scratch
            .command("holdfast-agent")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null()),
    )?;
    while UnixStream::connect(&socket).is_err() {
        if start.elapsed() > Duration::from_secs(5) {
            bail!("the agent does not listen");
        }
        thread::sleep(LOOK);
    }
    let seconds = start.elapsed().as_secs_f64();
    drop(agent);
    Ok(seconds)
}
