//! `cargo xtask demo`: one MFA code or one sign-in, and git just works, shown with real programs.

mod authenticator;
mod desktop;
mod narrator;
mod portal;
mod secrets;
mod story;

use crate::arguments::Arguments;
use crate::packages::{self, Consent};
use crate::scratch::Scratch;
use crate::stage;
use crate::workspace::{self, Programs};
use anyhow::{Result, ensure};
use narrator::Narrator;
use std::io::IsTerminal;
use std::path::Path;

/// Plays the story on a desktop, or at the terminal, and leaves nothing running.
pub(crate) fn run(mut arguments: Arguments) -> Result<()> {
    let consent = if arguments.flag("--yes") {
        Consent::Given
    } else {
        Consent::Ask
    };
    let auto = arguments.flag("--auto");
    let shell = arguments.flag("--shell");
    // What only the terminal's story has, asks for it.
    let terminal = arguments.flag("--terminal") || auto || shell;
    arguments.finish()?;
    let folder = workspace::target_dir()?.join("demo");
    let narrator = Narrator::new();
    if terminal {
        return at_the_terminal(&folder, &narrator, consent, auto, shell);
    }
    packages::ensure(&packages::BROWSER, consent)?;
    narrator.heading("Building");
    let programs = narrator.timed("built all programs and the simulated AWS", || {
        stage::build(consent, false)
    })?;
    if desktop::has_display() {
        let mut scratch = Scratch::new(&folder, &programs)?;
        desktop::play_on_display(&mut scratch, &narrator)?;
    } else {
        desktop::play_headless(&folder, &programs, &narrator)?;
    }
    portal::play(&folder, &programs, &narrator)
}

fn at_the_terminal(
    folder: &Path,
    narrator: &Narrator,
    consent: Consent,
    auto: bool,
    shell: bool,
) -> Result<()> {
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
    packages::ensure(&packages::BROWSER, consent)?;
    narrator.heading("Building");
    let programs = narrator.timed("built agent, CLI, git helper and the simulated AWS", || {
        workspace::build_programs(Programs::Console, false)
    })?;
    let mut scratch = Scratch::new(folder, &programs)?;
    portal::play(folder, &programs, narrator)?;
    story::play(&mut scratch, narrator, auto, shell)
}
