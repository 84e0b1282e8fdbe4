//! A person with a portal of IAM Identity Center, to be looked at.

use super::scene::RENAME_HOME;
use crate::scratch::SSO;
use crate::stage::Stage;
use anyhow::Result;
use holdfast_testkit::desktop::WebDriver;
use std::path::{Path, PathBuf};

/// The portal that the person works with, and how people call it.
const START_URL: &str = "https://holdfast-demo.awsapps.com/start";
const PORTAL: &str = "holdfast-demo.awsapps.com";

/// The profile that the person works with.
const PROFILE: &str = "dev-team-profile";

/// What the person types.
const CLONE: &str =
    "git clone --quiet codecommit::eu-central-1://dev-team-profile@dev-team-app work";

/// A desktop in one theme.
pub(super) struct PortalScene {
    stage: Stage,
    into: PathBuf,
    theme: &'static str,
    signed_in: bool,
}

impl PortalScene {
    /// Nobody has signed in today. Pages of the portal are opened by a program that shows nothing.
    pub(super) fn set(
        folder: &Path,
        programs: &Path,
        into: &Path,
        theme: &'static str,
    ) -> Result<Self> {
        let stage = Stage::set(folder, programs, SSO)?;
        let settings = format!(
            "[app]\ntheme = \"{theme}\"\n[portals.\"{START_URL}\"]\nbrowser = [\"true\"]\n"
        );
        stage
            .scratch
            .write(".config/holdfast/config.toml", &settings)?;
        stage
            .scratch
            .run("holdfast", &["git", "setup", "--global", "--yes"])?;
        Ok(Self {
            stage,
            into: into.to_owned(),
            theme,
            signed_in: false,
        })
    }

    /// Takes one picture. What it shows is brought about first.
    pub(super) fn take(&mut self, page: &str) -> Result<()> {
        match page {
            "sign-in" => self.popup(page, |window| {
                window.button("Open browser");
            }),
            "sign-in-waiting" => self.popup(page, |window| {
                window.button("Open browser").click();
                window.button("Open again");
            }),
            "sign-in-device" => self.popup(page, |window| {
                window.button("Another device…").click();
                window.button("Copy code");
            }),
            "discovery" => self.discovery(page),
            _ => self.sessions(page),
        }
    }

    /// The popup of a clone at a terminal.
    fn popup(&mut self, page: &str, bring: impl FnOnce(&WebDriver)) -> Result<()> {
        self.sign_out()?;
        let (app, _item) = self.stage.tray()?;
        let _git = self.stage.scratch.type_line(CLONE)?;
        let window = app.window();
        bring(&window);
        super::picture_of_popup(&self.stage, &self.themed(page))
    }

    /// Accounts and roles, some of them ticked.
    fn discovery(&mut self, page: &str) -> Result<()> {
        self.sign_in()?;
        let (_app, window) = self.stage.window("add-profile")?;
        window.button(&format!("Find accounts in {PORTAL}")).click();
        // Accounts that are not drawn yet cannot be clicked.
        window.find("main ul[aria-label=Accounts]");
        window.settle();
        window.field("Live").click();
        window.wait_for_text("form footer", "new");
        self.picture(&window, page);
        Ok(())
    }

    fn sessions(&mut self, page: &str) -> Result<()> {
        self.sign_in()?;
        let (_app, window) = self.stage.window("sessions")?;
        window.wait_for_text("main", "Portal session");
        self.picture(&window, page);
        Ok(())
    }

    fn picture(&self, window: &WebDriver, page: &str) {
        let home = self.stage.scratch.home().to_string_lossy().into_owned();
        window.execute(RENAME_HOME, &[home.into()]);
        window.screenshot(&self.themed(page));
    }

    /// From a shell, with a browser that allows it at once.
    fn sign_in(&mut self) -> Result<()> {
        if self.signed_in {
            return Ok(());
        }
        let Stage {
            scratch, simulator, ..
        } = &self.stage;
        simulator.sign_in_to_portal(scratch, &["login", PROFILE])?;
        self.signed_in = true;
        Ok(())
    }

    fn sign_out(&mut self) -> Result<()> {
        self.stage.scratch.run("holdfast", &["logout", "--all"])?;
        self.signed_in = false;
        Ok(())
    }

    fn themed(&self, name: &str) -> PathBuf {
        self.into.join(format!("{name}-{}.png", self.theme))
    }
}
