//! `cargo xtask bench`: what Holdfast costs, beside what people use today, in one run.

mod agent;
mod app;
mod baseline;
mod cost;
mod git;
mod helper;
mod load;
mod peers;
mod popup;
mod portal;
mod process;
mod profiles;
mod remote;
mod report;
mod search;

use crate::arguments::Arguments;
use crate::packages::Consent;
use crate::scratch::{BLOG, Scratch, Simulator};
use crate::{stage, workspace};
use anyhow::{Context, Result, bail, ensure};
use report::Report;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// The profile that is measured: a role in another account behind an MFA session.
const PROFILE: &str = "MyRepositoryContributor";

/// The repository that is measured.
const HOST: &str = "git-codecommit.us-east-1.amazonaws.com";
const PATH: &str = "v1/repos/myRepository";

/// Everything that the measurements share.
struct Bench {
    folder: PathBuf,
    scratch: Scratch,
    simulator: Simulator,
    peers: peers::Peers,
    baseline: baseline::Baseline,
}

/// A part that is measured beside the peers and the simulated AWS of all of these.
type Beside = fn(&Bench, &mut Report) -> Result<()>;

/// A part with a home of its own below a folder, for programs from another.
type Alone = fn(&Path, &Path, &mut Report) -> Result<()>;

/// In the order of the table. The first needs an agent that has only just started.
const BESIDE: [(&str, Beside); 7] = [
    ("idle-agent", agent::measure_idle),
    ("helper", helper::measure),
    ("git", git::measure),
    ("remote-helper", remote::measure),
    ("load", load::measure),
    ("profiles", profiles::measure),
    ("agent", agent::measure),
];

const ALONE: [(&str, Alone); 4] = [
    ("portal", portal::measure),
    ("app", app::measure),
    ("popup", popup::measure),
    ("search", search::measure),
];

/// Measures everything, or the parts that are named, prints the table, and fails when a target is missed.
pub(crate) fn run(mut arguments: Arguments) -> Result<()> {
    let no_fail = arguments.flag("--no-fail");
    let wanted = arguments.rest();
    let names = || {
        let beside = BESIDE.iter().map(|(name, _)| *name);
        beside.chain(ALONE.iter().map(|(name, _)| *name))
    };
    ensure!(
        wanted.iter().all(|part| names().any(|name| name == part)),
        "what is measured are {}",
        names().collect::<Vec<_>>().join(", ")
    );
    let is_wanted = |part: &str| wanted.is_empty() || wanted.iter().any(|name| name == part);
    ensure!(
        cfg!(target_os = "linux"),
        "processes are measured through /proc, which Linux has"
    );
    let folder = workspace::target_dir()?.join("bench");
    fs::create_dir_all(&folder)?;

    println!("building");
    let programs = stage::build(Consent::Given, true)?;
    let start = Instant::now();
    let mut report = Report::default();
    println!("measuring, which takes some minutes");
    let beside: Vec<_> = BESIDE.iter().filter(|(name, _)| is_wanted(name)).collect();
    let mut peers = None;
    if !beside.is_empty() {
        let bench = Bench::prepare(&folder, &programs)?;
        for (name, measure) in beside {
            measure(&bench, &mut report).with_context(|| failed(name))?;
        }
        peers = Some(bench.peers);
    }
    for (name, measure) in ALONE.iter().filter(|(name, _)| is_wanted(name)) {
        measure(&folder, &programs, &mut report).with_context(|| failed(name))?;
    }
    let taken = start.elapsed();

    let text = report.markdown(peers.as_ref(), taken);
    println!("\n{text}");
    let file = folder.join("report.md");
    fs::write(&file, &text).with_context(|| format!("{} cannot be written", file.display()))?;
    println!("written to {}", file.display());
    let missed = report.missed();
    if missed > 0 && !no_fail {
        bail!("{missed} of the targets are missed");
    }
    Ok(())
}

fn failed(part: &str) -> String {
    format!("measuring {part} failed")
}

impl Bench {
    /// Starts the simulated AWS, a keychain and the agent, and signs in.
    fn prepare(folder: &Path, programs: &Path) -> Result<Self> {
        let peers = peers::Peers::install(folder)?;
        let baseline = baseline::Baseline::build(folder)?;
        let mut scratch = Scratch::new(&folder.join("scratch"), programs)?;
        scratch.start_keychain()?;
        let simulator = scratch.start_simulator(BLOG)?;
        simulator.sign_in(&scratch, PROFILE)?;
        Ok(Self {
            folder: folder.to_path_buf(),
            scratch,
            simulator,
            peers,
            baseline,
        })
    }

    /// What git sends to a credential helper for the measured repository.
    fn question() -> String {
        format!("protocol=https\nhost={HOST}\npath={PATH}\n")
    }
}
