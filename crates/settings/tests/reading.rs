//! What the file may say, and how a fault in it is named.

use holdfast_settings::{
    Background, Browser, CloneStyle, DeviceCode, KeychainKind, Level, NotificationSettings,
    PortalSettings, Settings, Theme,
};
use std::path::{Path, PathBuf};

fn parse(text: &str) -> Result<Settings, String> {
    Settings::parse(Path::new("config.toml"), text).map_err(|error| error.to_string())
}

#[test]
fn an_empty_file_means_the_defaults() {
    let settings = parse("").unwrap();
    assert_eq!(settings, Settings::default());
    assert_eq!(settings.sessions.mfa_duration_seconds, 43_200);
    assert_eq!(settings.sessions.notice_minutes, [15, 5]);
    assert_eq!(settings.prompts.background, Background::Notify);
    assert_eq!(settings.prompts.decline_minutes, 5);
    let levels = NotificationSettings {
        needs_you: Level::Normal,
        expiry: Level::Normal,
        renewed: Level::Off,
        signed_out: Level::Normal,
        network: Level::Quiet,
    };
    assert_eq!(settings.notifications, levels);
    assert_eq!(settings.sso.device_code, DeviceCode::Allow);
    let portal = settings.portal("https://corp.awsapps.com/start");
    assert_eq!(portal.browser, Browser::Default);
    assert!(!portal.publish_token && !portal.accept_aws_cli_token);
}

#[test]
fn a_portal_is_found_however_its_start_url_is_written() {
    let settings = parse(
        "[portals.'https://Corp.awsapps.com/start/#/']\nbrowser = 'copy-link'\n\
         [portals.'https://other.awsapps.com/start']\npublish-token = true\n",
    )
    .unwrap();
    for (url, expect) in [
        ("https://corp.awsapps.com/start", Browser::CopyLink),
        ("https://CORP.awsapps.com/start/", Browser::CopyLink),
        ("https://corp.awsapps.com/start#/", Browser::CopyLink),
        ("https://other.awsapps.com/start", Browser::Default),
        ("https://corp.awsapps.com", Browser::Default),
        ("corp", Browser::Default),
    ] {
        assert_eq!(settings.portal(url).browser, expect, "{url}");
    }
}

#[test]
fn a_file_that_is_not_there_means_the_defaults() {
    let file = Path::new("/no/such/folder/config.toml");
    assert_eq!(Settings::load(file).unwrap(), Settings::default());
}

#[test]
fn every_key_is_read() {
    let settings = parse(
        "\u{feff}[sessions]\r\nmfa-duration-seconds = 3600\r\nnotice-minutes = [1, 30]\r\n\
         [keychain]\nkind = 'file'\n\
         [network]\nhttps-proxy = 'http://proxy:8080'\nno-proxy = 'corp'\nca-bundle = '/ca.pem'\n\
         [prompts]\nbackground = 'popup'\ndecline-minutes = 60\n\
         [sso]\ndevice-code = 'never'\n\
         [portals.'https://corp.awsapps.com/start']\nbrowser = ['firefox', '-P', 'work']\n\
         publish-token = true\naccept-aws-cli-token = true\n\
         [notifications]\nneeds-you = 'quiet'\nexpiry = 'off'\nrenewed = 'normal'\nsigned-out = 'quiet'\n\
         network = 'off'\n\
         [app]\ntheme = 'dark'\nclone-style = 'https'\npinned = ['b', 'a']\n\
         clone-folder = '/src'\neditor = ['code', '-n']\n\
         favourites = ['codecommit::eu-west-1://dev@web']\n",
    )
    .unwrap();
    assert_eq!(settings.sessions.mfa_duration_seconds, 3600);
    assert_eq!(settings.sessions.notice_minutes, [1, 30]);
    assert_eq!(settings.keychain.kind, Some(KeychainKind::File));
    let network = &settings.network;
    assert_eq!(network.https_proxy.as_deref(), Some("http://proxy:8080"));
    assert_eq!(network.no_proxy.as_deref(), Some("corp"));
    assert_eq!(network.ca_bundle, Some(PathBuf::from("/ca.pem")));
    assert_eq!(settings.prompts.background, Background::Popup);
    assert_eq!(settings.prompts.decline_minutes, 60);
    assert_eq!(settings.sso.device_code, DeviceCode::Never);
    let portal = PortalSettings {
        browser: Browser::Command(["firefox", "-P", "work"].map(str::to_owned).into()),
        publish_token: true,
        accept_aws_cli_token: true,
    };
    assert_eq!(
        *settings.portal("https://corp.awsapps.com/start/#/"),
        portal
    );
    assert_eq!(settings.notifications.needs_you, Level::Quiet);
    assert_eq!(settings.notifications.renewed, Level::Normal);
    assert_eq!(settings.app.theme, Theme::Dark);
    assert_eq!(settings.app.clone_style, CloneStyle::Https);
    assert_eq!(settings.app.clone_folder, Some(PathBuf::from("/src")));
    assert_eq!(settings.app.editor, ["code", "-n"]);
    assert_eq!(settings.app.pinned, ["b", "a"]);
    assert_eq!(settings.app.favourites, ["codecommit::eu-west-1://dev@web"]);
}

