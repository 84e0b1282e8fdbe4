//! The token caches of the AWS CLI and the SDKs: what botocore wrote is read, what is written here botocore would
//! have written.
//!
//! The files below `token-files` were written by botocore 1.44.5 (`SSOTokenLoader`, `LoginCredentialFetcher`).

#![expect(clippy::unwrap_used, reason = "a panic is a failed test")]

use holdfast_aws_files::login_cache::{self, Kept, Login, LoginCredentials, RenewError, Version};
use holdfast_aws_files::sso_cache::{self, Published, SharedToken};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Barrier;
use std::thread;
use tempfile::TempDir;

/// 2026-11-20T11:09:15Z, the end of the tokens in the samples.
const ENDS: i64 = 1_795_172_955;
/// 2026-11-20T11:21:00Z, the end of the renewed credentials in the samples.
const RENEWED_ENDS: i64 = 1_795_173_660;
const START_URL: &str = "https://corp.awsapps.com/start";

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/token-files")
        .join(name)
}

/// File names, each behind what it is made of.
#[derive(Deserialize)]
struct Names {
    sso: Vec<(String, String)>,
    login: Vec<(String, String)>,
}

fn names() -> Names {
    serde_json::from_str(&fs::read_to_string(sample("names.json")).unwrap()).unwrap()
}

/// A folder for a cache that is not there yet.
struct Cache(TempDir);

impl Cache {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn with(text: &str) -> Self {
        let cache = Self::new();
        fs::create_dir(cache.0.path().join("cache")).unwrap();
        fs::write(cache.file(), text).unwrap();
        cache
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("cache/token.json")
    }

    fn text(&self) -> String {
        fs::read_to_string(self.file()).unwrap()
    }

    /// How many files there are.
    fn count(&self) -> usize {
        fs::read_dir(self.0.path().join("cache")).unwrap().count()
    }
}

fn publish(file: &Path, token: &str, now: i64) -> Published {
    let token = SharedToken {
        start_url: START_URL,
        region: "eu-west-1",
        access_token: &token.into(),
        expires_at: ENDS,
    };
    sso_cache::publish(file, &token, now).unwrap()
}

fn renewed() -> (LoginCredentials, SecretString) {
    let credentials = LoginCredentials {
        access_key_id: "ASIAEXAMPLENEW".to_owned(),
        secret_access_key: "new/secret+key".into(),
        session_token: "new-\"session\"-token".into(),
        expires_at: RENEWED_ENDS,
    };
    (credentials, "new-refresh-token".into())
}

#[test]
fn files_are_named_as_botocore_names_them() {
    for (of, name) in names().sso {
        assert_eq!(sso_cache::file_name(&of), name, "{of}");
        let token = sso_cache::read(&sample("sso").join(name)).unwrap().unwrap();
        assert!(token.access_token.expose_secret().starts_with("access-"));
        assert_eq!(token.expires_at, ENDS);
        assert!(token.start_url.unwrap().starts_with(START_URL));
        assert_eq!(token.region.as_deref(), Some("eu-west-1"));
        assert_eq!(token.is_renewable, of == "corp");
    }
    for (of, name) in names().login {
        assert_eq!(login_cache::file_name(&of), name, "{of}");
        assert_eq!(login_cache::file_name(&format!(" {of}\n")), name, "{of}");
    }
}

#[test]
fn what_is_published_is_what_botocore_would_write_without_refresh_token() {
    for (of, name) in names().sso {
        if of == "corp" {
            continue;
        }
        let sample = sample("sso").join(name);
        let token = sso_cache::read(&sample).unwrap().unwrap();
        let cache = Cache::new();
        let shared = SharedToken {
            start_url: token.start_url.as_deref().unwrap(),
            region: "eu-west-1",
            access_token: &token.access_token,
            expires_at: ENDS,
        };
        let published = sso_cache::publish(&cache.file(), &shared, 0).unwrap();
        assert_eq!(published, Published::Done);
        let json = |text: &str| -> BTreeMap<String, String> { serde_json::from_str(text).unwrap() };
        let botocore = fs::read_to_string(sample).unwrap();
        assert_eq!(json(&cache.text()), json(&botocore));
        if botocore.is_ascii() && !botocore.contains('\\') {
            assert_eq!(cache.text(), botocore);
        }
        assert_eq!(cache.count(), 1, "nothing lies beside it");
    }
}

