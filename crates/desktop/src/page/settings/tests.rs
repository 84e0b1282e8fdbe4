//! The settings as the page shows and changes them.

use super::*;
use std::fs;

const FILE: &str = "# mine\n[sessions]\nnotice-minutes = [30] # early\n\n[network]\nhttps-proxy = \"http://me:sesame@proxy:3128\"\n";

fn file(text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    fs::write(&file, text).unwrap();
    (folder, file)
}

#[test]
fn a_missing_file_has_the_defaults() {
    let folder = tempfile::tempdir().unwrap();
    let page = SettingsPage::load(&folder.path().join("config.toml"), Some("os"), &[]);
    assert_eq!(page.broken, None);
    assert_eq!(page.keychain_in_use, None);
    assert_eq!(page.values.mfa_duration_seconds, 43_200);
    assert_eq!(page.values.notice_minutes, [15, 5]);
    assert_eq!(page.values.theme, Theme::System);
}

#[test]
fn one_line_changes_and_comments_stay() {
    for (key, value, before, after) in [
        (
            "sessions.notice-minutes",
            SettingValue::Numbers(vec![20, 10]),
            "[30] # early",
            "[20, 10] # early",
        ),
        (
            "network.https-proxy",
            SettingValue::Text(" http://other:1 ".to_owned()),
            "http://me:sesame@proxy:3128",
            "http://other:1",
        ),
        (
            "network.https-proxy",
            SettingValue::Text(String::new()),
            "https-proxy = \"http://me:sesame@proxy:3128\"\n",
            "",
        ),
    ] {
        let (_folder, file) = file(FILE);
        set(&file, key, value).unwrap();
        assert_eq!(
            fs::read_to_string(&file).unwrap(),
            FILE.replace(before, after)
        );
    }
}

#[test]
fn what_does_not_do_is_refused_and_nothing_is_written() {
    for (text, key, value, expect) in [
        (
            FILE,
            "sessions.mfa-duration-seconds",
            SettingValue::Number(5),
            "900 to 129600",
        ),
        (
            FILE,
            "sessions.nothing",
            SettingValue::Number(5),
            "cannot be set",
        ),
        (
            FILE,
            "network.https-proxy",
            SettingValue::Text("http://me:•••@proxy".to_owned()),
            "Type the whole URL",
        ),
        (
            "[sessions\n",
            "app.theme",
            SettingValue::Text("dark".to_owned()),
            "line 1",
        ),
    ] {
        let (_folder, file) = file(text);
        let message = set(&file, key, value).unwrap_err().message;
        assert!(message.contains(expect), "{message}");
        assert_eq!(fs::read_to_string(&file).unwrap(), text);
    }
}

#[test]
fn a_broken_file_is_named_with_its_line_and_the_page_has_defaults() {
    let (_folder, file) = file("[app]\ntheme = \"dark\"\ncolour = 1\n");
    let page = SettingsPage::load(&file, None, &[]);
    let message = page.broken.unwrap().message;
    assert!(
        message.contains("config.toml") && message.contains("line 3"),
        "{message}"
    );
    assert_eq!(page.values.theme, Theme::System);
}

#[test]
fn no_password_is_shown() {
    for (url, expect) in [
        ("http://me:sesame@proxy:3128", "http://me:•••@proxy:3128"),
        ("http://me:se@same@proxy/x@y", "http://me:•••@proxy/x@y"),
        ("https://proxy:3128", "https://proxy:3128"),
        ("http://me@proxy", "http://me@proxy"),
        ("", ""),
    ] {
        assert_eq!(proxy::shown(url), expect);
    }
    let (_folder, file) = file(FILE);
    assert!(!format!("{:?}", SettingsPage::load(&file, None, &[])).contains("sesame"));
}

#[test]
fn pinning_keeps_the_order_and_names_nobody_twice() {
    let (_folder, file) = file("[app]\npinned = [\"a\", \"b\"]\n");
    pin(&file, "c", true).unwrap();
    pin(&file, "a", true).unwrap();
    pin(&file, "b", false).unwrap();
    assert_eq!(Settings::load(&file).unwrap().app.pinned, ["c", "a"]);
}
