//! A person's machine with a desktop: the simulated AWS, a home, and the app in the tray.
//!
//! ```ignore
//! let office = Office::new();                  // home, AWS, keyring, tray host, notification daemon
//! office.world.git_setup();
//! let tray = office.tray();                    // the app, waited for until its icon is in the tray
//! let mut clone = office.clone_repository("work");
//! let popup = tray.app.window();               // the MFA popup, as soon as it is there
//! popup.find("input").type_keys(&office.world.code());
//! clone.end().ok();
//! tray.item.click(&["Quit"]);
//! ```
//!
//! One window of a launched app can be driven at a time. [`Office::window`] opens a page in a process
//! of its own, which can be driven beside whatever the tray opens.

use holdfast_aws_sim::{Scenario, blog};
use holdfast_testkit::desktop::{App, Desktop, TrayItem, WebDriver};
use holdfast_tests::process::{Started, start};
use holdfast_tests::world::{World, program};
use std::process::{Command, Stdio};

/// The app's program.
const APP: &str = "holdfast-tray";

/// A world and the desktop that the person sits at. Everything ends with it.
pub(crate) struct Office {
    // Ends first: the agent needs the desktop's bus to end well.
    pub(crate) world: World,
    pub(crate) desktop: Desktop,
}

/// The app in the tray.
pub(crate) struct Tray {
    pub(crate) app: App,
    pub(crate) item: TrayItem,
}

/// A window of the app in a process of its own.
pub(crate) struct OpenWindow {
    // The control is given back before the program is ended.
    pub(crate) page: WebDriver,
    pub(crate) app: App,
}

impl Office {
    /// The blog's scenario, with plaintext keys in `~/.aws/credentials`, on a whole desktop.
    pub(crate) fn new() -> Self {
        Self::at(Desktop::start())
    }

    /// The same on a desktop that may lack something.
    pub(crate) fn at(desktop: Desktop) -> Self {
        Self::of(Scenario::blog(), desktop)
    }

    /// Another scenario.
    pub(crate) fn of(scenario: Scenario, desktop: Desktop) -> Self {
        let path = program(APP);
        assert!(
            path.is_file(),
            "{} is missing; run the tests with: cargo xtask test",
            path.display()
        );
        let world = World::on_desktop(scenario, desktop.variables());
        Self { world, desktop }
    }

    /// The app with these arguments, not yet started.
    pub(crate) fn app(&self, arguments: &[&str]) -> Command {
        // Not `World::command`: the program that is launched has to be the app itself.
        let mut command = self.world.home.command(program(APP));
        self.world.surround(&mut command);
        command.args(arguments).stdin(Stdio::null());
        command
    }

    /// Starts the app in the tray, and waits until its icon is there.
    pub(crate) fn tray(&self) -> Tray {
        let app = App::launch(&mut self.app(&[]));
        let item = self.desktop.tray().wait_for_item();
        Tray { app, item }
    }

    /// Opens a page of the main window by itself, without the tray.
    pub(crate) fn window(&self, page: &str) -> OpenWindow {
        let app = App::launch(&mut self.app(&["--window", page]));
        let page = app.window();
        OpenWindow { page, app }
    }

    /// Starts `git clone` of the repository into a folder of the home; see [`World::git_setup`].
    pub(crate) fn clone_repository(&self, folder: &str) -> Started {
        let mut git = self.world.command("git");
        start(
            git.args(["clone", blog::CLONE_URL, folder])
                .stdin(Stdio::null()),
        )
    }
}