#[cfg(unix)]
#[test]
fn what_is_written_is_private_and_a_symlink_stays_one() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    let cache = Cache::new();
    publish(&cache.file(), "token", 0);
    assert_eq!(mode(&cache.file()), 0o600);
    assert_eq!(mode(cache.file().parent().unwrap()), 0o700);

    let cache = Cache::with("{}");
    fs::set_permissions(cache.file(), fs::Permissions::from_mode(0o644)).unwrap();
    let link = cache.0.path().join("link.json");
    symlink(cache.file(), &link).unwrap();
    assert_eq!(publish(&link, "token", 0), Published::Done);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(mode(&cache.file()), 0o600);
    assert!(cache.text().contains("\"token\""));
}

#[test]
fn a_sign_in_that_its_owner_can_renew_is_left_alone() {
    let owned = format!(
        "{{\"accessToken\": \"theirs\", \"expiresAt\": \"2026-11-20T11:09:15Z\", \"refreshToken\": \"{}\"}}",
        "renewable"
    );
    let without = owned.replace("refreshToken", "other");
    let unreadable_time = owned.replace("2026-11-20T11:09:15Z", "some day");
    for (present, now, expect) in [
        (owned.as_str(), ENDS - 1, Published::LeftToOwner),
        (&owned, ENDS, Published::Done),
        (&unreadable_time, ENDS, Published::LeftToOwner),
        (&without, 0, Published::Done),
        ("", 0, Published::Done),
        ("{\"accessToken\": \"", 0, Published::Done),
        ("[]", 0, Published::Done),
        ("\u{0}", 0, Published::Done),
    ] {
        let cache = Cache::with(present);
        assert_eq!(publish(&cache.file(), "ours", now), expect, "{present}");
        assert_eq!(cache.text().contains("ours"), expect == Published::Done);
        assert_eq!(cache.count(), 1);
    }
}

#[test]
fn a_published_token_is_taken_back_and_no_other() {
    let cache = Cache::new();
    let ours = SecretString::from("ours");
    assert!(sso_cache::withdraw(&cache.file(), &ours).unwrap());
    publish(&cache.file(), "theirs", 0);
    assert!(!sso_cache::withdraw(&cache.file(), &ours).unwrap());
    publish(&cache.file(), "ours", 0);
    assert!(sso_cache::withdraw(&cache.file(), &ours).unwrap());
    assert!(!cache.file().exists());
    let renewable = "{\"accessToken\": \"ours\", \"refreshToken\": \"x\"}";
    for present in ["", "{", renewable] {
        let cache = Cache::with(present);
        assert!(!sso_cache::withdraw(&cache.file(), &ours).unwrap());
        assert_eq!(cache.text(), present);
    }
}

#[test]
fn a_token_of_any_writer_is_read() {
    for (text, ends) in [
        // The Rust SDK's.
        (
            "{\"accessToken\":\"t\",\"expiresAt\":\"2026-11-20T11:09:15.246472Z\",\"refreshToken\":\"r\",\"region\":\"eu-west-1\"}",
            ENDS,
        ),
        // The AWS CLI's until 2020.
        (
            "{\"startUrl\": \"https://a\", \"region\": \"r\", \"accessToken\": \"t\", \"expiresAt\": \"2026-11-20T11:09:15UTC\"}",
            ENDS,
        ),
        // The JavaScript SDK's.
        (
            "{\n  \"accessToken\": \"t\",\n  \"expiresAt\": \"2026-11-20T11:09:15.000Z\",\n  \"novel\": [{}]\n}\n",
            ENDS,
        ),
        (
            "{\"expiresAt\": \"2026-11-20T12:09:15+01:00\", \"accessToken\": \"x\", \"accessToken\": \"t\", \"region\": null}",
            ENDS,
        ),
    ] {
        let cache = Cache::with(text);
        let token = sso_cache::read(&cache.file()).unwrap().unwrap();
        assert_eq!(token.access_token.expose_secret(), "t", "{text}");
        assert_eq!(token.expires_at, ends, "{text}");
    }
}

