//! What an edit does to the file: the value, and nothing else.

use holdfast_settings::{PortalSettings, Settings, SettingsError, SettingsFile, Theme, Value};
use proptest::prelude::*;
use std::path::{Path, PathBuf};

const WRITTEN: &str = "\
# Mine.

[app] # looks
theme   =   'light' # at day
pinned = [
  'a', # first
]

[sessions]
notice-minutes=[ 15,5 ]
";

/// A file in a folder of its own.
struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new(text: Option<&str>) -> Self {
        let desk = Self {
            folder: tempfile::tempdir().expect("a folder"),
        };
        if let Some(text) = text {
            std::fs::write(desk.file(), text).expect("a file");
        }
        desk
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("config.toml")
    }

    fn text(&self) -> String {
        std::fs::read_to_string(self.file()).expect("the file is there")
    }

    fn load(&self) -> SettingsFile {
        SettingsFile::load(&self.file()).expect("the file is valid")
    }
}

#[test]
fn only_the_value_changes() {
    let cases: &[(&str, &str, Value, &str)] = &[
        (
            WRITTEN,
            "app.theme",
            "dark".into(),
            &WRITTEN.replace("'light'", "\"dark\""),
        ),
        (
            WRITTEN,
            "sessions.notice-minutes",
            vec![30, 5].into(),
            &WRITTEN.replace("[ 15,5 ]", "[30, 5]"),
        ),
        (
            WRITTEN,
            "sessions.mfa-duration-seconds",
            3600.into(),
            &format!("{WRITTEN}mfa-duration-seconds = 3600\n"),
        ),
        (
            WRITTEN,
            "prompts.background",
            "popup".into(),
            &format!("{WRITTEN}\n[prompts]\nbackground = \"popup\"\n"),
        ),
        (
            "",
            "prompts.background",
            "popup".into(),
            "[prompts]\nbackground = \"popup\"\n",
        ),
        (
            "app = { theme = 'dark' } # x\n",
            "app.theme",
            "light".into(),
            "app = { theme = \"light\" } # x\n",
        ),
        (
            "app.theme = 'dark'\n",
            "app.clone-style",
            "https".into(),
            "app.theme = 'dark'\napp.clone-style = \"https\"\n",
        ),
        (
            "\u{feff}[app]\r\ntheme = 'dark' # y\r\n# end\r\n",
            "app.theme",
            "light".into(),
            "\u{feff}[app]\r\ntheme = \"light\" # y\r\n# end\r\n",
        ),
    ];
    for (text, key, value, expect) in cases {
        let desk = Desk::new(Some(text));
        let mut file = desk.load();
        file.set(key, value.clone()).unwrap();
        file.save().unwrap();
        assert_eq!(desk.text(), *expect, "{key}");
        assert_eq!(&Settings::load(&desk.file()).unwrap(), file.settings());
    }
}

#[test]
fn a_value_can_be_taken_back() {
    let desk = Desk::new(Some(WRITTEN));
    let mut file = desk.load();
    file.unset("app.theme").unwrap();
    file.unset("app.clone-style").unwrap();
    file.save().unwrap();
    let expect = WRITTEN.replace("theme   =   'light' # at day\n", "");
    assert_eq!(desk.text(), expect);
    assert_eq!(file.settings().app.theme, Theme::System);
}

#[test]
fn a_portal_changes_where_the_file_names_it() {
    const CORP: &str = "https://corp.awsapps.com/start";
    let other = "# a\n[portals.'https://other.awsapps.com/start'] # b\nbrowser = 'copy-link'\n";
    let cases: &[(&str, &str, Value, &str)] = &[
        (
            "",
            "publish-token",
            true.into(),
            "[portals.\"https://corp.awsapps.com/start\"]\npublish-token = true\n",
        ),
        (
            other,
            "browser",
            ["firefox", "-P", "work"].map(str::to_owned).to_vec().into(),
            &format!("{other}\n[portals.\"{CORP}\"]\nbrowser = [\"firefox\", \"-P\", \"work\"]\n"),
        ),
        (
            "[portals.'https://corp.awsapps.com/start/#/']\nbrowser = [ 'x' ]   # mine\n[app]\n",
            "browser",
            "default".into(),
            "[portals.'https://corp.awsapps.com/start/#/']\nbrowser = \"default\"   # mine\n[app]\n",
        ),
        (
            "[portals]\n'https://corp.awsapps.com/start' = { accept-aws-cli-token = false } # mine\n",
            "publish-token",
            true.into(),
            "[portals]\n'https://corp.awsapps.com/start' = { accept-aws-cli-token = false , publish-token = true } # mine\n",
        ),
        (
            "portals = {}\n",
            "publish-token",
            true.into(),
            "portals = { \"https://corp.awsapps.com/start\".publish-token = true }\n",
        ),
    ];
    for (text, name, value, expect) in cases {
        let desk = Desk::new(Some(text));
        let mut file = desk.load();
        file.set_portal(&format!("{CORP}#/"), name, value.clone())
            .unwrap();
        file.save().unwrap();
        assert_eq!(desk.text(), *expect);
        assert_eq!(&Settings::load(&desk.file()).unwrap(), file.settings());
        file.unset_portal(CORP, name).unwrap();
        file.unset_portal("https://third.awsapps.com/start", name)
            .unwrap();
        file.save().unwrap();
        let left = Settings::load(&desk.file()).unwrap();
        assert_eq!(left.portal(CORP), &PortalSettings::default(), "{text}");
    }
}

