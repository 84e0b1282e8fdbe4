//! What is noted, as clients see it and as it stands in the file.

use super::entry::Note;
use super::file::ActivityFile;
use super::keeper::Keeper;
use super::record::Record;
use super::{Told, file};
use holdfast_agent_proto::view::{ActivityKind, ActivityView};
use holdfast_agent_proto::{AgentError, ErrorCode, Reply};
use std::path::Path;
use tokio::sync::watch;

const NOW: i64 = 1_795_168_800;

fn keeper(folder: &Path) -> (Keeper, watch::Receiver<Told>) {
    let (told, heard) = watch::channel(Told::default());
    let mut keeper = Keeper::new(ActivityFile::new(folder, file::MAX_BYTES), told);
    keeper.remember();
    (keeper, heard)
}

fn note(kind: ActivityKind, at: i64, profile: &str) -> Note {
    Note::new(kind, at).profile(profile)
}

fn page(keeper: &mut Keeper, before: Option<u64>, limit: u32) -> (Vec<ActivityView>, bool) {
    let Reply::Activity { entries, more } = keeper.page(before, limit) else {
        panic!("another answer");
    };
    (entries, more)
}

fn ids(keeper: &mut Keeper, before: Option<u64>, limit: u32) -> (Vec<u64>, bool) {
    let (entries, more) = page(keeper, before, limit);
    (entries.iter().map(|entry| entry.id).collect(), more)
}

fn text(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("activity.jsonl")).unwrap()
}

#[test]
fn the_same_again_within_a_minute_is_counted() {
    use ActivityKind::{Credentials, GitCredential};
    let folder = tempfile::tempdir().unwrap();
    let (mut keeper, _) = keeper(folder.path());
    for (kind, after, profile) in [
        (Credentials, 0, "dev"),
        (Credentials, 10, "dev"),
        (Credentials, 20, "prod"),
        (GitCredential, 30, "dev"),
        (Credentials, 59, "dev"),
        (Credentials, 60, "dev"),
    ] {
        keeper.note(note(kind, NOW + after, profile));
    }
    let (entries, more) = page(&mut keeper, None, 10);
    let found: Vec<_> = entries
        .iter()
        .map(|entry| (entry.id, entry.at - NOW, entry.times))
        .collect();
    assert_eq!(found, [(4, 60, 1), (3, 30, 1), (2, 20, 1), (1, 0, 3)]);
    assert!(!more);
}

#[test]
fn refusals_for_other_reasons_are_not_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let (mut keeper, _) = keeper(folder.path());
    for code in [ErrorCode::Locked, ErrorCode::Denied, ErrorCode::Locked] {
        let error = AgentError::new(code, "no");
        keeper.note(note(ActivityKind::Refused, NOW, "dev").error(&error));
    }
    let (entries, _) = page(&mut keeper, None, 10);
    let times: Vec<u32> = entries.iter().map(|entry| entry.times).collect();
    assert_eq!(times, [1, 2]);
}

#[test]
fn repeats_are_written_when_their_minute_is_over() {
    let folder = tempfile::tempdir().unwrap();
    let (mut keeper, _) = keeper(folder.path());
    for after in [0, 1, 2] {
        keeper.note(note(ActivityKind::Credentials, NOW + after, "dev"));
        keeper.flush(NOW + after);
    }
    assert_eq!(
        text(folder.path()).lines().count(),
        1,
        "{}",
        text(folder.path())
    );
    assert!(keeper.is_waiting(), "the count is still to be written");
    keeper.flush(NOW + 60);
    assert!(text(folder.path()).ends_with("{\"again\":1,\"times\":3}\n"));
    assert!(!keeper.is_waiting(), "nothing wakes an idle agent");

    let (mut again, _) = self::keeper(folder.path());
    assert_eq!(page(&mut again, None, 10).0[0].times, 3);
}

#[test]
fn numbers_and_what_was_used_go_on_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    for (first, profile) in [(1, "dev"), (4, "prod"), (7, "test")] {
        let (mut keeper, heard) = keeper(folder.path());
        for after in [0, 100, 200] {
            keeper.note(note(ActivityKind::Credentials, NOW + after, profile));
        }
        keeper.flush(NOW + 300);
        let (found, _) = ids(&mut keeper, None, 3);
        assert_eq!(found, [first + 2, first + 1, first]);
        assert_eq!(heard.borrow().recent.profiles[0].profile, profile);
    }
    let (_, heard) = keeper(folder.path());
    let recent = &heard.borrow().recent;
    let profiles: Vec<&str> = recent
        .profiles
        .iter()
        .map(|used| used.profile.as_str())
        .collect();
    assert_eq!(profiles, ["test", "prod", "dev"]);
}

