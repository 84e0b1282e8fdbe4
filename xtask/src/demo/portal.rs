//! The story of IAM Identity Center: one sign-in in a real browser, and git and the AWS CLI just work.

use super::narrator::Narrator;
use crate::process;
use crate::scratch::{SSO, Scratch, Simulator};
use anyhow::{Result, bail, ensure};
use holdfast_testkit::browser::Browser;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

const PROFILE: &str = "dev-team-profile";

const URL: &str = "https://git-codecommit.eu-central-1.amazonaws.com/v1/repos/dev-team-app";

/// How long a program may take for its part.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often it is looked whether it has done it.
const LOOK: Duration = Duration::from_millis(20);

/// Plays it in a home of its own. The browser is the demo's: no other trusts the simulated AWS.
pub(super) fn play(folder: &Path, programs: &Path, narrator: &Narrator) -> Result<()> {
    narrator.heading("IAM Identity Center: a home without any key");
    let mut scratch = Scratch::new(&folder.join("portal"), programs)?;
    scratch.set("HOLDFAST_KEYCHAIN", "memory");
    let opened = notes_pages(&mut scratch)?;
    let simulator = narrator.timed("started the simulated AWS", || scratch.start_simulator(SSO))?;
    let played = sign_in(&mut scratch, &simulator, &opened, narrator)
        .and_then(|()| use_it(&scratch, narrator));
    scratch.stop_agent();
    played?;
    narrator.say(&format!(
        "AWS was asked for a token {} time, and for the credentials of the role {} time",
        simulator.count("CreateToken")?,
        simulator.count("GetRoleCredentials")?
    ));
    Ok(())
}

/// Makes programs open links by noting them in a file, which is where the demo's browser gets them from.
fn notes_pages(scratch: &mut Scratch) -> Result<PathBuf> {
    let opened = scratch.home().join("opened");
    let script = format!(
        "#!/bin/sh\nprintf '%s\\n' \"$1\" >'{0}.new' && mv '{0}.new' '{0}'\n",
        opened.display()
    );
    scratch.write("bin/browser", &script)?;
    let program = scratch.home().join("bin/browser");
    fs::set_permissions(&program, Permissions::from_mode(0o700))?;
    scratch.set("BROWSER", &program);
    Ok(opened)
}

fn sign_in(
    scratch: &mut Scratch,
    simulator: &Simulator,
    opened: &Path,
    narrator: &Narrator,
) -> Result<()> {
    narrator.heading("One sign-in in the browser");
    narrator.show(&format!("holdfast login {PROFILE}"));
    let mut login = scratch.command("holdfast");
    login.args(["login", PROFILE]).stdin(Stdio::null());
    let start = Instant::now();
    let mut login = scratch.start(&mut login)?;
    let page = wait(|| Ok(fs::read_to_string(opened).ok()))?;
    narrator.done("the page of the portal opens in Chromium", start.elapsed());
    let browser = Browser::start(&simulator.proxy_url(), &simulator.ca());
    browser.open(page.trim_end());
    narrator.say("the page asks whether Holdfast may act as you, and somebody clicks Allow");
    let start = Instant::now();
    browser.click_text("Allow");
    browser.wait_for_text("You are signed in to");
    let status = wait(|| Ok(login.child().try_wait()?))?;
    ensure!(status.success(), "signing in failed ({status})");
    narrator.done("signed in; the tab can be closed", start.elapsed());
    Ok(())
}

fn use_it(scratch: &Scratch, narrator: &Narrator) -> Result<()> {
    narrator.heading("Git and the AWS CLI just work, with every profile of the portal");
    let setup = ["git", "setup", "--profile", PROFILE, "--yes"];
    process::capture(scratch.command("holdfast").args(setup))?;
    narrator.run(
        "cloned",
        &format!("git clone {URL}"),
        scratch.command("git").args(["clone", "--quiet", URL]),
    )?;
    if process::find("aws").is_some() {
        for profile in [PROFILE, "live-support"] {
            let words = [
                "exec",
                profile,
                "--",
                "aws",
                "sts",
                "get-caller-identity",
                "--query",
                "Arn",
                "--output",
                "text",
            ];
            narrator.run(
                "the role of this profile",
                &format!("holdfast exec {profile} -- aws sts get-caller-identity --query Arn --output text"),
                scratch.command("holdfast").args(words),
            )?;
        }
    }
    narrator.run(
        "one sign-in, kept alive until the portal itself ends it",
        "holdfast status",
        scratch.command("holdfast").arg("status"),
    )?;
    Ok(())
}

/// Waits until something is there.
fn wait<T>(mut look: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let begun = Instant::now();
    loop {
        if let Some(found) = look()? {
            return Ok(found);
        }
        if begun.elapsed() > PATIENCE {
            bail!("nothing has happened for {} s", PATIENCE.as_secs());
        }
        thread::sleep(LOOK);
    }
}
