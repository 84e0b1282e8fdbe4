//! A morning's work of a person in a team, to be looked at.

use crate::scratch::TEAM;
use crate::stage::{CODE_FIELD, Stage};
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// The profile that the person works with.
const PROFILE: &str = "project-alpha";

/// Repositories that were cloned today: profile, name.
const CLONED: [(&str, &str); 3] = [
    (PROFILE, "project-alpha"),
    (PROFILE, "shared-libraries"),
    ("data-platform", "warehouse-models"),
];

/// What the helper of before holds.
const STORED: &str = "https://AKIA:old@git-codecommit.eu-central-1.amazonaws.com\n";

/// Writes another path for that of the home into every text of a page.
pub(super) const RENAME_HOME: &str = "
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const text = texts.currentNode;
        if (text.data.includes(arguments[0])) text.data = text.data.replaceAll(arguments[0], '/home/jo');
    }";

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
        let settings = format!("[app]\ntheme = \"{theme}\"\npinned = [\"{PROFILE}\"]\n");
        stage
            .scratch
            .write(".config/holdfast/config.toml", &settings)?;
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
            "popup-choice" => self.choice(page),
            "clone" => self.cloning(page),
            "tray" => self.tray(),
            "notification" => self.notification(),
            "doctor" => self.doctor(page),
            // What a person finds before anything is set up.
            "add-profile" => self.page(page),
            _ => {
                self.sign_in()?;
                self.page(page)
            }
        }
    }

    fn page(&mut self, name: &str) -> Result<()> {
        let (_app, window) = self.stage.window(name)?;
        // Headings are there before what they head.
        window.wait_until("document.querySelector('main :is(button, input, select)')");
        window.wait_until("!document.querySelector('[aria-busy=true]')");
        if name == "repositories" {
            window.field("Profile").type_keys(PROFILE);
            window.wait_for_text("main", "3 repositories in");
        }
        // The home of the pictures is called as a person's would be.
        let home = self.stage.scratch.home().to_string_lossy().into_owned();
        window.execute(RENAME_HOME, &[home.into()]);
        window.screenshot(&self.themed(name));
        Ok(())
    }

    /// The popup of a clone at a terminal, half a code typed.
    fn popup(&mut self) -> Result<()> {
        self.sign_out()?;
        let (app, _item) = self.stage.tray()?;
        let _git = self.stage.scratch.type_line(&clone(PROFILE, "ingest"))?;
        let window = app.window();
        window.find(CODE_FIELD).type_keys("402");
        super::picture_of_popup(&self.stage, &self.themed("popup"))
    }

    /// The popup of a clone whose URL several profiles fit.
    fn choice(&mut self, name: &str) -> Result<()> {
        self.sign_in()?;
        let (app, _item) = self.stage.tray()?;
        let line =
            "git clone --quiet https://git-codecommit.eu-central-1.amazonaws.com/v1/repos/ingest";
        let _git = self.stage.scratch.type_line(line)?;
        let window = app.window();
        window.wait_for_text("form", "data-platform");
        super::picture_of_popup(&self.stage, &self.themed(name))
    }

    /// A machine on which another helper answers git, and holds a password of long ago.
    fn doctor(&mut self, name: &str) -> Result<()> {
        self.sign_in()?;
        let scratch = &self.stage.scratch;
        scratch.run("holdfast", &["git", "undo", "--global", "--yes"])?;
        scratch.run("git", &["config", "--global", "credential.helper", "store"])?;
        scratch.write(".git-credentials", STORED)?;
        self.page(name)?;
        let scratch = &self.stage.scratch;
        scratch.run(
            "git",
            &["config", "--global", "--unset", "credential.helper"],
        )?;
        scratch.run("holdfast", &["git", "setup", "--global", "--yes"])?;
        Ok(())
    }

    /// A clone with a thousand files that is half-way.
    fn cloning(&mut self, name: &str) -> Result<()> {
        self.sign_in()?;
        let grow = format!(
            "cd {PROFILE} && mkdir -p assets && for i in $(seq 1000); do \
             head -c 900 /dev/urandom > assets/$i; done && git add . && \
             git -c user.name=Jo -c user.email=jo@example.com commit --quiet -m Assets && git push --quiet"
        );
        self.stage.scratch.run("sh", &["-c", &grow])?;
        self.stage.simulator.stall_clone()?;
        let (_app, window) = self.stage.window("repositories")?;
        window.button(&format!("Clone {PROFILE}…")).click();
        let field = window.field("Name of the new folder");
        field.type_keys("-2");
        window.wait_for_text("dialog", &format!("{PROFILE}-2."));
        window.button("Clone").click();
        window.wait_for_text("dialog", "Receiving objects");
        window.wait_until("document.querySelector('dialog progress').position > 0.2");
        window.settle();
        window.screenshot(&self.themed(name));
        self.stage.simulator.clear_faults()?;
        window.wait_for_text("dialog", "Cloned");
        Ok(())
    }

    /// The tray's menu when all is well.
    fn tray(&mut self) -> Result<()> {
        self.sign_in()?;
        let (_app, item) = self.stage.tray()?;
        item.wait_for_menu("a line for the profile", |menu| {
            menu.labels().iter().any(|label| label.contains(PROFILE))
        });
        self.stage.desktop.open_tray_menu();
        self.stage.desktop.settle();
        let file = self.into.join("tray.png");
        self.stage.desktop.screenshot_of_corner(400, 440, &file);
        Ok(())
    }

    /// What comes for a program in the background that needs a code.
    fn notification(&mut self) -> Result<()> {
        self.sign_out()?;
        self.stage.desktop.rest_mouse();
        let spy = self.stage.desktop.notifications();
        let (_app, _item) = self.stage.tray()?;
        let folder = self.stage.scratch.home().join(PROFILE);
        let mut fetch = self.stage.scratch.command("git");
        fetch.args(["fetch", "--quiet"]).current_dir(folder);
        fetch.stdin(Stdio::null()).stderr(Stdio::null());
        let _fetch = self.stage.scratch.start(&mut fetch)?;
        spy.wait_for("one with buttons", |shown| !shown.actions.is_empty());
        self.stage.desktop.settle();
        let file = self.into.join("notification.png");
        self.stage.desktop.screenshot_of_corner(460, 190, &file);
        Ok(())
    }

    fn themed(&self, name: &str) -> PathBuf {
        self.into.join(format!("{name}-{}.png", self.theme))
    }

    fn sign_out(&mut self) -> Result<()> {
        self.sign_in()?;
        self.stage.scratch.run("holdfast", &["logout", "--all"])?;
        self.signed_in = false;
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

/// What a person types to clone a repository.
fn clone(profile: &str, repository: &str) -> String {
    format!("git clone --quiet codecommit://{profile}@{repository}")
}