#[test]
fn what_is_damaged_names_the_file_and_quotes_nothing() {
    let none = sso_cache::read(&Cache::new().file()).unwrap();
    assert!(none.is_none());
    let whole = fs::read_to_string(sample("sso").join(sso_cache::file_name("corp"))).unwrap();
    for (text, words) in [
        ("", "is empty or not written to its end"),
        (" \n", "is empty or not written to its end"),
        (&whole[..whole.len() / 2], "not written to its end"),
        (&whole[..whole.len() - 1], "not written to its end"),
        ("null", "is not a JSON object"),
        ("[\"access-corp\"]", "is not a JSON object"),
        ("{}{}", "is not a JSON object"),
        ("access-corp", "is not a JSON object"),
        ("{}", "has no accessToken"),
        ("{\"accessToken\": null}", "has no accessToken"),
        ("{\"accessToken\": \"\"}", "accessToken in "),
        ("{\"accessToken\": 5}", "is not a text"),
        ("{\"accessToken\": \"access-corp\"}", "has no expiresAt"),
        (
            "{\"accessToken\": \"access-corp\", \"expiresAt\": \"soon\"}",
            "is not a time such as 2026-11-20T11:09:15Z",
        ),
        (
            "{\"accessToken\": \"access-corp\", \"expiresAt\": 1795172955}",
            "expiresAt in ",
        ),
        (
            "{\"accessToken\": \"t\", \"expiresAt\": \"2026-11-20T11:09:15Z\", \"region\": {}}",
            "region in ",
        ),
    ] {
        let cache = Cache::with(text);
        let error = sso_cache::read(&cache.file()).err().unwrap().to_string();
        assert!(error.contains(words), "{text}: {error}");
        assert!(error.contains("cache/token.json"), "{error}");
        assert!(!error.contains("access-corp"), "{error}");
        let login = login_cache::read(&cache.file()).err().unwrap().to_string();
        assert!(login.contains("cache/token.json"), "{login}");
    }
    let cache = Cache::new();
    fs::create_dir_all(cache.file()).unwrap();
    let error = sso_cache::read(&cache.file()).err().unwrap().to_string();
    assert!(error.contains("is not a regular file"), "{error}");
}

#[test]
fn no_damage_makes_a_reader_panic() {
    let whole = fs::read(sample("login/unknown-members-before.json")).unwrap();
    let cache = Cache::with("");
    for end in 0..whole.len() {
        fs::write(cache.file(), &whole[..end]).unwrap();
        assert!(login_cache::read(&cache.file()).is_err());
        assert!(sso_cache::read(&cache.file()).is_err());
        let mut damaged = whole.clone();
        damaged[end] = b'\x80';
        fs::write(cache.file(), &damaged).unwrap();
        assert!(login_cache::read(&cache.file()).is_err());
    }
}

#[test]
fn a_login_is_read_with_everything_that_renews_it() {
    let (login, _) = login_cache::read(&sample("login/unknown-members-before.json"))
        .unwrap()
        .unwrap();
    let credentials = &login.credentials;
    assert_eq!(credentials.access_key_id, "ASIAEXAMPLEOLD");
    let secret = credentials.secret_access_key.expose_secret();
    assert_eq!(secret, "old/secret+key");
    assert_eq!(
        credentials.session_token.expose_secret(),
        "old-session-token"
    );
    assert_eq!(credentials.expires_at, ENDS);
    assert_eq!(login.account_id.as_deref(), Some("111111111111"));
    assert_eq!(login.client_id, "arn:aws:signin:::devtools/same-device");
    assert_eq!(login.refresh_token.expose_secret(), "old-refresh-token");
    assert_eq!(login.sign_in_region.as_deref(), Some("eu-west-1"));
    let key = login.dpop_key.expose_secret();
    assert!(key.starts_with("-----BEGIN EC PRIVATE KEY-----\n"), "{key}");
}

#[test]
fn a_renewal_changes_what_botocore_changes_and_no_other_byte() {
    for name in ["aws-cli", "unknown-members"] {
        let text = |which: &str| {
            fs::read_to_string(sample(&format!("login/{name}-{which}.json"))).unwrap()
        };
        let spread = |text: &str| text.replace("\", \"", "\",\r\n\t\"");
        for (before, after) in [
            (text("before"), text("after")),
            (spread(&text("before")), spread(&text("after"))),
        ] {
            let cache = Cache::with(&before);
            let (_, version) = login_cache::read(&cache.file()).unwrap().unwrap();
            let (credentials, refresh_token) = renewed();
            let version = Version::from_text(version.as_str());
            let kept =
                login_cache::renew(&cache.file(), &version, &credentials, &refresh_token).unwrap();
            assert_eq!(kept, Kept::Ours);
            assert_eq!(cache.text(), after);
            assert_eq!(cache.count(), 1);
            // The version that it was renewed from is gone, so a second renewal of it is nobody's.
            let kept =
                login_cache::renew(&cache.file(), &version, &credentials, &refresh_token).unwrap();
            assert_eq!(kept, Kept::Theirs);
        }
    }
}

