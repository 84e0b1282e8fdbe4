//! What is kept comes back, in memory and in a key file.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use holdfast_keychain::{
    AccessKey, Keychain, KeychainError, Kind, Options, PassphraseCost, State, StoredKey,
};
use holdfast_testkit::Sentinels;
use secrecy::{ExposeSecret, SecretString};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const CHEAP: PassphraseCost = PassphraseCost {
    memory_kib: 32,
    passes: 1,
    lanes: 1,
};

fn key(id: &str, secret: &str) -> AccessKey {
    AccessKey {
        access_key_id: id.to_owned(),
        secret_access_key: SecretString::from(secret),
    }
}

fn memory() -> Keychain {
    Keychain::open(Options::new(Kind::Memory, "unused"))
}

fn file(path: &Path) -> Keychain {
    let mut options = Options::new(Kind::File, path);
    options.passphrase_cost = CHEAP;
    Keychain::open(options)
}

fn passphrase(text: &str) -> Option<SecretString> {
    Some(SecretString::from(text))
}

fn stored(profile: &str, id: &str) -> StoredKey {
    StoredKey {
        profile: profile.to_owned(),
        access_key_id: id.to_owned(),
    }
}

fn read(keychain: &Keychain, profile: &str) -> Option<(String, String)> {
    let key = keychain.access_key(profile).wait().unwrap()?;
    let secret = key.secret_access_key.expose_secret().to_owned();
    Some((key.access_key_id, secret))
}

fn keeps_what_it_is_given(keychain: &Keychain) {
    let names = [
        "default",
        "Dev",
        "dev",
        "日本 語",
        "a:b/c%2F\\d",
        "é",
        "e\u{301}",
    ];
    for (number, profile) in names.iter().enumerate() {
        let key = key(&format!("AKIA{number}"), &format!("secret/+={number} €"));
        keychain.set_access_key(profile, key).wait().unwrap();
    }
    for (number, profile) in names.iter().enumerate() {
        let expected = (format!("AKIA{number}"), format!("secret/+={number} €"));
        assert_eq!(read(keychain, profile), Some(expected), "{profile}");
    }
    let mut listed: Vec<_> = (names.iter().enumerate())
        .map(|(number, profile)| stored(profile, &format!("AKIA{number}")))
        .collect();
    listed.sort();
    assert_eq!(keychain.access_keys().wait().unwrap(), listed);

    keychain
        .set_access_key("dev", key("AKIANEW", "other"))
        .wait()
        .unwrap();
    assert_eq!(read(keychain, "dev").unwrap().0, "AKIANEW");
    assert!(keychain.delete_access_key("dev").wait().unwrap());
    assert!(!keychain.delete_access_key("dev").wait().unwrap());
    assert_eq!(read(keychain, "dev"), None);
    assert_eq!(read(keychain, "Dev").unwrap().0, "AKIA1");
    assert_eq!(keychain.status().state, State::Ready);

    keychain.master_key().wait().unwrap();
    assert_eq!(keychain.purge().wait().unwrap(), names.len());
    assert_eq!(keychain.access_keys().wait().unwrap(), []);
}

#[test]
fn memory_keeps_what_it_is_given() {
    keeps_what_it_is_given(&memory());
}

#[test]
fn a_key_file_keeps_what_it_is_given() {
    let folder = TempDir::new().unwrap();
    let keychain = file(&folder.path().join("keys"));
    keychain.unlock(passphrase("open sesame")).wait().unwrap();
    keeps_what_it_is_given(&keychain);
}

#[test]
fn what_cannot_be_kept_is_refused() {
    let keychain = memory();
    let long = "x".repeat(2560);
    let cases = [
        ("", key("AKIA", "s"), "empty name"),
        ("a\0b", key("AKIA", "s"), "NUL in the name"),
        ("a\nb", key("AKIA", "s"), "line feed in the name"),
        ("p", key("", "s"), "no id"),
        ("p", key("AK\nIA", "s"), "line feed in the id"),
        ("p", key("AKIA", ""), "no secret"),
        ("p", key("AKIA", "s\r"), "carriage return in the secret"),
        ("p", key("AKIA", &long), "over Windows' limit"),
    ];
    for (profile, key, why) in cases {
        let outcome = keychain.set_access_key(profile, key).wait();
        let refused = matches!(
            outcome,
            Err(KeychainError::Invalid { .. } | KeychainError::TooLarge { .. })
        );
        assert!(refused, "{why}");
    }
    assert_eq!(keychain.access_keys().wait().unwrap(), []);
}