#[test]
fn what_does_not_do_is_not_set_for_a_portal() {
    let desk = Desk::new(Some(WRITTEN));
    let mut file = desk.load();
    let corp = "https://corp.awsapps.com/start";
    let cases: &[(&str, &str, Value, &str)] = &[
        (
            corp,
            "browser",
            Vec::<String>::new().into(),
            "without a program",
        ),
        (corp, "browser", "firefox".into(), "a command as a list"),
        (corp, "colour", true.into(), "unknown field `colour`"),
        (corp, "publish-token", "yes".into(), "expected a boolean"),
        ("http://corp", "publish-token", true.into(), "https://"),
    ];
    for (url, name, value, words) in cases {
        let error = file
            .set_portal(url, name, value.clone())
            .unwrap_err()
            .to_string();
        assert!(error.contains("cannot be set: "), "{error}");
        assert!(error.contains(words), "{error}");
    }
    file.save().unwrap();
    assert_eq!(desk.text(), WRITTEN);
}

#[test]
fn what_does_not_do_is_not_set() {
    let desk = Desk::new(Some(WRITTEN));
    let mut file = desk.load();
    let cases: &[(&str, Value, &str)] = &[
        ("sessions.mfa-duration-seconds", 10.into(), "900 to 129600"),
        ("app.theme", "pink".into(), "expected one of `system`"),
        ("app.theme", 5.into(), "wanted string"),
        ("app.colour", "pink".into(), "unknown field `colour`"),
        ("theme", "dark".into(), "no section"),
    ];
    for (key, value, words) in cases {
        let error = file.set(key, value.clone()).unwrap_err().to_string();
        let start = format!("{key} cannot be set: ");
        assert!(error.starts_with(&start), "{error}");
        assert!(error.contains(words), "{error}");
    }
    file.save().unwrap();
    assert_eq!(desk.text(), WRITTEN);
    assert_eq!(file.settings().app.theme, Theme::Light);
}

#[test]
fn a_file_that_cannot_be_understood_is_not_touched() {
    let desk = Desk::new(Some("[app]\ntheme = \n"));
    let error = SettingsFile::load(&desk.file()).unwrap_err();
    assert!(matches!(
        error,
        SettingsError::Invalid { line: Some(2), .. }
    ));
}

#[test]
fn a_change_by_somebody_else_is_kept() {
    for before in [Some(WRITTEN), None] {
        let desk = Desk::new(before);
        let mut file = desk.load();
        file.set("app.theme", "dark").unwrap();
        std::fs::write(desk.file(), "# theirs\n").unwrap();
        let error = file.save().unwrap_err();
        assert!(matches!(error, SettingsError::Changed { .. }), "{error}");
        assert_eq!(desk.text(), "# theirs\n");
        let left = std::fs::read_dir(desk.folder.path()).unwrap().count();
        assert_eq!(left, 1, "nothing lies beside it");
    }
}

#[test]
fn a_new_file_gets_its_folder() {
    let desk = Desk::new(None);
    let path = desk.folder.path().join("a/b/config.toml");
    let mut file = SettingsFile::load(&path).unwrap();
    file.save().unwrap();
    assert!(!path.exists(), "nothing was set");
    file.set("app.pinned", vec!["dev".to_owned()]).unwrap();
    file.save().unwrap();
    file.set("app.theme", "dark").unwrap();
    file.save().unwrap();
    assert_eq!(
        std::fs::read_to_string(&path).unwrap(),
        "[app]\npinned = [\"dev\"]\ntheme = \"dark\"\n"
    );
}

#[cfg(unix)]
#[test]
fn the_file_is_private_and_a_link_stays_a_link() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::new(None);
    let real = desk.folder.path().join("dotfiles.toml");
    std::fs::write(&real, WRITTEN).unwrap();
    std::os::unix::fs::symlink(&real, desk.file()).unwrap();
    let mut file = desk.load();
    file.set("app.theme", "dark").unwrap();
    file.save().unwrap();
    let metadata = |path: &Path| std::fs::symlink_metadata(path).unwrap();
    assert!(metadata(&desk.file()).file_type().is_symlink());
    assert_eq!(metadata(&real).permissions().mode() & 0o777, 0o600);
    assert!(desk.text().contains("\"dark\""));
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let path = Path::new("/dev/null/config.toml");
    let mut file = match SettingsFile::load(path) {
        Ok(file) => file,
        Err(error) => {
            assert!(error.to_string().contains("/dev/null/config.toml"));
            return;
        }
    };
    file.set("app.theme", "dark").unwrap();
    let error = file.save().unwrap_err();
    assert!(error.to_string().contains("/dev/null/config.toml"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn other_lines_survive_every_edit(
        comment in "[ -~]{0,30}",
        pinned in prop::collection::vec("[^\u{0}-\u{1f}\u{7f}]{1,12}", 0..4),
        minutes in prop::collection::vec(1..720_u32, 0..5),
    ) {
        let text = format!("# {comment}\n[network]\nno-proxy = 'x'   # {comment}\n");
        let desk = Desk::new(Some(&text));
        let mut file = desk.load();
        file.set("app.pinned", pinned.clone()).unwrap();
        file.set("sessions.notice-minutes", minutes.clone()).unwrap();
        file.save().unwrap();
        prop_assert!(desk.text().starts_with(&text));
        let again = Settings::load(&desk.file()).unwrap();
        prop_assert_eq!(again.app.pinned, pinned);
        prop_assert_eq!(again.sessions.notice_minutes, minutes);
    }
}
