//! The agent by itself: how soon it listens, and what it costs to let it run.

use super::cost::{median, percentile};
use super::report::{Report, millis};
use super::{Bench, PROFILE};
use crate::process;
use crate::scratch::Process;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
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
    process::capture(&mut credentials).context("the new agent has lost its sessions")?;
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

/// Proportional set size, which only root may read of a process that cannot be dumped; else the
/// resident set, which is larger.
fn memory_kib(pid: u64) -> Result<(f64, &'static str)> {
    if let Ok(rollup) = fs::read_to_string(format!("/proc/{pid}/smaps_rollup"))
        && let Some(pss) = kib(&rollup, "Pss:")
    {
        return Ok((pss, "PSS"));
    }
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let resident = kib(&status, "VmRSS:").context("the agent's memory cannot be read")?;
    Ok((resident, "RSS, an upper bound of PSS"))
}

fn kib(text: &str, name: &str) -> Option<f64> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Counts by the id of the thread, with its name.
struct Wakeups(BTreeMap<OsString, (String, u64)>);

impl Wakeups {
    /// What has come since an earlier count.
    fn minus(&self, earlier: &Self) -> Self {
        let since = |(id, (name, count)): (&OsString, &(String, u64))| {
            let before = earlier.0.get(id).map_or(0, |(_, count)| *count);
            (id.clone(), (name.clone(), count - before))
        };
        Self(self.0.iter().map(since).collect())
    }

    fn total(&self) -> u64 {
        self.0.values().map(|(_, count)| count).sum()
    }

    fn in_words(&self) -> String {
        let threads = self.0.values().filter(|(_, count)| *count > 0);
        threads
            .map(|(name, count)| format!("{name} {count}"))
            .collect::<Vec<_>>()
            .join(", ")
    }
}

fn wakeups(pid: u64) -> Result<Wakeups> {
    let mut all = BTreeMap::new();
    for thread in fs::read_dir(format!("/proc/{pid}/task"))? {
        let thread = thread?;
        let status = fs::read_to_string(thread.path().join("status"))?;
        let value = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            line.map(str::trim)
                .context("a thread's wakeups cannot be read")
        };
        let name = value("Name:")?.to_owned();
        let count = value("voluntary_ctxt_switches:")?.parse()?;
        all.insert(thread.file_name(), (name, count));
    }
    Ok(Wakeups(all))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wakeups_are_counted_by_thread() {
        let count = |id: &str, name: &str, count| (id.into(), (name.to_owned(), count));
        let before = Wakeups([count("1", "agent", 10)].into());
        let after = Wakeups([count("1", "agent", 12), count("2", "timer", 3)].into());
        let since = after.minus(&before);
        assert_eq!(since.total(), 5);
        assert_eq!(since.in_words(), "agent 2, timer 3");
    }

    #[test]
    fn memory_is_read_from_the_line_of_that_name() {
        let text = "Rss:       2048 kB\nPss:        1024 kB\nPss_Anon:  12 kB\n";
        assert_eq!(kib(text, "Pss:"), Some(1024.0));
        assert_eq!(kib(text, "Swap:"), None);
    }
}
