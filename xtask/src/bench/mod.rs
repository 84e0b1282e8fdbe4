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

/// Measures everything, prints the table, and fails when a target is missed.
pub(crate) fn run(mut arguments: Arguments) -> Result<()> {
    let no_fail = arguments.flag("--no-fail");
    let app_only = arguments.flag("--app");
    arguments.finish()?;
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
    let peers = if app_only {
        None
    } else {
        Some(without_app(&folder, &programs, &mut report)?)
    };
    app::measure(&folder, &programs, &mut report).context("measuring the app failed")?;
    popup::measure(&folder, &programs, &mut report).context("measuring the popup failed")?;
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

/// Measures what needs no desktop, beside the peers, which are the answer.
fn without_app(folder: &Path, programs: &Path, report: &mut Report) -> Result<peers::Peers> {
    let bench = Bench::prepare(folder, programs)?;
    agent::measure_idle(&bench, report).context("measuring the idle agent failed")?;
    helper::measure(&bench, report).context("measuring the helper failed")?;
    git::measure(&bench, report).context("measuring git failed")?;
    remote::measure(&bench, report).context("measuring the remote helper failed")?;
    load::measure(&bench, report).context("measuring many helpers at once failed")?;
    profiles::measure(&bench, report).context("measuring many profiles failed")?;
    agent::measure(&bench, report).context("measuring the agent failed")?;
    portal::measure(folder, programs, report).context("measuring a large portal failed")?;
    Ok(bench.peers)
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
