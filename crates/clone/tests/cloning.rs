//! Clones with the real git, of repositories on this disk, and with a git that behaves as told.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot do its part has failed"
)]

use holdfast_clone::{CloneError, Cloning, Event, Stage, Surroundings};
use holdfast_codecommit::{CloneCommand, Region, RepositoryName};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// What is cloned: the name of a command whose first word a test replaces.
fn command() -> CloneCommand {
    let region = Region::parse("eu-west-1").unwrap();
    CloneCommand::codecommit(&region, "dev", &RepositoryName::parse("app").unwrap())
}

/// A folder with a repository, in which `codecommit://` leads to it: a remote helper that becomes git's own.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
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
        fs::write(source.join("a.txt"), "a").unwrap();
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

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts a program of this name in front of all others for this process.
    fn program(&self, name: &str, script: &str) {
        let bin = self.path("bin");
        fs::create_dir_all(&bin).unwrap();
        fs::write(bin.join(name), format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(bin.join(name), fs::Permissions::from_mode(0o755)).unwrap();
    }
}

/// Runs a part of this test in a process of its own, whose PATH begins with the place's programs.
fn in_place(place: &Place, test: &str) {
    let path = std::env::var("PATH").unwrap();
    with_path(
        place,
        &format!("{}:{path}", place.path("bin").display()),
        test,
    );
}

fn with_path(place: &Place, path: &str, test: &str) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env("PATH", path)
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

fn place_of_part() -> Option<PathBuf> {
    std::env::var_os("PLACE").map(PathBuf::from)
}

fn serving(place: &Place) {
    let source = place.path("source");
    place.program(
        "git-remote-codecommit",
        &format!("exec git remote-ext \"$1\" 'git %s {}'", source.display()),
    );
}

fn start(folder: &Path) -> Result<Cloning, CloneError> {
    Cloning::start(&command(), folder, Surroundings::Window)
}

#[test]
fn a_clone_tells_how_far_it_is() {
    let Some(place) = place_of_part() else {
        let place = Place::new();
        serving(&place);
        return in_place(&place, "a_clone_tells_how_far_it_is");
    };
    let folder = place.join("deep/er/clone");
    let mut cloning = start(&folder).unwrap();
    let mut stages = Vec::new();
    while let Some(event) = cloning.next_event() {
        if let Event::Progress(progress) = event {
            stages.push(progress.stage);
        }
    }
    assert!(stages.contains(&Stage::Receiving), "{stages:?}");
    assert!(stages.is_sorted(), "{stages:?}");
    assert_eq!(cloning.finish().unwrap().folder, folder);
    assert_eq!(fs::read_to_string(folder.join("a.txt")).unwrap(), "a");
}

#[test]
fn an_empty_folder_is_used_and_a_full_one_is_left() {
    let Some(place) = place_of_part() else {
        let place = Place::new();
        serving(&place);
        return in_place(&place, "an_empty_folder_is_used_and_a_full_one_is_left");
    };
    let folder = place.join("clone");
    fs::create_dir(&folder).unwrap();
    start(&folder).unwrap().finish().unwrap();
    fs::write(folder.join("mine"), "mine").unwrap();
    for taken in [folder.clone(), folder.join("mine")] {
        let error = start(&taken).err().unwrap();
        assert!(
            matches!(&error, CloneError::FolderTaken(named) if *named == taken),
            "{error}"
        );
    }
    assert_eq!(fs::read_to_string(folder.join("mine")).unwrap(), "mine");
}

#[test]
fn what_the_helper_says_is_what_the_person_reads() {
    let Some(place) = place_of_part() else {
        let place = Place::new();
        place.program(
            "git-remote-codecommit",
            "echo 'holdfast: profile dev needs an MFA code; run: holdfast login dev' >&2; exit 1",
        );
        return in_place(&place, "what_the_helper_says_is_what_the_person_reads");
    };
    let folder = place.join("clone");
    let error = start(&folder).unwrap().finish().unwrap_err();
    assert_eq!(
        error.to_string(),
        "profile dev needs an MFA code; run: holdfast login dev"
    );
    assert!(!folder.exists());
}

#[test]
fn a_clone_that_is_ended_leaves_nothing() {
    let Some(place) = place_of_part() else {
        let place = Place::new();
        place.program(
            "git-remote-codecommit",
            "touch \"$PLACE/asked\"; exec sleep 600",
        );
        return in_place(&place, "a_clone_that_is_ended_leaves_nothing");
    };
    let began = |name: &str| {
        let asked = place.join("asked");
        let _ = fs::remove_file(&asked);
        let cloning = start(&place.join(name)).unwrap();
        let deadline = Instant::now() + Duration::from_secs(20);
        while !asked.exists() {
            assert!(Instant::now() < deadline, "the remote helper runs");
            std::thread::yield_now();
        }
        assert!(place.join(name).join(".git").exists());
        cloning
    };
    let cloning = began("stopped");
    let stop = cloning.stop();
    std::thread::spawn(move || stop.now());
    let error = cloning.finish().unwrap_err();
    assert!(matches!(error, CloneError::Stopped), "{error}");
    assert!(!place.join("stopped").exists());

    drop(began("dropped"));
    assert!(!place.join("dropped").exists());
}

#[test]
fn without_git_it_says_so() {
    let Some(place) = place_of_part() else {
        let place = Place::new();
        return with_path(&place, "/nowhere", "without_git_it_says_so");
    };
    let error = start(&place.join("clone")).err().unwrap();
    assert!(matches!(error, CloneError::Git(_)), "{error}");
    assert_eq!(error.hints(), ["install git"]);
}
