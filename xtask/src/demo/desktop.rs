//! The story on a desktop: git waits, the popup asks for the code, and git goes on.

use super::narrator::Narrator;
use crate::scratch::{BLOG, Process, Scratch};
use crate::stage::{CODE_FIELD, Stage};
use anyhow::{Result, bail, ensure};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

const URL: &str = "https://git-codecommit.us-east-1.amazonaws.com/v1/repos/myRepository";

/// How long a person may take for the code; the agent gives up by itself about then.
const PATIENCE: Duration = Duration::from_secs(300);

/// How often it is looked whether git has gone on.
const LOOK: Duration = Duration::from_millis(100);

/// Variables that lead to the person's own screen.
const SCREEN: [&str; 5] = [
    "DISPLAY",
    "XAUTHORITY",
    "XDG_CURRENT_DESKTOP",
    "XDG_SESSION_TYPE",
    "DBUS_SESSION_BUS_ADDRESS",
];

/// Whether there is a screen to show the app on.
pub(super) fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// Plays everything where nobody looks, and leaves pictures.
pub(super) fn play_headless(folder: &Path, programs: &Path, narrator: &Narrator) -> Result<()> {
    narrator.heading("Before: a desktop, a simulated AWS, and a home with a key in plain text");
    let mut stage = narrator.timed("a desktop that nobody looks at", || {
        Stage::set(folder, programs, BLOG)
    })?;
    prepare(&stage.scratch, narrator)?;
    let pictures = folder.join("screenshots");
    fs::create_dir_all(&pictures)?;

    narrator.heading("The app is in the tray");
    let start = Instant::now();
    let (app, _item) = stage.tray()?;
    narrator.done("its icon is there", start.elapsed());
    stage.desktop.screenshot(&pictures.join("1-tray.png"));

    narrator.heading("git needs a code");
    narrator.show(&format!("git clone {URL}"));
    let start = Instant::now();
    let mut clone = stage
        .scratch
        .type_line(&format!("git clone --quiet {URL}"))?;
    let popup = app.window();
    let field = popup.find(CODE_FIELD);
    narrator.done("the popup asks, and git waits", start.elapsed());
    popup.settle();
    stage.desktop.screenshot(&pictures.join("2-popup.png"));
    let code = stage.simulator.code()?;
    narrator.say(&format!("the authenticator shows  {code}"));
    let start = Instant::now();
    field.type_keys(&code);
    wait_for(&mut clone, || Ok(()))?;
    narrator.done(
        "the code was right, and git has gone on by itself",
        start.elapsed(),
    );
    drop(popup);
    app.wait_until_closed();

    narrator.heading("Afterwards");
    let (_window, page) = stage.window("sessions")?;
    page.wait_until(
        "document.querySelector('main')?.innerText.includes('MyRepositoryContributor')",
    );
    page.settle();
    stage.desktop.screenshot(&pictures.join("3-sessions.png"));
    narrator.run(
        "the agent knows the session",
        "holdfast status",
        stage.scratch.command("holdfast").arg("status"),
    )?;
    narrator.say(&format!("pictures are in {}", pictures.display()));
    Ok(())
}

/// Plays it on the person's own screen, with the person at the keyboard.
pub(super) fn play_on_display(scratch: &mut Scratch, narrator: &Narrator) -> Result<()> {
    narrator.heading("Before: a simulated AWS, a keychain, and a home with a key in plain text");
    narrator.timed("started a keychain of its own", || scratch.start_keychain())?;
    let simulator = narrator.timed("started the simulated AWS", || {
        scratch.start_simulator(BLOG)
    })?;
    prepare(scratch, narrator)?;

    narrator.heading("The app is in your tray");
    // The agent keeps to the keychain that was made for it; only the app is on the person's desktop.
    let mut app = scratch.command("holdfast-tray");
    app.envs(screen());
    let mut app = scratch.start(app.stdin(Stdio::null()))?;
    narrator.say("a desktop without a tray is told so by a window");

    narrator.heading("git needs a code");
    narrator.show(&format!("git clone {URL}"));
    let mut clone = scratch.type_line(&format!("git clone --quiet {URL}"))?;
    narrator.say("git waits: type the code into the popup");
    let mut shown = String::new();
    wait_for(&mut clone, || {
        let code = simulator.code()?;
        if code != shown {
            narrator.say(&format!("the authenticator shows  {code}"));
            shown = code;
        }
        Ok(())
    })?;
    narrator.say("git has gone on by itself");
    narrator.run(
        "the agent knows the session",
        "holdfast status",
        scratch.command("holdfast").arg("status"),
    )?;
    narrator.say("choose Quit in the tray's menu to end the demo");
    app.child().wait()?;
    Ok(())
}

/// The key goes into the keychain, and git asks Holdfast.
fn prepare(scratch: &Scratch, narrator: &Narrator) -> Result<()> {
    narrator.run(
        "moved the plaintext key into the keychain",
        "holdfast keys import --remove-plaintext",
        scratch
            .command("holdfast")
            .args(["keys", "import", "--remove-plaintext", "--yes"]),
    )?;
    narrator.run(
        "git asks Holdfast for CodeCommit, and for nothing else",
        "holdfast git setup",
        scratch.command("holdfast").args(["git", "setup", "--yes"]),
    )?;
    Ok(())
}

/// Waits until git has cloned; `meanwhile` is done again and again.
fn wait_for(clone: &mut Process, mut meanwhile: impl FnMut() -> Result<()>) -> Result<()> {
    let begun = Instant::now();
    loop {
        if let Some(status) = clone.child().try_wait()? {
            ensure!(status.success(), "git clone failed ({status})");
            return Ok(());
        }
        if begun.elapsed() > PATIENCE {
            bail!("git still waits after {} min", PATIENCE.as_secs() / 60);
        }
        meanwhile()?;
        thread::sleep(LOOK);
    }
}

/// The variables that lead to the person's screen.
fn screen() -> Vec<(&'static str, OsString)> {
    let mut variables: Vec<(&str, OsString)> = SCREEN
        .iter()
        .filter_map(|name| Some((*name, env::var_os(name)?)))
        .collect();
    // The name of Wayland's socket counts from a folder that the demo has of its own.
    if let (Some(folder), Some(socket)) = (
        env::var_os("XDG_RUNTIME_DIR"),
        env::var_os("WAYLAND_DISPLAY"),
    ) {
        variables.push(("WAYLAND_DISPLAY", Path::new(&folder).join(socket).into()));
    }
    variables
}
