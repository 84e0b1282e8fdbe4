//! Clone commands and the git configuration they bring.

use holdfast_codecommit::git_config::{helper_command, settings, url_patterns, url_patterns_of};
use holdfast_codecommit::shell::QuoteError;
use holdfast_codecommit::{CloneCommand, GitHost, Partition, Region, RepositoryName, Shell};

fn region() -> Region {
    Region::parse("eu-west-1").expect("a Region")
}

fn repository() -> RepositoryName {
    RepositoryName::parse("myRepository").expect("a name")
}

#[test]
fn the_codecommit_form_is_short() {
    let command = CloneCommand::codecommit(&region(), "dev", &repository());
    let expect = "git clone codecommit::eu-west-1://dev@myRepository";
    assert_eq!(command.text(Shell::Posix).as_deref(), Ok(expect));
    assert_eq!(command.text(Shell::PowerShell).as_deref(), Ok(expect));
    let hostile = CloneCommand::codecommit(&region(), "a b'$(id)\u{2019};x", &repository());
    for shell in [Shell::Posix, Shell::PowerShell] {
        assert_eq!(
            hostile.text(shell).as_deref(),
            Ok("git clone codecommit::eu-west-1://a%20b%27%24%28id%29%E2%80%99%3Bx@myRepository")
        );
    }
}

#[test]
fn the_https_form_carries_its_configuration() {
    let host = GitHost::public(region());
    let command = CloneCommand::https(
        &host,
        "dev team",
        &repository(),
        "/opt/hold fast/git-credential-holdfast",
        "/opt/hold fast/holdfast",
    )
    .unwrap();
    let base = "https://git-codecommit.eu-west-1.amazonaws.com";
    assert_eq!(
        command.arguments(),
        [
            "git",
            "clone",
            "--config",
            &format!("credential.{base}.helper="),
            "--config",
            &format!(
                "credential.{base}.helper=/opt/hold\\ fast/git-credential-holdfast --profile dev\\ team"
            ),
            "--config",
            &format!("credential.{base}.useHttpPath=true"),
            "--config",
            &format!("http.{base}.proactiveAuth=basic"),
            "--config",
            &format!("http.{base}.emptyAuth=false"),
            "--config",
            "alias.mfa=!/opt/hold\\ fast/holdfast login dev\\ team",
            &format!("{base}/v1/repos/myRepository"),
        ]
    );
    let text = command.text(Shell::Posix).unwrap();
    assert!(text.contains(" 'alias.mfa=!/opt/hold\\ fast/holdfast login dev\\ team' "));
    assert!(text.starts_with(&format!(
        "git clone --config credential.{base}.helper= --config '"
    )));
}

#[test]
fn a_profile_that_looks_like_an_option_is_none() {
    let host = GitHost::public(region());
    let command = CloneCommand::https(&host, "--all", &repository(), "/h", "/c").unwrap();
    assert!(
        command
            .arguments()
            .contains(&"alias.mfa=!/c login -- --all".to_owned())
    );
}

#[test]
fn control_characters_are_refused() {
    let host = GitHost::public(region());
    for profile in ["a\nb", "a\rb", "a\u{1b}[2Jb", "\0", "a\u{85}"] {
        let command = CloneCommand::https(&host, profile, &repository(), "/h", "/c");
        assert_eq!(command, Err(QuoteError::ControlCharacter), "{profile:?}");
        for shell in [Shell::Posix, Shell::PowerShell] {
            assert_eq!(shell.quote(profile), Err(QuoteError::ControlCharacter));
        }
    }
}

#[test]
fn arguments_are_quoted_for_each_shell() {
    // argument, POSIX, PowerShell (None: refused)
    let cases = [
        ("plain", "plain", Some("plain")),
        ("--config", "--config", Some("--config")),
        ("a=b:c@d%e+f", "a=b:c@d%e+f", Some("a=b:c@d%e+f")),
        ("", "''", Some("''")),
        ("a b", "'a b'", Some("'a b'")),
        ("it's", "'it'\\''s'", Some("'it''s'")),
        ("a\u{2019}b", "'a\u{2019}b'", Some("'a\u{2019}\u{2019}b'")),
        ("$HOME", "'$HOME'", Some("'$HOME'")),
        ("`id`", "'`id`'", Some("'`id`'")),
        ("a,b", "'a,b'", Some("'a,b'")),
        ("-x", "'-x'", Some("'-x'")),
        ("@args", "'@args'", Some("'@args'")),
        ("%x", "'%x'", Some("'%x'")),
        ("=ls", "'=ls'", Some("'=ls'")),
        ("~", "'~'", Some("'~'")),
        ("#x", "'#x'", Some("'#x'")),
        ("!x", "'!x'", Some("'!x'")),
        ("a*", "'a*'", Some("'a*'")),
        ("a\"b", "'a\"b'", None),
        ("a\\", "'a\\'", None),
        ("a\\b", "'a\\b'", Some("'a\\b'")),
    ];
    for (argument, posix, powershell) in cases {
        assert_eq!(Shell::Posix.quote(argument).as_deref(), Ok(posix));
        assert_eq!(
            Shell::PowerShell.quote(argument).ok().as_deref(),
            powershell,
            "{argument}"
        );
    }
}

#[test]
fn helper_commands_stay_absolute_paths() {
    let cases = [
        (
            "/usr/bin/git-credential-holdfast",
            None,
            "/usr/bin/git-credential-holdfast",
        ),
        ("/a b/h", Some("p"), "/a\\ b/h --profile p"),
        ("C:/Program Files/h.exe", None, "C:/Program\\ Files/h.exe"),
        ("/h", Some("$(id)"), "/h --profile \\$\\(id\\)"),
        ("/h", Some("it's"), "/h --profile it\\'s"),
        ("/h", Some(""), "/h --profile ''"),
    ];
    for (program, profile, expect) in cases {
        assert_eq!(helper_command(program, profile).as_deref(), Ok(expect));
    }
}

#[test]
fn patterns_cover_every_endpoint_of_a_partition() {
    assert_eq!(
        url_patterns(Partition::AwsCn),
        [
            "https://git-codecommit.*.amazonaws.com.cn",
            "https://git-codecommit-fips.*.amazonaws.com.cn",
            "https://*.git-codecommit.*.vpce.amazonaws.com.cn",
            "https://*.git-codecommit-fips.*.vpce.amazonaws.com.cn",
        ]
    );
    assert_eq!(
        url_patterns(Partition::Aws),
        url_patterns(Partition::AwsUsGov)
    );
    assert_eq!(url_patterns_of(&Partition::ALL).len(), 28);
}

#[test]
fn the_reset_comes_before_the_helper() {
    let keys_and_values = settings("https://h", "/x").map(|s| format!("{}={}", s.key, s.value));
    assert_eq!(
        keys_and_values,
        [
            "credential.https://h.helper=",
            "credential.https://h.helper=/x",
            "credential.https://h.useHttpPath=true",
            "http.https://h.proactiveAuth=basic",
            "http.https://h.emptyAuth=false",
        ]
    );
}