#[test]
fn a_key_file_is_locked_until_its_passphrase_is_given() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("state/keys");
    let first = file(&path);
    assert!(matches!(
        first.access_key("dev").wait(),
        Err(KeychainError::Locked)
    ));
    assert_eq!(first.status().state, State::Locked);
    assert!(first.status().message.unwrap().contains("holdfast unlock"));
    for none in [None, passphrase("")] {
        let outcome = first.unlock(none).wait();
        assert!(matches!(
            outcome,
            Err(KeychainError::PassphraseNeeded { .. })
        ));
    }
    assert!(!path.exists());

    first.unlock(passphrase("open sesame")).wait().unwrap();
    first
        .set_access_key("dev", key("AKIA1", "the secret"))
        .wait()
        .unwrap();

    let second = file(&path);
    let outcome = second.unlock(passphrase("open barley")).wait();
    assert!(matches!(
        outcome,
        Err(KeychainError::WrongPassphrase { .. })
    ));
    assert_eq!(second.status().state, State::Locked);
    second.unlock(passphrase("open sesame")).wait().unwrap();
    assert_eq!(read(&second, "dev").unwrap().1, "the secret");

    second.lock().wait().unwrap();
    assert_eq!(second.status().state, State::Locked);
    assert!(matches!(
        second.access_key("dev").wait(),
        Err(KeychainError::Locked)
    ));
}

#[test]
fn nothing_is_in_the_clear_on_the_disk_or_in_messages() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("keys");
    let mut sentinels = Sentinels::new();
    let (open, secret) = (
        sentinels.mint("passphrase"),
        sentinels.mint("secret access key"),
    );
    let keychain = file(&path);
    keychain.unlock(passphrase(&open)).wait().unwrap();
    let given = key("AKIA1", &secret);
    let mut said = format!("{given:?}");
    keychain.set_access_key("dev", given).wait().unwrap();
    let kept = keychain.access_key("dev").wait().unwrap();
    said += &format!(
        "{kept:?} {:?} {:?}",
        keychain.access_keys().wait(),
        keychain.status()
    );
    // A passphrase given as a secret and a secret given as a passphrase are not quoted either.
    let wrong = file(&path).unlock(passphrase(&secret)).wait();
    let refused = keychain
        .set_access_key("dev", key("AKIA1", &format!("{open}\n")))
        .wait();
    said += &format!("{wrong:?} {refused:?}");
    assert!(wrong.is_err() && refused.is_err());
    assert_eq!(sentinels.scan("messages", said.as_bytes()), []);
    assert_eq!(sentinels.scan_tree(folder.path()), []);
    let bytes = fs::read(&path).unwrap();
    assert!(!bytes.windows(5).any(|window| window == b"AKIA1"));
}

#[test]
fn a_damaged_key_file_is_told_and_kept() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("keys");
    let keychain = file(&path);
    keychain.unlock(passphrase("open sesame")).wait().unwrap();
    keychain
        .set_access_key("dev", key("AKIA1", "the secret"))
        .wait()
        .unwrap();
    let good = fs::read(&path).unwrap();

    for position in 0..good.len() {
        let mut bad = good.clone();
        bad[position] ^= 1;
        fs::write(&path, &bad).unwrap();
        let outcome = file(&path).unlock(passphrase("open sesame")).wait();
        assert!(outcome.is_err(), "byte {position}");
        assert!(
            keychain.access_key("dev").wait().is_err(),
            "byte {position}"
        );
        let written = keychain.set_access_key("dev", key("AKIA2", "other")).wait();
        assert!(written.is_err(), "byte {position}");
        assert_eq!(fs::read(&path).unwrap(), bad, "byte {position}");
    }
    for length in 0..good.len() {
        fs::write(&path, &good[..length]).unwrap();
        assert!(
            file(&path)
                .unlock(passphrase("open sesame"))
                .wait()
                .is_err(),
            "{length} bytes"
        );
        assert!(keychain.access_key("dev").wait().is_err(), "{length} bytes");
    }
    fs::write(&path, &good).unwrap();
    assert_eq!(read(&keychain, "dev").unwrap().1, "the secret");
}

#[test]
fn a_key_file_that_asks_for_endless_work_is_damaged() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("keys");
    file(&path)
        .unlock(passphrase("open sesame"))
        .wait()
        .unwrap();
    let mut bytes = fs::read(&path).unwrap();
    bytes[16..20].copy_from_slice(&u32::MAX.to_be_bytes());
    fs::write(&path, bytes).unwrap();
    let outcome = file(&path).unlock(passphrase("open sesame")).wait();
    assert!(matches!(outcome, Err(KeychainError::DamagedFile { .. })));
}

#[test]
fn the_master_key_is_made_once() {
    let folder = TempDir::new().unwrap();
    let store = holdfast_keychain::SealedStore::new(folder.path().join("sessions"));
    let now = std::time::SystemTime::now();
    let keychain = memory();
    let first = keychain.master_key().wait().unwrap();
    let again = keychain.master_key().wait().unwrap();
    store.save(&first, b"contents", now).unwrap();
    let loaded = store.load(&again, now).unwrap();
    assert!(matches!(loaded, holdfast_keychain::Loaded::Contents(bytes) if *bytes == b"contents"));
}

#[test]
fn kinds_are_named_as_in_the_environment() {
    for kind in [Kind::Os, Kind::File, Kind::Memory] {
        assert_eq!(kind.as_str().parse(), Ok(kind));
    }
    let error = "OS".parse::<Kind>().unwrap_err();
    assert_eq!(error.to_string(), "a keychain is one of: os, file, memory");
}
