//! Every system call of one save, and what may be on the disk when it goes wrong there.

use holdfast_keychain::{Keychain, Kind, Loaded, MasterKey, Options, PassphraseCost, SealedStore};
use holdfast_testkit::{ScratchHome, clean_command};
use secrecy::SecretString;
use std::collections::{HashMap, HashSet};
use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitStatus};
use std::time::{Duration, SystemTime};

pub(crate) const ARGUMENT: &str = "--save-once";

/// Looked up just before and just after the save, so that its calls can be told from the rest.
const MARKER: &str = "/holdfast-marker";

/// Larger than one page, so that a half-written file would be possible.
const OLD: &[u8] = &[b'o'; 10_000];
const NEW: &[u8] = &[b'n'; 12_000];

/// Calls that only look, and cannot fail for reasons of the disk.
const HARMLESS: [&str; 6] = [
    "getpid",
    "brk",
    "mmap",
    "munmap",
    "sigaltstack",
    "clock_gettime",
];

/// Saves the new contents; succeeds when that was told to have worked.
pub(crate) fn save(home: &Path) {
    let (store, key) = open(home);
    let now = SystemTime::now();
    assert!(fs::metadata(MARKER).is_err());
    let outcome = store.save(&key, NEW, now);
    let _ = fs::metadata(MARKER);
    std::process::exit(i32::from(outcome.is_err()));
}

fn open(home: &Path) -> (SealedStore, MasterKey) {
    let mut options = Options::new(Kind::File, home.join("keys/file"));
    options.passphrase_cost = PassphraseCost {
        memory_kib: 8,
        passes: 1,
        lanes: 1,
    };
    let keychain = Keychain::open(options);
    keychain
        .unlock(Some(SecretString::from("passphrase")))
        .wait()
        .unwrap();
    let key = keychain.master_key().wait().unwrap();
    (SealedStore::new(home.join("state/sessions")), key)
}

/// A home in which the old contents are saved.
fn prepare() -> (ScratchHome, SealedStore, MasterKey) {
    let home = ScratchHome::new();
    let (store, key) = open(home.path());
    store.save(&key, OLD, SystemTime::now()).unwrap();
    (home, store, key)
}

fn saving(home: &ScratchHome) -> Vec<std::ffi::OsString> {
    let program = env::current_exe().unwrap().into_os_string();
    vec![program, ARGUMENT.into(), home.path().into()]
}

/// A system call by name, and the how manieth of that name in the main thread, which does the save
/// and is the only one that is traced.
type Point = (String, usize);

/// The calls of a save that goes well.
fn points() -> Vec<Point> {
    let (home, ..) = prepare();
    let log = home.path().join("log");
    let mut strace = clean_command("strace");
    strace.args(["-qq", "-o"]).arg(&log).args(saving(&home));
    assert!(run(&mut strace).success());
    let log = fs::read_to_string(log).unwrap();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let mut points = Vec::new();
    let mut inside = false;
    for line in log.lines() {
        let name = line.split('(').next().unwrap();
        if name.contains(['<', '+', '-']) {
            continue;
        }
        let count = counts.entry(name).or_default();
        *count += 1;
        if line.contains(MARKER) {
            inside = !inside;
        } else if inside && !HARMLESS.contains(&name) {
            points.push((name.to_owned(), *count));
        }
    }
    for needed in ["openat", "write", "fsync", "rename"] {
        let done = points.iter().any(|(name, _)| name.starts_with(needed));
        assert!(done, "a save must {needed}: {points:?}");
    }
    points
}

fn run(command: &mut Command) -> ExitStatus {
    match command.status() {
        Ok(status) => status,
        Err(error) => panic!("strace cannot be started: {error}"),
    }
}

/// Saves with a fault at one point.
fn save_with(home: &ScratchHome, (call, number): &Point, fault: &str) -> ExitStatus {
    let mut strace = clean_command("strace");
    strace.args(["-qq", "-o", "/dev/null", "-e"]);
    strace.arg(format!("inject={call}:{fault}:when={number}"));
    run(strace.args(saving(home)))
}

fn contents(store: &SealedStore, key: &MasterKey, now: SystemTime) -> Vec<u8> {
    match store.load(key, now).unwrap() {
        Loaded::Contents(contents) => contents.to_vec(),
        Loaded::Nothing => panic!("the store has disappeared"),
        Loaded::Damaged { .. } => panic!("the store is damaged"),
    }
}

fn files(store: &SealedStore) -> usize {
    fs::read_dir(store.path().parent().unwrap())
        .unwrap()
        .count()
}

pub(crate) fn kill_everywhere() {
    let mut seen = HashSet::new();
    for point in points() {
        let (home, store, key) = prepare();
        let status = save_with(&home, &point, "signal=KILL");
        assert!(!status.success(), "{point:?}: {status}");
        let now = SystemTime::now();
        let contents = contents(&store, &key, now);
        assert!(contents == OLD || contents == NEW, "{point:?}");
        seen.insert(contents == NEW);
        assert!(files(&store) <= 2, "{point:?}: at most one temporary file");
        let later = now + Duration::from_secs(11 * 60);
        store.load(&key, later).unwrap();
        assert_eq!(files(&store), 1, "{point:?}: nothing is left behind");
        store.save(&key, b"next", later).unwrap();
    }
    assert_eq!(seen.len(), 2, "kills before and after the change");
}

pub(crate) fn fail_everywhere() {
    let mut told = 0;
    for point in points() {
        let errors: &[&str] = match point.0.as_str() {
            "openat" => &["EMFILE", "EROFS", "ENOSPC"],
            "write" | "fsync" => &["ENOSPC", "EIO", "EDQUOT"],
            "rename" | "renameat" | "renameat2" | "mkdir" => &["EROFS", "EIO"],
            // What was to be kept is on the disk by then, and the standard library does not tell.
            "close" | "fcntl" => &[],
            _ => &["EIO"],
        };
        for error in errors {
            let (home, store, key) = prepare();
            let status = save_with(&home, &point, &format!("error={error}"));
            let failed = match status.code() {
                Some(0) => false,
                Some(1) => true,
                _ => panic!("{point:?} {error}: {status}"),
            };
            let contents = contents(&store, &key, SystemTime::now());
            let possible = contents == NEW || (failed && contents == OLD);
            assert!(possible, "{point:?} {error}: failed: {failed}");
            assert_eq!(
                files(&store),
                1,
                "{point:?} {error}: nothing is left behind"
            );
            told += usize::from(failed);
        }
    }
    assert!(told > 5, "failures are told: {told}");
}
