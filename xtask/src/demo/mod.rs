//! `cargo xtask demo`: one MFA code, and git just works, shown with real programs.

mod authenticator;
mod narrator;
mod secrets;
mod story;

use crate::arguments::Arguments;
use crate::packages::{self, Consent};
use crate::scratch::Scratch;
use crate::workspace::{self, Programs};
use anyhow::{Result, bail, ensure};
use narrator::Narrator;
use std::io::IsTerminal;

/// Sets the stage, plays the scenario and leaves nothing running.
pub(crate) fn run(mut arguments: Arguments) -> Result<()> {
    let consent = if arguments.flag("--yes") {
        Consent::Given
    } else {
        Consent::Ask
    };
    let auto = arguments.flag("--auto");
    let shell = arguments.flag("--shell");
    arguments.finish()?;
    if !cfg!(target_os = "linux") {
        bail!(
            "the demo keeps its keys in a keychain of its own, which it can start on Linux only; \
             install git, dbus, gnome-keyring and a C compiler there"
        );
    }
    ensure!(
        auto || std::io::stdin().is_terminal(),
        "there is no terminal to type the MFA code at; --auto types it by itself"
    );
    packages::ensure(
        &[
            packages::C_COMPILER,
            packages::GIT,
            packages::DBUS,
            packages::KEYRING,
        ],
        consent,
    )?;

    let narrator = Narrator::new();
    narrator.heading("Building");
    let programs = narrator.timed("built agent, CLI, git helper and the simulated AWS", || {
        workspace::build_programs(Programs::Console, false)
    })?;
    let folder = workspace::target_dir()?.join("demo");
    let mut scratch = Scratch::new(&folder, &programs)?;
    story::play(&mut scratch, &narrator, auto, shell)
}
