//! A headless desktop with the app on it: what the pictures, the demo and the measurements share.

use crate::packages::{self, Consent};
use crate::scratch::{Scenario, Scratch, Simulator};
use crate::ui;
use crate::workspace::{self, Programs};
use anyhow::Result;
use holdfast_testkit::desktop::{App, Desktop, TrayItem, WebDriver};
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// The field of the popup into which the code is typed.
pub(crate) const CODE_FIELD: &str = "input[autocomplete=one-time-code]";

/// A home, a simulated AWS and a desktop. Everything ends with it.
pub(crate) struct Stage {
    // In the order in which they end: the agent needs the desktop's bus.
    pub(crate) scratch: Scratch,
    pub(crate) simulator: Simulator,
    pub(crate) desktop: Desktop,
}

/// Installs what a build of the app and a headless desktop need, and builds all programs.
pub(crate) fn build(consent: Consent, release: bool) -> Result<PathBuf> {
    let programs = [packages::GIT];
    for needs in [&packages::APP_BUILD[..], &packages::DESKTOP[..], &programs] {
        packages::ensure(needs, consent)?;
    }
    ui::build(consent)?;
    workspace::build_programs(Programs::WithApp, release)
}

impl Stage {
    /// Sets the stage in a folder, whose former contents go.
    pub(crate) fn set(folder: &Path, programs: &Path, scenario: Scenario) -> Result<Self> {
        let mut scratch = Scratch::new(folder, programs)?;
        let desktop = Desktop::start();
        scratch.move_to(&desktop)?;
        let simulator = scratch.start_simulator(scenario)?;
        Ok(Self {
            scratch,
            simulator,
            desktop,
        })
    }

    /// Starts the app in the tray and waits for its icon.
    pub(crate) fn tray(&mut self) -> Result<(App, TrayItem)> {
        let app = self.launch(&[])?;
        let item = self.desktop.tray().wait_for_item();
        Ok((app, item))
    }

    /// Opens a page of the main window by itself.
    pub(crate) fn window(&mut self, page: &str) -> Result<(App, WebDriver)> {
        let app = self.launch(&["--window", page])?;
        let window = app.window();
        Ok((app, window))
    }

    /// Starts the app with these arguments.
    pub(crate) fn launch(&mut self, arguments: &[&str]) -> Result<App> {
        let mut command = self.scratch.command("holdfast-tray");
        command.args(arguments).stdin(Stdio::null());
        let app = App::launch(command.stdout(Stdio::null()).stderr(Stdio::null()));
        self.scratch.watch(app.id())?;
        Ok(app)
    }
}
