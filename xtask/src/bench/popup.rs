//! The MFA popup: how soon a person can type, and how soon git goes on.

use super::cost::{median, percentile};
use super::report::{Report, millis};
use crate::scratch::{BLOG, Process};
use crate::stage::Stage;
use anyhow::{Context, Result, bail, ensure};
use holdfast_testkit::desktop::App;
use holdfast_testkit::wait_until;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

const ROUNDS: usize = 10;

/// The popup's title.
const TITLE: &str = "Enter MFA code";

/// How long the popup may take to come.
const PATIENCE: Duration = Duration::from_secs(20);

/// How often it is looked for something that is about to happen.
const LOOK: Duration = Duration::from_millis(1);

const LS_REMOTE: &str =
    "git ls-remote https://git-codecommit.us-east-1.amazonaws.com/v1/repos/myRepository";

/// Adds the lines about the popup.
pub(crate) fn measure(folder: &Path, programs: &Path, report: &mut Report) -> Result<()> {
    let mut stage = Stage::set(&folder.join("popup"), programs, BLOG)?;
    stage
        .scratch
        .run("holdfast", &["keys", "import", "--yes"])?;
    stage.scratch.run("holdfast", &["git", "setup", "--yes"])?;
    let (app, _item) = stage.tray()?;
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let (seconds, git) = blocked(&mut stage)?;
        times.push(seconds);
        // Nobody waits any more, so the popup goes.
        drop(git);
        stage.desktop.wait_for_no_window(TITLE);
    }
    let slowest = millis(percentile(times.clone(), 100));
    report.at_most(
        "git blocked to the popup ready for typing",
        median(times) * 1000.0,
        900.0,
        "ms",
        format!("from the start of git; slowest of {ROUNDS}: {slowest}"),
    );
    continuing(&mut stage, &app, report)
}

/// Starts git; answers with the seconds until the popup had the keyboard. It is hidden until its field
/// is drawn and has the cursor.
fn blocked(stage: &mut Stage) -> Result<(f64, Process)> {
    let start = Instant::now();
    let git = stage.scratch.type_line(LS_REMOTE)?;
    while !has_keyboard(stage) {
        if start.elapsed() > PATIENCE {
            bail!("no popup comes");
        }
        thread::sleep(LOOK);
    }
    Ok((start.elapsed().as_secs_f64(), git))
}

fn has_keyboard(stage: &Stage) -> bool {
    let focused = stage.desktop.focused_window();
    focused.is_some_and(|window| stage.desktop.windows(TITLE).contains(&window))
}

/// Types a code the moment the popup has the keyboard, and looks at when AWS was asked for what.
fn continuing(stage: &mut Stage, app: &App, report: &mut Report) -> Result<()> {
    stage.simulator.forget_calls()?;
    let (_, mut git) = blocked(stage)?;
    stage.desktop.type_text(&stage.simulator.code()?);
    let mut status = None;
    wait_until("git has ended", || {
        status = git.child().try_wait().ok().flatten();
        status.is_some()
    });
    let status = status.context("git has not ended")?;
    ensure!(status.success(), "git failed ({status}) after the code");
    app.wait_until_closed();
    let calls = stage.simulator.times()?;
    let answered = calls
        .iter()
        .rposition(|(operation, _)| operation == "AssumeRole");
    let answered = answered.context("no role was assumed")?;
    let next = calls[answered + 1..]
        .iter()
        .find(|(operation, _)| operation.starts_with("info/refs"));
    let (_, next) = next.context("git has not gone on")?;
    let seconds = next - calls[answered].1;
    report.at_most(
        "git's next request after the last answer of STS",
        seconds * 1000.0,
        100.0,
        "ms",
        "after a code typed into the popup".to_owned(),
    );
    Ok(())
}