#[test]
fn pages_follow_each_other_without_gaps() {
    let folder = tempfile::tempdir().unwrap();
    let (mut keeper, _) = keeper(folder.path());
    for number in 0..25 {
        keeper.note(note(ActivityKind::Credentials, NOW + number * 60, "dev"));
        // The last few are only in memory.
        if number < 20 {
            keeper.flush(NOW + number * 60);
        }
    }
    for (before, limit, expect, more) in [
        (None, 3, vec![25, 24, 23], true),
        (Some(23), 6, vec![22, 21, 20, 19, 18, 17], true),
        (Some(4), 3, vec![3, 2, 1], false),
        (Some(4), 2, vec![3, 2], true),
        (Some(1), 5, vec![], false),
        (Some(99), 1, vec![25], true),
        (None, 0, vec![25], true),
    ] {
        let found = ids(&mut keeper, before, limit);
        assert_eq!(found, (expect, more), "{before:?} {limit}");
    }
    let (all, more) = ids(&mut keeper, None, u32::MAX);
    assert_eq!((all.len(), more), (25, false));
}

#[test]
fn pages_reach_into_the_file_that_was_put_aside() {
    let folder = tempfile::tempdir().unwrap();
    let (told, _heard) = watch::channel(Told::default());
    let mut keeper = Keeper::new(ActivityFile::new(folder.path(), 1500), told);
    for number in 0..50 {
        keeper.note(note(ActivityKind::Credentials, NOW + number * 60, "dev"));
        keeper.flush(NOW + number * 60);
    }
    let (found, more) = ids(&mut keeper, None, 200);
    assert!(
        !more && (20..50).contains(&found.len()),
        "{} entries",
        found.len()
    );
    let newest_first: Vec<u64> = (1..=50).rev().take(found.len()).collect();
    assert_eq!(found, newest_first);
    for name in ["activity.jsonl", "activity.jsonl.1"] {
        assert!(
            folder.path().join(name).metadata().unwrap().len() <= 1500,
            "{name}"
        );
    }
}

#[test]
fn garbage_in_the_file_stops_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (mut first, _) = keeper(folder.path());
    first.note(note(ActivityKind::Credentials, NOW, "dev"));
    first.flush(NOW);
    let mut damaged = text(folder.path()).into_bytes();
    damaged
        .extend_from_slice(b"\0\0\xff garbage\n{\"id\":99999999999999999999}\n{\"id\":2,\"at\":");
    std::fs::write(folder.path().join("activity.jsonl"), damaged).unwrap();

    let (mut second, heard) = keeper(folder.path());
    second.note(note(ActivityKind::Credentials, NOW + 100, "dev"));
    second.flush(NOW + 100);
    assert_eq!(ids(&mut second, None, 10), (vec![2, 1], false));
    assert_eq!(heard.borrow().warning, None);
}

#[test]
fn without_room_on_the_disk_there_is_one_warning_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let (mut keeper, mut heard) = keeper(folder.path());
    // A folder, which cannot be written either.
    std::fs::create_dir(folder.path().join("activity.jsonl")).unwrap();
    let mut warnings = 0;
    for number in 0..3 {
        keeper.note(note(ActivityKind::Locked, NOW + number * 60, "dev"));
        heard.mark_unchanged();
        keeper.flush(NOW + number * 60);
        warnings += usize::from(heard.has_changed().unwrap());
        assert!(!keeper.is_waiting(), "the next note tries again, no timer");
    }
    assert_eq!(warnings, 1);
    let warning = heard.borrow().warning.clone().unwrap();
    let begin = format!(
        "activity cannot be written in {} and is kept in memory only: ",
        folder.path().join("activity.jsonl").display()
    );
    assert!(warning.starts_with(&begin), "{warning}");

    std::fs::remove_dir(folder.path().join("activity.jsonl")).unwrap();
    keeper.note(note(ActivityKind::Unlocked, NOW + 300, "dev"));
    keeper.flush(NOW + 300);
    assert_eq!(heard.borrow().warning, None);
    assert_eq!(text(folder.path()).lines().count(), 4);
    assert_eq!(ids(&mut keeper, None, 10), (vec![4, 3, 2, 1], false));
}

/// Linux, which has a file that is always full.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_named_and_what_happened_is_still_shown() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/dev/full", folder.path().join("activity.jsonl")).unwrap();
    let (mut keeper, heard) = keeper(folder.path());
    keeper.note(note(ActivityKind::Locked, NOW, "dev"));
    keeper.flush(NOW);
    let warning = heard.borrow().warning.clone().unwrap();
    assert!(warning.contains("No space left on device"), "{warning}");
    assert_eq!(ids(&mut keeper, None, 10), (vec![1], false));
}

#[test]
fn names_of_any_length_stay_short_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let (mut keeper, _) = keeper(folder.path());
    let long = "\u{1f642}".repeat(100_000);
    let error = AgentError::new(ErrorCode::UnknownProfile, long.clone());
    keeper.note(
        note(ActivityKind::Refused, NOW, &long)
            .error(&error)
            .session(Some(long)),
    );
    keeper.flush(NOW);
    assert!(text(folder.path()).len() < 5_000);
    let line = text(folder.path());
    assert!(matches!(
        Record::read(line.trim_end().as_bytes()),
        Some(Record::Entry(_))
    ));
}
