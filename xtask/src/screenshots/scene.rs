//! A morning's work of a person in a team, to be looked at.

use crate::scratch::TEAM;
use crate::stage::{CODE_FIELD, Stage};
use anyhow::Result;
use std::path::{Path, PathBuf};

/// The profile that the person works with.
const PROFILE: &str = "project-alpha";

/// Repositories that were cloned today: profile, name.
const CLONED: [(&str, &str); 3] = [
    (PROFILE, "project-alpha"),
    (PROFILE, "shared-libraries"),
    ("data-platform", "warehouse-models"),
];

/// A desktop in one theme.
pub(super) struct Scene {
    stage: Stage,
    into: PathBuf,
    theme: &'static str,
    signed_in: bool,
}

impl Scene {
    /// A person with keys in the keychain who has not signed in today.
    pub(super) fn set(
        folder: &Path,
        programs: &Path,
        into: &Path,
        theme: &'static str,
    ) -> Result<Self> {
        let stage = Stage::set(folder, programs, TEAM)?;
        stage.settings(&format!(
            "[app]\ntheme = \"{theme}\"\npinned = [\"{PROFILE}\"]\n"
        ))?;
        let into = into.to_owned();
        Ok(Self {
            stage,
            into,
            theme,
            signed_in: false,
        })
    }

    /// Takes one picture. What it shows is brought about first.
    pub(super) fn take(&mut self, page: &str) -> Result<()> {
        match page {
            "popup" => self.popup(),
            "tray" => self.tray(),
            // What is shown is what a person finds before anything is set up.
            "add-profile" => self.fresh_page(page),
            _ => {
                self.sign_in()?;
                self.page(page)
            }
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.into.join(format!("{name}-{}.png", self.theme))
    }

    fn page(&mut self, name: &str) -> Result<()> {
        let (_app, window) = self.stage.window(name)?;
        window.wait_until("document.querySelector('main h1')");
        window.wait_until("!document.querySelector('[aria-busy=true]')");
        window.screenshot(&self.file(name));
        Ok(())
    }

    /// Before anything was imported.
    fn fresh_page(&mut self, name: &str) -> Result<()> {
        self.page(name)
    }

    /// The popup of a push at a terminal.
    fn popup(&mut self) -> Result<()> {
        self.sign_in()?;
        self.stage.scratch.run("holdfast", &["logout", "--all"])?;
        self.signed_in = false;
        let (app, _item) = self.stage.tray()?;
        let push = format!("git clone {} again", url("project-alpha"));
        let _git = self.stage.scratch.type_line(&push)?;
        let window = app.window();
        window.find(CODE_FIELD).type_keys("402");
        window.screenshot(&self.file("popup"));
        Ok(())
    }

    /// The tray's menu, and the notification for a program that works in the background.
    fn tray(&mut self) -> Result<()> {
        self.sign_in()?;
        let (_app, item) = self.stage.tray()?;
        item.wait_for_menu("a line for the profile", |menu| {
            menu.labels().iter().any(|label| label.contains(PROFILE))
        });
        self.stage.desktop.open_tray_menu();
        let screen = self.file("tray");
        self.stage.desktop.screenshot(&screen);
        Ok(())
    }

    /// Keys in the keychain, one code typed, and some repositories cloned.
    fn sign_in(&mut self) -> Result<()> {
        if self.signed_in {
            return Ok(());
        }
        let Self { stage, .. } = self;
        stage.simulator.sign_in(&stage.scratch, PROFILE)?;
        stage
            .scratch
            .run("holdfast", &["git", "setup", "--global", "--yes"])?;
        for (profile, name) in CLONED {
            let folder = stage.scratch.home().join(name);
            if folder.exists() {
                continue;
            }
            let url = format!("codecommit://{profile}@{name}");
            stage
                .scratch
                .run("git", &["clone", "--quiet", &url, name])?;
        }
        self.signed_in = true;
        Ok(())
    }
}

fn url(repository: &str) -> String {
    format!("https://git-codecommit.eu-central-1.amazonaws.com/v1/repos/{repository}")
}
