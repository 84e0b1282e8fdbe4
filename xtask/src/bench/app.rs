//! The app in the tray: how soon it is there, and what it costs to let it run.

use super::cost::{median, percentile};
use super::process::{memory_kib, wakeups};
use super::report::{Report, millis};
use crate::process;
use crate::scratch::BLOG;
use crate::stage::Stage;
use crate::workspace;
use anyhow::{Context, Result};
use holdfast_testkit::desktop::{App, TrayItem, descendants, is_alive};
use holdfast_testkit::wait_until;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

const STARTS: usize = 7;

/// How long the app is left alone before it counts as idle.
const SETTLE: Duration = Duration::from_secs(10);

/// How long its wakeups are counted.
const WATCH: Duration = Duration::from_secs(60);

const MEMORY_MIB: f64 = 55.0;
const WAKEUPS: f64 = 15.0;

/// Adds the lines about the tray.
pub(crate) fn measure(folder: &Path, programs: &Path, report: &mut Report) -> Result<()> {
    let mut stage = Stage::set(&folder.join("app"), programs, BLOG)?;
    // The agent runs already, as it does after the first login.
    stage
        .scratch
        .run("holdfast", &["keys", "import", "--yes"])?;
    let mut times = Vec::new();
    for _ in 1..STARTS {
        times.push(start(&mut stage)?.0);
    }
    let (last, app, item) = start(&mut stage)?;
    times.push(last);
    let details = format!(
        "slowest of {STARTS}: {}",
        millis(percentile(times.clone(), 100))
    );
    let time = median(times) * 1000.0;
    report.at_most(
        "app, from its start to its icon in the tray",
        time,
        200.0,
        "ms",
        details,
    );

    idle("app idle", &app, report)?;
    open_and_close(&stage, &app, &item)?;
    let left: Vec<String> = descendants(app.id()).into_iter().map(name).collect();
    report.exactly(
        "processes left of a window that was closed",
        left.len(),
        0,
        left.join(", "),
    );
    idle("app idle after a window", &app, report)?;
    menu(report)
}

/// Starts the app; answers with the seconds until its icon was registered.
fn start(stage: &mut Stage) -> Result<(f64, App, TrayItem)> {
    let tray = stage.desktop.tray();
    wait_until("the tray is empty", || tray.items().is_empty());
    let start = Instant::now();
    let app = stage.launch(&[])?;
    let item = tray.wait_for_item();
    Ok((start.elapsed().as_secs_f64(), app, item))
}

/// Memory and wakeups of the app, which has no child then.
fn idle(what: &str, app: &App, report: &mut Report) -> Result<()> {
    let pid = u64::from(app.id());
    thread::sleep(SETTLE);
    let before = wakeups(pid)?;
    thread::sleep(WATCH);
    let after = wakeups(pid)?.minus(&before);
    let (memory, how) = memory_kib(pid)?;
    let mib = memory / 1024.0;
    report.at_most(
        &format!("{what}, memory"),
        mib,
        MEMORY_MIB,
        "MiB",
        how.to_owned(),
    );
    report.at_most(
        &format!("{what}, wakeups a minute"),
        after.total() as f64,
        WAKEUPS,
        "a minute",
        format!("voluntary context switches; {}", after.in_words()),
    );
    Ok(())
}

/// Opens the main window from the menu, and closes it as a person does.
fn open_and_close(stage: &Stage, app: &App, item: &TrayItem) -> Result<()> {
    item.click(&["Sessions…"]);
    let page = app.window();
    page.wait_until("document.querySelector('main h1')");
    drop(page);
    let processes = descendants(app.id());
    let window = stage.desktop.wait_for_window("Holdfast");
    stage.desktop.close_window(&window);
    wait_until("the window's processes have ended", || {
        !processes.iter().any(|pid| is_alive(*pid))
    });
    Ok(())
}

fn name(pid: u32) -> String {
    let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    name.trim().to_owned()
}

/// The menu of very many profiles, built by the same code outside the app.
fn menu(report: &mut Report) -> Result<()> {
    let mut run = workspace::cargo();
    run.args(["run", "--locked", "--release", "--quiet"]);
    run.args(["--package", "holdfast-desktop", "--example", "menu_of_many"]);
    let answer: Value = serde_json::from_slice(&process::capture(&mut run)?.stdout)
        .context("the menu's measurement is not JSON")?;
    let seconds = answer["seconds"].as_f64().context("no time was measured")?;
    let entries = answer["entries"]
        .as_u64()
        .context("no entries were counted")?;
    let what = "menu from 1,000 profiles, all pinned and signed in";
    report.at_most(
        what,
        seconds * 1000.0,
        5.0,
        "ms",
        "median of 101".to_owned(),
    );
    let details = "in the longest of its menus".to_owned();
    report.at_most(
        "entries of it that are seen at once",
        entries as f64,
        40.0,
        "",
        details,
    );
    Ok(())
}
