//! A folder with a repository, and parts of tests that run in processes of their own.

use holdfast_clone::{CloneError, Cloning, Surroundings};
use holdfast_codecommit::{CloneCommand, Region, RepositoryName};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// What is cloned: the name of a command whose first word a test replaces.
fn command() -> CloneCommand {
    let region = Region::parse("eu-west-1").unwrap();
    CloneCommand::codecommit(&region, "dev", &RepositoryName::parse("app").unwrap())
}

/// A folder with a repository, in which `codecommit://` leads to it: a remote helper that becomes git's own.
pub(crate) struct Place {
    folder: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self::with_file(b"a")
    }

    /// The same with this in the repository's only file, `a.txt`.
    pub(crate) fn with_file(text: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("source");
        let git = |arguments: &[&str]| {
            let mut git = Command::new("git");
            git.args(arguments).env("GIT_CONFIG_NOSYSTEM", "1");
            assert!(git.status().unwrap().success(), "git {arguments:?}");
        };
        git(&[
            "init",
            "--quiet",
            "--initial-branch=main",
            source.to_str().unwrap(),
        ]);
        let in_source = ["-C", source.to_str().unwrap()];
        fs::write(source.join("a.txt"), text).unwrap();
        git(&[&in_source[..], &["add", "."]].concat());
        let commit = [
            "-c",
            "user.name=Jo",
            "-c",
            "user.email=jo@example.com",
            "commit",
            "--quiet",
            "-m",
            "a",
        ];
        git(&[&in_source[..], &commit].concat());
        Self { folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts a program of this name in front of all others for this process.
    pub(crate) fn program(&self, name: &str, script: &str) {
        let bin = self.path("bin");
        fs::create_dir_all(&bin).unwrap();
        fs::write(bin.join(name), format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(bin.join(name), fs::Permissions::from_mode(0o755)).unwrap();
    }
}

/// Runs a part of this test in a process of its own, whose PATH begins with the place's programs.
pub(crate) fn in_place(place: &Place, test: &str) {
    let path = std::env::var("PATH").unwrap();
    with_path(
        place,
        &format!("{}:{path}", place.path("bin").display()),
        test,
    );
}

pub(crate) fn with_path(place: &Place, path: &str, test: &str) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.env("PATH", path);
    run_part(&mut command, place, test);
}

/// Runs a part of this test with a command that starts this program.
pub(crate) fn run_part(command: &mut Command, place: &Place, test: &str) {
    let output = command
        .args(["--exact", test, "--nocapture"])
        .env("PLACE", place.folder.path())
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
}

pub(crate) fn place_of_part() -> Option<PathBuf> {
    std::env::var_os("PLACE").map(PathBuf::from)
}

pub(crate) fn serving(place: &Place) {
    let source = place.path("source");
    place.program(
        "git-remote-codecommit",
        &format!("exec git remote-ext \"$1\" 'git %s {}'", source.display()),
    );
}

pub(crate) fn start(folder: &Path) -> Result<Cloning, CloneError> {
    Cloning::start(&command(), folder, Surroundings::Window)
}
