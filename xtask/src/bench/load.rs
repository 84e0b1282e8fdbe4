//! A thousand helpers at once: one call to AWS when cold, and quick answers when warm.

use super::cost::{median, percentile};
use super::report::{Report, millis};
use super::{Bench, HOST, PATH};
use anyhow::{Context, Result, ensure};
use holdfast_agent_proto::address::Address;
use holdfast_agent_proto::client::Client;
use holdfast_agent_proto::{CallerContext, Hello, Interaction, PROTOCOL_VERSION, Reply, Request};
use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const HELPERS: usize = 1000;

/// Connections that are open at once while the agent's answers are timed.
const CALLERS: usize = 32;

/// How often the agent's answers are timed.
const ROUNDS: usize = 7;

/// A second profile with the role and its own name of the session, so that its session is cold.
const COLD: &str = "ColdContributor";

/// How long AWS takes for the cold session: longer than it takes to start all helpers, so that
/// every one of them waits for the same answer.
const SLOW_AWS: Duration = Duration::from_secs(4);

/// Adds the lines about many callers to the report.
pub(crate) fn measure(bench: &Bench, report: &mut Report) -> Result<()> {
    add_cold_profile(bench)?;
    bench.simulator.delay("AssumeRole", SLOW_AWS)?;
    let before = bench.simulator.count("AssumeRole")?;
    let cold = at_once(bench);
    bench.simulator.clear_faults()?;
    let cold = cold?;
    let calls = bench.simulator.count("AssumeRole")? - before;
    let seconds = cold.seconds;
    report.exactly(
        "AWS calls for 1,000 helper processes at once on a cold role session",
        calls,
        1,
        format!(
            "AWS answers after {} s, all helpers after {seconds:.1} s",
            SLOW_AWS.as_secs()
        ),
    );
    report.exactly("errors among them", cold.errors, 0, String::new());

    let warm = at_once(bench)?;
    report.exactly(
        "errors of 1,000 helper processes at once on a warm session",
        warm.errors,
        0,
        format!("all of them after {:.1} s", warm.seconds),
    );
    let mut slowest = Vec::new();
    let mut middle = Vec::new();
    for _ in 0..ROUNDS {
        let times = round_trips(bench)?;
        slowest.push(percentile(times.iter().copied(), 99));
        middle.push(percentile(times, 50));
    }
    let details = format!(
        "{HELPERS} requests over {CALLERS} connections at a time; median {}, p99 of {ROUNDS} rounds {} to {}",
        millis(median(middle)),
        millis(percentile(slowest.iter().copied(), 0)),
        millis(percentile(slowest.iter().copied(), 100)),
    );
    report.at_most(
        "p99 from connecting to the agent until its answer, warm",
        median(slowest) * 1000.0,
        25.0,
        "ms",
        details,
    );
    Ok(())
}

/// The measured profile's section once more under another name.
fn add_cold_profile(bench: &Bench) -> Result<()> {
    let file = bench.scratch.home().join(".aws/config");
    let text = fs::read_to_string(&file).context("the scenario has no config file")?;
    let header = format!("[profile {}]", super::PROFILE);
    let section = text
        .split_once(&header)
        .map(|(_, rest)| rest.split("\n[").next().unwrap_or(rest))
        .context("the scenario has no profile to measure")?;
    let settings: Vec<&str> = section
        .lines()
        .filter(|line| !line.trim_start().starts_with("role_session_name"))
        .collect();
    let cold = format!(
        "\n[profile {COLD}]{}\nrole_session_name = cold\n",
        settings.join("\n")
    );
    fs::write(&file, text.clone() + &cold)?;
    Ok(())
}

/// What happened to all helpers together.
struct Crowd {
    errors: usize,
    seconds: f64,
}

fn at_once(bench: &Bench) -> Result<Crowd> {
    let folder = bench.folder.join("answers");
    fs::create_dir_all(&folder)?;
    let question = folder.join("question");
    fs::write(&question, Bench::question())?;
    let start = Instant::now();
    let mut children: Vec<Child> = Vec::with_capacity(HELPERS);
    for number in 0..HELPERS {
        // Files and not pipes: a thousand pipes are more than a process may have open.
        let child = bench
            .scratch
            .command("git-credential-holdfast")
            .args(["--profile", COLD, "get"])
            .stdin(Stdio::from(File::open(&question)?))
            .stdout(Stdio::from(File::create(folder.join(number.to_string()))?))
            .stderr(Stdio::null())
            .spawn();
        children.push(child.context("a helper did not start")?);
    }
    for child in &mut children {
        child.wait()?;
    }
    let seconds = start.elapsed().as_secs_f64();
    let errors = (0..HELPERS)
        .filter(|number| !has_password(&folder.join(number.to_string())))
        .count();
    fs::remove_dir_all(&folder)?;
    Ok(Crowd { errors, seconds })
}

fn has_password(answer: &Path) -> bool {
    fs::read_to_string(answer)
        .is_ok_and(|text| text.lines().any(|line| line.starts_with("password=")))
}

/// Seconds from connecting until the answer, for many callers at once.
fn round_trips(bench: &Bench) -> Result<Vec<f64>> {
    let address = Address::new(bench.scratch.socket())?;
    let hello = Hello {
        protocol: PROTOCOL_VERSION,
        client: "xtask".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        context: CallerContext {
            config_file: bench.scratch.home().join(".aws/config"),
            credentials_file: bench.scratch.home().join(".aws/credentials"),
            interaction: Interaction::Never,
            ..CallerContext::default()
        },
    };
    thread::scope(|scope| {
        let callers: Vec<_> = (0..CALLERS)
            .map(|_| {
                scope.spawn(|| -> Result<Vec<f64>> {
                    (0..HELPERS / CALLERS)
                        .map(|_| round_trip(&address, &hello))
                        .collect()
                })
            })
            .collect();
        let mut times = Vec::new();
        for caller in callers {
            match caller.join() {
                Ok(of_one) => times.extend(of_one?),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        Ok(times)
    })
}

fn round_trip(address: &Address, hello: &Hello) -> Result<f64> {
    let start = Instant::now();
    let mut client = Client::connect(address, hello)?;
    let reply = client.request(Request::GitCredential {
        host: HOST.to_owned(),
        path: PATH.to_owned(),
        profile: Some(COLD.to_owned()),
        wait_seconds: 0,
    })?;
    let seconds = start.elapsed().as_secs_f64();
    ensure!(
        matches!(reply, Reply::GitCredential { .. }),
        "the agent gives no password"
    );
    Ok(seconds)
}