#[test]
fn faults_name_file_line_and_what_would_do() {
    let cases = [
        (
            "[sessions]\nmfa-duration = 1\n",
            2,
            "unknown field `mfa-duration`",
        ),
        (
            "\n\n[sessions]\nmfa-duration-seconds = 10\n",
            4,
            "sessions.mfa-duration-seconds is 10, but AWS allows 900 to 129600",
        ),
        (
            "sessions.notice-minutes = [15, 0]",
            1,
            "at most 8 numbers, each 1 to 720",
        ),
        (
            "# a\r\n[sessions]\r\nnotice-minutes = [1,2,3,4,5,6,7,8,9]\r\n",
            3,
            "at most 8 numbers",
        ),
        (
            "[prompts]\nbackground = 'always'\n",
            2,
            "expected one of `notify`, `popup`, `never`",
        ),
        (
            "[prompts]\n\ndecline-minutes = 0\n",
            3,
            "prompts.decline-minutes may be 1 to 1440",
        ),
        (
            "[keychain]\nkind = 'cloud'",
            2,
            "expected one of `os`, `file`, `memory`",
        ),
        (
            "[notifications]\nexpiry = 'loud'",
            2,
            "expected one of `normal`, `quiet`, `off`",
        ),
        ("[app]\npinned = ['']", 2, "a profile without a name"),
        (
            "[app]\neditor = ['', '-n']",
            2,
            "app.editor is a command without a program",
        ),
        (
            "[app]\nclone-folder = 'src'",
            2,
            "app.clone-folder is no absolute path",
        ),
        (
            "[app]\nfavourites = ['web']",
            2,
            "app.favourites names repositories like codecommit::",
        ),
        ("[network]\nca-bundle = ''", 2, "network.ca-bundle is empty"),
        (
            "[sso]\ndevice-code = 'ask'",
            2,
            "expected `allow` or `never`",
        ),
        (
            "[portals.'http://corp.awsapps.com/start']\n",
            1,
            "[portals] needs start URLs: a start URL begins with https://",
        ),
        (
            "[app]\n[portals.'https://a.example/start']\n[portals.'https:// b']\n",
            3,
            "no blanks",
        ),
        (
            "[portals.'https://a.example/start']\n\n[portals.'https://a.example/start/']\n",
            3,
            "a section for this portal already",
        ),
        (
            "[portals]\n'https://a.example/start' = { browser = [] }\n",
            2,
            "portals.….browser is a command without a program",
        ),
        (
            "[portals.'https://a.example/start']\n# b\nbrowser = ['', 'x']\n",
            3,
            "portals.….browser is a command without a program",
        ),
        (
            "[portals.'https://a.example/start']\nbrowser = 'firefox'\n",
            2,
            "expected `default`, `copy-link` or a command as a list",
        ),
        (
            "[portals.'https://a.example/start']\nbrowser = 5\n",
            2,
            "expected `default`, `copy-link` or a command as a list",
        ),
        (
            "[portals.'https://a.example/start']\nbrowser = ['firefox', 5]\n",
            2,
            "expected a string",
        ),
        (
            "[portals.'https://a.example/start']\n\npublish-tokens = true\n",
            3,
            "unknown field `publish-tokens`",
        ),
        ("portals.x.publish-token = true\n", 1, "https://"),
        ("[sessions\n", 1, ""),
        ("[colours]\n", 1, "unknown field `colours`"),
    ];
    for (text, line, words) in cases {
        let error = parse(text).unwrap_err();
        let start = format!("config.toml is not valid (line {line}): ");
        assert!(error.starts_with(&start), "{text:?}: {error}");
        assert!(error.contains(words), "{text:?}: {error}");
    }
}

#[test]
fn a_proxy_with_a_password_is_not_repeated() {
    let error = parse("[network]\nhttps-proxy = 'mary:sesame@proxy'\n").unwrap_err();
    assert!(!error.contains("sesame"), "{error}");
    assert!(error.contains("http:// or https://"), "{error}");
}

#[test]
fn a_start_url_with_a_password_is_not_repeated() {
    let error = parse("[portals.'https://mary:sesame@corp/start']\n").unwrap_err();
    assert!(!error.contains("sesame"), "{error}");
    assert!(error.contains("names no user"), "{error}");
}

#[test]
fn the_settings_in_the_manual_are_valid_and_complete() {
    let manual = include_str!("../../../docs/reference/configuration.md");
    let (_, from) = manual.split_once("```toml\n").expect("an example");
    let (example, _) = from.split_once("```").expect("its end");
    parse(example).unwrap();
    for key in [
        "mfa-duration-seconds",
        "notice-minutes",
        "kind",
        "https-proxy",
        "no-proxy",
        "ca-bundle",
        "background",
        "decline-minutes",
        "device-code",
        "browser",
        "publish-token",
        "accept-aws-cli-token",
        "needs-you",
        "expiry",
        "renewed",
        "signed-out",
        "network",
        "theme",
        "clone-style",
        "clone-folder",
        "editor",
        "pinned",
        "favourites",
    ] {
        assert!(example.contains(&format!("\n{key} = ")), "{key}");
    }
}
