//! Clones with the real git, of repositories on this disk, and with a git that behaves as told.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot do its part has failed"
)]

#[cfg(target_os = "linux")]
mod full_disk;
mod place;

use holdfast_clone::{CloneError, Event, Stage};
use place::{Place, in_place, place_of_part, serving, start, with_path};
use std::fs;
use std::time::{Duration, Instant};

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
