//! What the tests of the pages that change files have in common.

use crate::world::{Office, OpenWindow};
use holdfast_testkit::desktop::{App, Family};
use holdfast_testkit::wait_until;
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Secrets that stand in files of these tests and nowhere else.
pub(crate) const SECRETS: [&str; 1] = ["sentinelSentinelSentinelSentinel/0123456"];

/// How long the system's dialog may take to understand a path.
const TYPING: Duration = Duration::from_secs(4);

/// What is installed for a user.
const PROGRAMS: [&str; 4] = [
    "git-credential-holdfast",
    "git-remote-codecommit",
    "holdfast",
    "holdfast-agent",
];

/// Every question of these pages that changes nothing.
const QUESTIONS: &str = r#"
    const done = arguments[0];
    const ask = (command, args) =>
        window.__TAURI_INTERNALS__.invoke(command, args).catch((error) => error);
    (async () => {
        const page = await ask('add_profile');
        const keys = (page.keys ?? []).map(({ profile, id }) => ({ profile, id }));
        done(JSON.stringify([
            page,
            await ask('plan_removal', { keys }),
            await ask('key_in_clipboard'),
            await ask('git_helper'),
            await ask('plan_git_change', { change: 'set-up' }),
            await ask('plan_git_change', { change: 'undo' }),
            document.documentElement.outerHTML,
        ]));
    })();
"#;

/// A person at a desktop whose PATH does not name Holdfast's programs.
pub(crate) struct Setup {
    pub(crate) office: Office,
}

impl Setup {
    pub(crate) fn new() -> Self {
        Self {
            office: Office::new(),
        }
    }

    /// A page of the main window.
    pub(crate) fn window(&self, page: &str) -> OpenWindow {
        self.launch(self.office.app(&["--window", page]))
    }

    /// The same of an app in a folder of its own, with programs beside it that are quickly copied.
    pub(crate) fn packaged_window(&self, page: &str) -> OpenWindow {
        let home = &self.office.world.home;
        for program in PROGRAMS {
            let path = home.write(
                &format!("package/{program}"),
                format!("#!/bin/sh\n: {program}\n"),
            );
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let built = self.office.app(&[]);
        let app = self.path("package/holdfast-tray");
        if fs::hard_link(built.get_program(), &app).is_err() {
            fs::copy(built.get_program(), &app).unwrap();
        }
        let mut command = home.command(app);
        self.office.world.surround(&mut command);
        command.args(["--window", page]).stdin(Stdio::null());
        self.launch(command)
    }

    fn launch(&self, mut command: Command) -> OpenWindow {
        command.env("PATH", "/usr/local/bin:/usr/bin:/bin");
        command.env("SHELL", "/bin/bash");
        let app = App::launch(&mut command);
        let page = app.window();
        OpenWindow { page, app }
    }

    /// A path in the home.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.office.world.home.path().join(name)
    }

    /// A file in the home.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub(crate) fn credentials(&self) -> String {
        self.read(".aws/credentials")
    }

    pub(crate) fn config(&self) -> String {
        self.read(".aws/config")
    }

    /// The one backup of a file in the home.
    pub(crate) fn backup_of(&self, name: &str) -> String {
        let path = self.path(name);
        let start = format!("{}.holdfast-backup-", path.file_name().unwrap().display());
        let entries = fs::read_dir(path.parent().unwrap()).unwrap();
        let mut backups = entries.map(|entry| entry.unwrap().path()).filter(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            name.starts_with(&start)
        });
        let backup = backups.next().unwrap();
        assert_eq!(backups.next(), None);
        fs::read_to_string(backup).unwrap()
    }

    /// Chooses a key file in the system's dialog.
    pub(crate) fn choose_file(&self, path: &Path) {
        self.choose("Choose the accessKeys.csv", path);
    }

    /// Chooses a file or a folder in the system's dialog of this title, as somebody who types its path.
    pub(crate) fn choose(&self, title: &str, path: &Path) {
        let desktop = &self.office.desktop;
        let dialog = desktop.wait_for_window(title);
        wait_until("the dialog has the keyboard", || {
            desktop.focused_window().as_ref() == Some(&dialog)
        });
        // The first keys open the field for paths, and some are lost on the way: slashes do not matter.
        let typed = format!("{}{}", "/".repeat(40), path.display());
        let mut last_try: Option<Instant> = None;
        wait_until("something is chosen", || {
            if desktop.windows(title).is_empty() {
                return true;
            }
            if last_try.is_none_or(|at| at.elapsed() > TYPING) {
                desktop.key("ctrl+a");
                desktop.type_text(&typed);
                desktop.key("Return");
                last_try = Some(Instant::now());
            }
            false
        });
    }

    /// Copies a text into the clipboard, which lasts as long as its owner.
    pub(crate) fn copy(&self, text: &str) -> Family {
        let path = self.office.world.home.write("copied", text);
        let mut xclip = self.office.desktop.command("xclip");
        xclip.args(["-selection", "clipboard", "-quiet"]).arg(path);
        let owner = self.office.desktop.launch(&mut xclip);
        wait_until("the text can be pasted", || self.pasted() == text);
        owner
    }

    /// What a paste would bring.
    pub(crate) fn pasted(&self) -> String {
        let mut xclip = self.office.desktop.command("xclip");
        xclip.args(["-selection", "clipboard", "-out"]);
        let output = xclip.output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// The window has not been given these secrets: neither its page nor any answer holds them.
    #[track_caller]
    pub(crate) fn assert_unseen(&self, window: &OpenWindow, secrets: &[&str]) {
        let Value::String(seen) = window.page.execute_async(QUESTIONS, &[]) else {
            panic!("the questions are answered");
        };
        assert!(seen.contains("fingerprint"), "{seen}");
        for secret in secrets {
            assert!(!seen.contains(secret), "{seen}");
        }
    }
}

/// Id and secret of the first key in a credentials file.
pub(crate) fn key_in_file(text: &str) -> (String, String) {
    let value = |name: &str| {
        let line = text.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_once(" = ").unwrap().1.to_owned()
    };
    (value("aws_access_key_id"), value("aws_secret_access_key"))
}
