//! The sealed store gives back what was saved, notices every change and loses nothing.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use holdfast_keychain::{Loaded, MasterKey, SealedError, SealedStore};
use proptest::prelude::*;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tempfile::TempDir;

const NOW: SystemTime = UNIX_EPOCH;

fn scratch() -> (TempDir, SealedStore) {
    let folder = TempDir::new().unwrap();
    let store = SealedStore::new(folder.path().join("state/sessions"));
    (folder, store)
}

fn at(seconds: u64) -> SystemTime {
    NOW + Duration::from_secs(seconds)
}

fn contents(loaded: Loaded) -> Option<Vec<u8>> {
    match loaded {
        Loaded::Contents(bytes) => Some(bytes.to_vec()),
        Loaded::Nothing | Loaded::Damaged { .. } => None,
    }
}

fn moved_to(loaded: Loaded) -> Option<PathBuf> {
    match loaded {
        Loaded::Damaged { moved_to } => Some(moved_to),
        Loaded::Nothing | Loaded::Contents(_) => None,
    }
}

#[test]
fn an_absent_file_is_empty() {
    let (_folder, store) = scratch();
    let key = MasterKey::generate().unwrap();
    assert!(matches!(store.load(&key, NOW).unwrap(), Loaded::Nothing));
}

#[test]
fn the_last_save_comes_back() {
    let (_folder, store) = scratch();
    let key = MasterKey::generate().unwrap();
    for text in [&b"first"[..], b"", b"the last one"] {
        store.save(&key, text, NOW).unwrap();
        assert_eq!(contents(store.load(&key, NOW).unwrap()).unwrap(), text);
    }
}

#[test]
fn another_key_moves_the_file_aside_each_time_under_a_new_name() {
    let (_folder, store) = scratch();
    let keys: Vec<_> = (0..3).map(|_| MasterKey::generate().unwrap()).collect();
    let mut asides = Vec::new();
    for (key, other) in [(0, 1), (1, 2), (2, 0)] {
        store.save(&keys[key], b"sessions", NOW).unwrap();
        let before = fs::read(store.path()).unwrap();
        let aside = moved_to(store.load(&keys[other], at(7)).unwrap()).unwrap();
        assert_eq!(fs::read(&aside).unwrap(), before);
        assert!(matches!(
            store.load(&keys[other], NOW).unwrap(),
            Loaded::Nothing
        ));
        asides.push(aside.file_name().unwrap().to_str().unwrap().to_owned());
    }
    let names = [
        "sessions.damaged-7",
        "sessions.damaged-7-2",
        "sessions.damaged-7-3",
    ];
    assert_eq!(asides, names);
}

#[test]
fn a_file_of_a_newer_version_is_left_alone() {
    let (_folder, store) = scratch();
    let key = MasterKey::generate().unwrap();
    store.save(&key, b"sessions", NOW).unwrap();
    let mut bytes = fs::read(store.path()).unwrap();
    bytes[15] += 1;
    fs::write(store.path(), &bytes).unwrap();
    assert!(matches!(
        store.load(&key, NOW),
        Err(SealedError::Newer { .. })
    ));
    assert_eq!(fs::read(store.path()).unwrap(), bytes);
}

#[test]
fn files_of_killed_processes_go_after_ten_minutes() {
    let (_folder, store) = scratch();
    let key = MasterKey::generate().unwrap();
    let now = SystemTime::now();
    store.save(&key, b"sessions", now).unwrap();
    let folder = store.path().parent().unwrap();
    let ours = folder.join(".sessions.new-abc");
    let others = folder.join(".other.new-abc");
    for file in [&ours, &others] {
        fs::write(file, "half").unwrap();
    }
    store.load(&key, now + Duration::from_secs(599)).unwrap();
    assert!(ours.exists());
    store.load(&key, now - Duration::from_secs(86400)).unwrap();
    assert!(ours.exists(), "a clock that was set back removes nothing");
    store.load(&key, now + Duration::from_secs(620)).unwrap();
    assert!(!ours.exists());
    assert!(others.exists());
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_file_and_folder() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, store) = scratch();
    let key = MasterKey::generate().unwrap();
    let folder = store.path().parent().unwrap();
    fs::create_dir(folder).unwrap();
    fs::set_permissions(folder, fs::Permissions::from_mode(0o777)).unwrap();
    store.save(&key, b"sessions", NOW).unwrap();
    let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode(store.path()), 0o600);
    assert_eq!(mode(folder), 0o700);
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_an_error_and_stays() {
    let (_folder, store) = scratch();
    let key = MasterKey::generate().unwrap();
    fs::create_dir_all(store.path()).unwrap();
    assert!(matches!(store.load(&key, NOW), Err(SealedError::Io { .. })));
    assert!(matches!(
        store.save(&key, b"sessions", NOW),
        Err(SealedError::Io { .. })
    ));
    assert!(store.path().is_dir());
    let left = fs::read_dir(store.path().parent().unwrap())
        .unwrap()
        .count();
    assert_eq!(left, 1, "no temporary file stays behind");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_contents_come_back_and_do_not_show(text in proptest::collection::vec(any::<u8>(), 0..4096)) {
        let (_folder, store) = scratch();
        let key = MasterKey::generate().unwrap();
        store.save(&key, &text, NOW).unwrap();
        let bytes = fs::read(store.path()).unwrap();
        let shows = text.len() >= 8 && bytes.windows(8).any(|window| window == &text[..8]);
        prop_assert!(!shows);
        prop_assert_eq!(contents(store.load(&key, NOW).unwrap()).unwrap(), text);
    }
}

#[test]
fn every_changed_or_missing_byte_is_noticed() {
    let (_folder, store) = scratch();
    let key = MasterKey::generate().unwrap();
    store.save(&key, b"sessions and tokens", NOW).unwrap();
    let good = fs::read(store.path()).unwrap();
    let flipped = (0..good.len()).flat_map(|position| {
        let mut bad = good.clone();
        (0..8).map(move |bit| {
            bad[position] ^= 1 << bit;
            let copy = bad.clone();
            bad[position] ^= 1 << bit;
            copy
        })
    });
    let cut = (0..good.len()).map(|length| good[..length].to_vec());
    let longer = std::iter::once([&good[..], b"\0"].concat());
    for bad in flipped.chain(cut).chain(longer) {
        fs::write(store.path(), &bad).unwrap();
        let newer = bad.get(15).is_some_and(|version| *version > 1);
        match store.load(&key, NOW) {
            Ok(Loaded::Damaged { moved_to }) => assert_eq!(fs::read(moved_to).unwrap(), bad),
            Err(SealedError::Newer { .. }) if newer && bad.starts_with(b"HOLDFAST-SEALED") => {}
            Ok(Loaded::Contents(_)) => panic!("changed contents were taken: {bad:?}"),
            Ok(Loaded::Nothing) => panic!("a file was overlooked: {bad:?}"),
            Err(error) => panic!("{error}: {bad:?}"),
        }
    }
}
