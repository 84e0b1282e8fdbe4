//! Writing: whole or not at all, with a backup, never over somebody else's change.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a panic is a failed test")]

use holdfast_aws_files::{Backup, Document, FileKind, ReadError, SectionName, WriteError};
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Barrier;
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

const BEFORE: &str = "[user]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = hidden\n";
const AFTER: &str = "[user]\naws_access_key_id = AKIAEXAMPLE\n";
const MASKED: &str = "[user]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = ****\n";
const BACKUP: &str = "credentials.holdfast-backup-20261120T101112Z";

/// 2026-11-20T10:11:12Z.
fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_169_472)
}

struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn with_file() -> Self {
        let place = Self::new();
        fs::write(place.file(), BEFORE).unwrap();
        place
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("credentials")
    }

    fn names(&self) -> Vec<String> {
        let names = fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<String> = names
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

fn read(file: &Path) -> Document {
    Document::read(file, FileKind::Credentials).unwrap()
}

/// The file with the secret removed, not written yet.
fn edited(file: &Path) -> Document {
    let mut document = read(file);
    let user = SectionName::Profile("user".to_owned());
    assert!(document.remove(&user, "aws_secret_access_key"));
    document
}

fn mode(file: &Path) -> u32 {
    fs::metadata(file).unwrap().permissions().mode() & 0o7777
}

fn set_mode(file: &Path, mode: u32) {
    fs::set_permissions(file, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn the_mode_stays_and_the_backup_is_private() {
    for kept in [0o600, 0o640, 0o644] {
        let place = Place::with_file();
        set_mode(&place.file(), kept);
        let mut document = edited(&place.file());
        let written = document.write(Backup::Exact, now()).unwrap();
        let backup = written.backup.unwrap();
        assert_eq!(fs::read_to_string(place.file()).unwrap(), AFTER);
        assert_eq!(mode(&place.file()), kept);
        assert_eq!(fs::read_to_string(&backup).unwrap(), BEFORE);
        assert_eq!(mode(&backup), 0o600);
        assert_eq!(place.names(), ["credentials", BACKUP]);
        assert_eq!(document.diff(), "");
    }
}

#[test]
fn a_backup_can_leave_the_secrets_out() {
    let place = Place::with_file();
    let written = edited(&place.file())
        .write(Backup::SecretsMasked, now())
        .unwrap();
    assert_eq!(fs::read_to_string(written.backup.unwrap()).unwrap(), MASKED);
}

#[test]
fn no_backup_replaces_another() {
    let place = Place::with_file();
    edited(&place.file()).write(Backup::Exact, now()).unwrap();
    fs::write(place.file(), BEFORE).unwrap();
    edited(&place.file()).write(Backup::Exact, now()).unwrap();
    assert_eq!(
        place.names(),
        ["credentials", BACKUP, &format!("{BACKUP}-2")]
    );
}

#[test]
fn without_edits_nothing_is_written() {
    let place = Place::with_file();
    let before = fs::metadata(place.file()).unwrap().modified().unwrap();
    let written = read(&place.file()).write(Backup::Exact, now()).unwrap();
    assert_eq!(written.backup, None);
    assert_eq!(
        fs::metadata(place.file()).unwrap().modified().unwrap(),
        before
    );
    assert_eq!(place.names(), ["credentials"]);
}

#[test]
fn one_document_can_be_written_twice() {
    let place = Place::with_file();
    let mut document = edited(&place.file());
    document.write(Backup::Exact, now()).unwrap();
    let user = SectionName::Profile("user".to_owned());
    document.set(&user, "region", "eu-west-1").unwrap();
    document.write(Backup::Exact, now()).unwrap();
    let expect = format!("{AFTER}region = eu-west-1\n");
    assert_eq!(fs::read_to_string(place.file()).unwrap(), expect);
}

#[test]
fn a_symlink_stays_one() {
    let place = Place::new();
    let real = place.folder.path().join("dotfiles");
    fs::create_dir(&real).unwrap();
    fs::write(real.join("aws"), BEFORE).unwrap();
    symlink("dotfiles/aws", place.file()).unwrap();
    let written = edited(&place.file()).write(Backup::Exact, now()).unwrap();
    assert_eq!(
        fs::read_link(place.file()).unwrap(),
        Path::new("dotfiles/aws")
    );
    assert_eq!(fs::read_to_string(real.join("aws")).unwrap(), AFTER);
    assert_eq!(place.names(), ["credentials", "dotfiles"]);
    assert_eq!(
        written.backup.unwrap().parent(),
        Some(fs::canonicalize(&real).unwrap().as_path())
    );
}

#[test]
fn a_new_file_is_private_and_its_folder_too() {
    let place = Place::new();
    let file = place.folder.path().join("home/.aws/credentials");
    let mut document = read(&file);
    let user = SectionName::Profile("user".to_owned());
    document.set(&user, "region", "eu-west-1").unwrap();
    let written = document.write(Backup::Exact, now()).unwrap();
    assert_eq!(written.backup, None);
    assert_eq!(
        fs::read_to_string(&file).unwrap(),
        "[user]\nregion = eu-west-1\n"
    );
    assert_eq!(mode(&file), 0o600);
    assert_eq!(mode(file.parent().unwrap()), 0o700);
}

#[test]
fn a_change_of_somebody_else_is_never_overwritten() {
    type Change = fn(&Path);
    let changes: [(&str, Change); 3] = [
        ("another text", |file| fs::write(file, "[other]\n").unwrap()),
        ("one more byte", |file| {
            fs::write(file, format!("{BEFORE}\n")).unwrap()
        }),
        ("removed", |file| fs::remove_file(file).unwrap()),
    ];
    for (docs, change) in changes {
        let place = Place::with_file();
        let mut document = edited(&place.file());
        change(&place.file());
        let (present, names) = (fs::read(place.file()).ok(), place.names());
        let error = document.write(Backup::Exact, now()).unwrap_err();
        assert!(
            matches!(error, WriteError::Changed { .. }),
            "{docs}: {error:?}"
        );
        assert_eq!(fs::read(place.file()).ok(), present, "{docs}");
        assert_eq!(place.names(), names, "{docs}");
    }
}

#[test]
fn a_file_that_appeared_is_never_overwritten() {
    let place = Place::new();
    let mut document = read(&place.file());
    let user = SectionName::Profile("user".to_owned());
    document.set(&user, "region", "eu-west-1").unwrap();
    fs::write(place.file(), BEFORE).unwrap();
    let error = document.write(Backup::Exact, now()).unwrap_err();
    assert!(matches!(error, WriteError::Changed { .. }), "{error:?}");
    assert_eq!(fs::read_to_string(place.file()).unwrap(), BEFORE);
    assert_eq!(place.names(), ["credentials"]);
}

#[test]
fn of_writers_at_once_one_wins_and_the_others_know() {
    const WRITERS: usize = 16;
    let place = Place::with_file();
    let barrier = Barrier::new(WRITERS);
    let write = |number: usize| {
        let mut document = read(&place.file());
        let user = SectionName::Profile("user".to_owned());
        document.set(&user, "writer", &number.to_string()).unwrap();
        barrier.wait();
        document.write(Backup::Exact, now())
    };
    let results: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..WRITERS)
            .map(|number| scope.spawn(move || write(number)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let winners: Vec<usize> = (0..WRITERS)
        .filter(|&number| results[number].is_ok())
        .collect();
    assert_eq!(winners.len(), 1, "{results:?}");
    let expect = format!("{BEFORE}writer = {}\n", winners[0]);
    assert_eq!(fs::read_to_string(place.file()).unwrap(), expect);
    assert_eq!(place.names(), ["credentials", BACKUP]);
}

/// As an ordinary test the write succeeds. [`a_full_disk_leaves_the_old_file`] runs it again where
/// it cannot.
#[test]
fn a_file_is_written_whole_or_not_at_all() {
    let is_full = std::env::var_os("TEST_DISK_IS_FULL").is_some();
    let place = Place::new();
    // Under the limit no file can hold a byte, so the one to edit is written by the outer test.
    let source = std::env::var_os("TEST_FILE").map(PathBuf::from);
    let file = source.unwrap_or_else(|| {
        fs::write(place.file(), BEFORE).unwrap();
        place.file()
    });
    let result = edited(&file).write(Backup::Exact, now());
    let present = fs::read_to_string(&file).unwrap();
    if is_full {
        assert!(matches!(result, Err(WriteError::Io { .. })), "{result:?}");
        assert_eq!(present, BEFORE);
    } else {
        assert!(result.is_ok(), "{result:?}");
        assert_eq!(present, AFTER);
    }
}

#[test]
fn a_full_disk_leaves_the_old_file() {
    let place = Place::with_file();
    let output = Command::new("/bin/sh")
        // The signal of the limit is ignored, so that writing fails as on a full disk.
        .args(["-c", "trap '' 25; ulimit -f 0; exec \"$0\" --exact \"$1\""])
        .arg(std::env::current_exe().unwrap())
        .arg("a_file_is_written_whole_or_not_at_all")
        .env_clear()
        .env("TEST_DISK_IS_FULL", "1")
        .env("TEST_FILE", place.file())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}"
    );
    assert_eq!(fs::read_to_string(place.file()).unwrap(), BEFORE);
    assert_eq!(place.names(), ["credentials"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_takes_no_files_leaves_the_old_file() {
    let place = Place::new();
    symlink("/proc/version", place.file()).unwrap();
    let mut document = read(&place.file());
    let user = SectionName::Profile("user".to_owned());
    document.set(&user, "region", "eu-west-1").unwrap();
    let error = document.write(Backup::Exact, now()).unwrap_err();
    assert!(matches!(error, WriteError::Io { .. }), "{error:?}");
    assert!(error.to_string().contains("credentials"), "{error}");
}

#[test]
fn what_is_no_file_is_neither_read_nor_waited_for() {
    let place = Place::new();
    let pipe = place.folder.path().join("pipe");
    let made = Command::new("/usr/bin/mkfifo")
        .env_clear()
        .arg(&pipe)
        .status()
        .unwrap();
    assert!(made.success());
    for path in [pipe.as_path(), place.folder.path()] {
        let error = Document::read(path, FileKind::Config).unwrap_err();
        assert!(matches!(error, ReadError::NotAFile { .. }), "{error:?}");
    }
    let null = Document::read("/dev/null", FileKind::Config).unwrap();
    assert_eq!(null.bytes(), b"");
    let missing = Document::read(place.folder.path().join("none"), FileKind::Config).unwrap();
    assert_eq!(missing.bytes(), b"");
}