#[test]
fn what_another_program_wrote_meanwhile_counts() {
    let before = fs::read_to_string(sample("login/aws-cli-before.json")).unwrap();
    let (credentials, refresh_token) = renewed();
    for theirs in [
        before.replace("old-refresh-token", "theirs").as_str(),
        "",
        "{",
    ] {
        let cache = Cache::with(&before);
        let (_, version) = login_cache::read(&cache.file()).unwrap().unwrap();
        fs::write(cache.file(), theirs).unwrap();
        let kept =
            login_cache::renew(&cache.file(), &version, &credentials, &refresh_token).unwrap();
        assert_eq!(kept, Kept::Theirs);
        assert_eq!(cache.text(), theirs);
    }
    let cache = Cache::with(&before);
    let (_, version) = login_cache::read(&cache.file()).unwrap().unwrap();
    fs::remove_file(cache.file()).unwrap();
    let kept = login_cache::renew(&cache.file(), &version, &credentials, &refresh_token).unwrap();
    assert_eq!(kept, Kept::Theirs);
    assert!(!cache.file().exists());
}

#[test]
fn of_renewals_at_once_one_is_kept() {
    let before = fs::read_to_string(sample("login/aws-cli-before.json")).unwrap();
    for _ in 0..20 {
        let cache = Cache::with(&before);
        let (_, version) = login_cache::read(&cache.file()).unwrap().unwrap();
        let start = Barrier::new(4);
        let renew = |number: u32| {
            let (credentials, _) = renewed();
            let refresh_token = SecretString::from(format!("refresh-{number}"));
            start.wait();
            login_cache::renew(&cache.file(), &version, &credentials, &refresh_token).unwrap()
        };
        let renew = &renew;
        let kept = thread::scope(|scope| {
            let renewals = [0, 1, 2, 3].map(|number| scope.spawn(move || renew(number)));
            renewals.map(|renewal| renewal.join().unwrap())
        });
        let ours: Vec<usize> = (0..4).filter(|&at| kept[at] == Kept::Ours).collect();
        assert_eq!(ours.len(), 1, "{kept:?}");
        let (login, _) = login_cache::read(&cache.file()).unwrap().unwrap();
        let expect = format!("refresh-{}", ours[0]);
        assert_eq!(login.refresh_token.expose_secret(), expect);
        assert_eq!(cache.count(), 1);
    }
}

#[test]
fn a_new_login_is_what_the_aws_cli_would_write() {
    let sample = sample("login/aws-cli-before.json");
    let text = fs::read_to_string(&sample).unwrap();
    let (login, _) = login_cache::read(&sample).unwrap().unwrap();
    for present in [None, Some("{"), Some("{\"refreshToken\": \"other\"}")] {
        let cache = present.map_or_else(Cache::new, Cache::with);
        assert_eq!(
            login_cache::store(&cache.file(), &login).unwrap(),
            Kept::Ours
        );
        assert_eq!(cache.text(), text);
    }
    let bare = Login {
        account_id: None,
        token_type: None,
        id_token: None,
        sign_in_region: Some("eu-west-1".to_owned()),
        ..login
    };
    let cache = Cache::new();
    login_cache::store(&cache.file(), &bare).unwrap();
    let (read, _) = login_cache::read(&cache.file()).unwrap().unwrap();
    assert!(read.account_id.is_none() && read.id_token.is_none());
    assert_eq!(read.sign_in_region.as_deref(), Some("eu-west-1"));
}

#[test]
fn a_cache_that_cannot_be_written_is_named() {
    let cache = Cache::new();
    fs::write(cache.0.path().join("cache"), "").unwrap();
    let token = SharedToken {
        start_url: START_URL,
        region: "eu-west-1",
        access_token: &"token".into(),
        expires_at: ENDS,
    };
    let error = sso_cache::publish(&cache.file(), &token, 0).unwrap_err();
    assert!(error.to_string().contains("cache/token.json"), "{error}");

    let text = fs::read_to_string(sample("login/aws-cli-before.json")).unwrap();
    let cache = Cache::with(&text.replace("\"refreshToken\": \"old-refresh-token\", ", ""));
    let version = Version::from_text({
        use sha2::Digest as _;
        data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(cache.text()))
    });
    let (credentials, refresh_token) = renewed();
    let error =
        login_cache::renew(&cache.file(), &version, &credentials, &refresh_token).unwrap_err();
    assert!(matches!(error, RenewError::NotALogin(_)), "{error}");
    assert!(error.to_string().contains("has no refreshToken"), "{error}");
}
