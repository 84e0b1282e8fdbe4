//! `holdfast doctor`: every finding on a machine that has it, and none where nothing is wrong.

use crate::environment::{Environment, Ran};
use crate::fake_agent::{Answer, FakeAgent, status};
use crate::terminal::OnTerminal;
use holdfast_agent_proto::view::{
    KeychainState, ProblemView, ProfileView, RepositoryView, SourceView, StatusView,
};
use holdfast_agent_proto::{AgentError, ErrorCode, Reply, Request};
use std::fs;
use std::os::unix::fs::PermissionsExt;

const HOST: &str = "git-codecommit.eu-west-1.amazonaws.com";

fn profile(name: &str, region: &str) -> ProfileView {
    ProfileView {
        name: name.to_owned(),
        region: Some(region.to_owned()),
        source: Some(SourceView {
            kind: "access-key".to_owned(),
            title: name.to_owned(),
            account_id: None,
        }),
        ..ProfileView::default()
    }
}

fn well() -> StatusView {
    StatusView {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        ..status()
    }
}

fn start(environment: &Environment, status: StatusView, profiles: Vec<ProfileView>) -> FakeAgent {
    FakeAgent::start(environment, move |request| match request {
        Request::Status => Answer::Reply(Reply::Status(status.clone())),
        Request::Profiles => Answer::Reply(Reply::Profiles {
            profiles: profiles.clone(),
            more: false,
        }),
        Request::RememberedProfile { path, .. } => Answer::Reply(Reply::RememberedProfile {
            profile: path.ends_with("/remembered").then(|| "ops".to_owned()),
        }),
        Request::Repositories { profile, .. } if profile.starts_with("dev") => {
            Answer::Reply(Reply::Repositories {
                repositories: vec![RepositoryView {
                    name: "app".to_owned(),
                    ..RepositoryView::default()
                }],
                fetched_at: 0,
                more: false,
            })
        }
        Request::Repositories { .. } => Answer::Error(AgentError::new(
            ErrorCode::Denied,
            "user ops may not call codecommit:ListRepositories",
        )),
        _ => Answer::Close,
    })
}

/// A machine on which nothing is wrong: programs installed, git set up, a profile in the Region in use.
fn healthy() -> Environment {
    let mut environment = Environment::new();
    for name in ["git-credential-holdfast", "git-remote-codecommit"] {
        let program = environment.executable().with_file_name(name);
        fs::write(&program, "#!/bin/sh\nexit 0\n").unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let programs = environment.executable();
    environment.prefer(programs.parent().unwrap());
    environment.write(".aws/config", "[profile dev]\nregion = eu-west-1\n");
    let ran = environment.run(&["git", "setup", "--yes"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    environment
}

fn git(environment: &Environment, arguments: &[&str]) {
    let status = environment.program("git").args(arguments).status().unwrap();
    assert!(status.success(), "git {arguments:?}");
}

/// Makes the home folder a repository with this remote.
fn with_remote(environment: &Environment, url: &str) {
    git(environment, &["init", "--quiet"]);
    git(environment, &["remote", "add", "origin", url]);
}

fn examined(environment: &Environment) -> (Ran, Vec<serde_json::Value>) {
    let ran = environment.run(&["doctor", "--json"]);
    let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let findings = document["findings"].as_array().unwrap().clone();
    (ran, findings)
}

/// The finding of a check whose words contain this.
#[track_caller]
fn finding(findings: &[serde_json::Value], check: &str, what: &str) -> serde_json::Value {
    let is_meant = |finding: &&serde_json::Value| {
        finding["check"] == check && finding["what"].as_str().unwrap().contains(what)
    };
    let found = findings.iter().find(is_meant);
    found
        .unwrap_or_else(|| panic!("no {check} with {what} in {findings:#?}"))
        .clone()
}

#[test]
fn where_nothing_is_wrong_it_says_so() {
    let environment = healthy();
    let _agent = start(&environment, well(), vec![profile("dev", "eu-west-1")]);
    let ran = environment.run(&["doctor"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(!ran.stdout.contains("problem"), "{ran:?}");
    assert!(!ran.stdout.contains("warning"), "{ran:?}");
    let all = environment.run(&["doctor", "--all"]).stdout;
    for good in [
        "the agent runs",
        "the keychain (os) answers",
        "the clock of this machine agrees",
        "AWS answers",
        "Holdfast answers for",
        "serves codecommit:// URLs",
    ] {
        assert!(all.contains(good), "{good} in {all}");
    }
}

#[test]
fn a_helper_of_somebody_else_is_found_where_it_is_configured_and_mended() {
    let environment = healthy();
    git(
        &environment,
        &[
            "config",
            "--global",
            "--remove-section",
            "credential.https://git-codecommit.*.amazonaws.com",
        ],
    );
    git(
        &environment,
        &[
            "config",
            "--global",
            "credential.helper",
            "!aws codecommit credential-helper $@",
        ],
    );
    let _agent = start(&environment, well(), vec![profile("dev", "eu-west-1")]);
    let (ran, findings) = examined(&environment);
    assert_eq!(ran.status, 1);
    let found = finding(
        &findings,
        "credential-helper",
        "!aws codecommit credential-helper $@ answers for",
    );
    assert_eq!(found["severity"], "problem");
    assert!(
        found["place"].as_str().unwrap().ends_with(".gitconfig"),
        "{found}"
    );
    assert!(found["breaks"].as_str().unwrap().contains("403"), "{found}");
    assert!(
        found["mend"]
            .as_str()
            .unwrap()
            .starts_with("make Holdfast the credential helper"),
        "{found}"
    );

    let before = environment.read(".gitconfig");
    let mut terminal = OnTerminal::start(&environment, &["doctor", "--fix"]);
    terminal
        .expect("Do this?")
        .enter("n\n")
        .expect("Left as it is.");
    assert_eq!(terminal.end().0, 1);
    assert_eq!(environment.read(".gitconfig"), before);

    let ran = environment.run(&["doctor", "--fix", "--yes"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let (ran, _) = examined(&environment);
    assert_eq!(ran.status, 0, "{ran:?}");
}

#[test]
fn a_user_in_a_url_is_taken_out_and_nothing_else_changes() {
    let environment = healthy();
    with_remote(
        &environment,
        &format!("https://jo-at-111122223333@{HOST}/v1/repos/app"),
    );
    let _agent = start(&environment, well(), vec![profile("dev", "eu-west-1")]);
    let (_, findings) = examined(&environment);
    let found = finding(
        &findings,
        "remote-url",
        "remote.origin.url names the user jo-at-111122223333",
    );
    assert_eq!(found["severity"], "problem");
    assert!(
        found["advice"][0]
            .as_str()
            .unwrap()
            .contains("static Git credentials"),
        "{found}"
    );
    let ran = environment.run(&["doctor", "--fix", "--yes"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let url = environment
        .program("git")
        .args(["remote", "get-url", "origin"])
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8_lossy(&url.stdout).trim(),
        format!("https://{HOST}/v1/repos/app")
    );
}

#[test]
fn a_stored_password_is_found_and_forgotten_and_others_are_kept() {
    let environment = healthy();
    with_remote(&environment, &format!("https://{HOST}/v1/repos/app"));
    let stored = format!("https://AKIA:S3CRET@{HOST}\nhttps://jo:mine@example.com\n");
    environment.write(".git-credentials", &stored);
    git(
        &environment,
        &[
            "config",
            "--global",
            "--add",
            "credential.https://example.com.helper",
            "store",
        ],
    );
    let _agent = start(&environment, well(), vec![profile("dev", "eu-west-1")]);
    let (_, findings) = examined(&environment);
    let found = finding(
        &findings,
        "stored-password",
        &format!("store holds a password for {HOST}"),
    );
    assert_eq!(found["severity"], "problem");
    let ran = environment.run(&["doctor", "--fix", "--yes"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(!ran.stdout.contains("S3CRET"), "{ran:?}");
    assert_eq!(
        environment.read(".git-credentials"),
        "https://jo:mine@example.com\n"
    );
}

#[test]
fn a_program_that_a_repository_brings_along_is_named_and_not_run() {
    let environment = healthy();
    with_remote(&environment, &format!("https://{HOST}/v1/repos/app"));
    let program = environment.at("git-credential-store");
    fs::write(&program, "#!/bin/sh\ntouch \"$HOME/was-run\"\n").unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let program = program.to_str().unwrap();
    git(&environment, &["config", "credential.helper", program]);
    // A name for which git has no program may be an alias of the repository.
    let alias = "!touch \"$HOME/was-run\"; true";
    git(&environment, &["config", "alias.credential-wincred", alias]);
    git(
        &environment,
        &["config", "--add", "credential.helper", "wincred"],
    );
    let _agent = start(&environment, well(), vec![profile("dev", "eu-west-1")]);
    let (_, findings) = examined(&environment);
    let what = format!("the repository itself names the program {program}, which was not run");
    assert_eq!(
        finding(&findings, "stored-password", &what)["severity"],
        "note"
    );
    assert!(!environment.at("was-run").exists());
}

#[test]
fn what_is_wrong_with_the_agent_is_said() {
    let environment = healthy();
    let mut view = well();
    view.version = "0.0.1".to_owned();
    view.locked = true;
    view.online = Some(false);
    view.clock_offset_seconds = -1_200;
    view.keychain.state = KeychainState::Absent;
    view.warnings = vec!["the disk is full".to_owned()];
    let mut broken = profile("broken", "eu-west-1");
    broken.source = None;
    broken.problems = vec![ProblemView {
        file: Some("/home/jo/.aws/config".into()),
        line: Some(7),
        message: "profile broken: role_arn without source_profile".to_owned(),
    }];
    let _agent = start(
        &environment,
        view,
        vec![profile("dev", "eu-west-1"), broken],
    );
    let (ran, findings) = examined(&environment);
    assert_eq!(ran.status, 1);
    for (check, severity, what) in [
        ("agent", "warning", "version 0.0.1"),
        ("agent", "problem", "Holdfast is locked"),
        ("agent", "warning", "the disk is full"),
        ("keychain", "problem", "is not there"),
        ("clock", "problem", "1200 s ahead of AWS's"),
        ("network", "problem", "AWS cannot be reached"),
        ("aws-files", "problem", "role_arn without source_profile"),
    ] {
        assert_eq!(
            finding(&findings, check, what)["severity"],
            severity,
            "{what}"
        );
    }
    let place = &finding(&findings, "aws-files", "role_arn")["place"];
    assert_eq!(place, "/home/jo/.aws/config line 7");
    let worst_first: Vec<&str> = findings
        .iter()
        .map(|it| it["severity"].as_str().unwrap())
        .collect();
    let rank = |word: &&str| {
        ["problem", "warning", "note", "good"]
            .iter()
            .position(|it| it == word)
    };
    assert!(worst_first.is_sorted_by_key(rank), "{worst_first:?}");
}

#[test]
fn remotes_and_submodules_are_held_against_profiles() {
    let environment = healthy();
    with_remote(&environment, "codecommit::eu-west-1://ops@app");
    for (name, url) in [
        ("gone", "codecommit::eu-west-1://nobody@app"),
        (
            "far",
            "https://git-codecommit.us-east-2.amazonaws.com/v1/repos/app",
        ),
        ("good", "codecommit::eu-west-1://d%65v@app.git"),
        ("typed", "codecommit://dev@ap"),
        ("odd", "codecommit://dev@app/folder"),
        ("lost", "codecommit://placeless@app"),
        (
            "web",
            "https://git-codecommit.ap-south-1.amazonaws.com/v1/repos/none",
        ),
        (
            "chosen",
            "https://git-codecommit.eu-north-1.amazonaws.com/v1/repos/remembered",
        ),
    ] {
        git(&environment, &["remote", "add", name, url]);
    }
    environment.write(
        ".gitmodules",
        "[submodule \"lib\"]\n\tpath = lib\n\turl = codecommit://dev@lib\n",
    );
    let mut placeless = profile("placeless", "");
    placeless.region = None;
    let profiles = vec![
        profile("dev", "eu-west-1"),
        profile("ops", "eu-west-1"),
        profile("devops", "ap-south-1"),
        placeless,
    ];
    let _agent = start(&environment, well(), profiles);
    let (_, findings) = examined(&environment);
    for (check, severity, what) in [
        (
            "profile",
            "problem",
            "remote.lost.url names no region, and profile placeless has none",
        ),
        (
            "access",
            "problem",
            "user ops may not call codecommit:ListRepositories",
        ),
        (
            "profile",
            "problem",
            "remote.gone.url names the profile nobody",
        ),
        ("profile", "warning", "remote.far.url is in us-east-2"),
        (
            "access",
            "good",
            "profile dev reaches CodeCommit in eu-west-1",
        ),
        (
            "access",
            "problem",
            "remote.typed.url: profile dev sees no repository ap in eu-west-1",
        ),
        (
            "access",
            "problem",
            "remote.web.url: profile devops sees no repository none in ap-south-1",
        ),
        (
            "remote-url",
            "problem",
            "remote.odd.url: the codecommit URL names a repository that cannot be",
        ),
        ("submodules", "problem", "1 of this repository's submodules"),
    ] {
        assert_eq!(
            finding(&findings, check, what)["severity"],
            severity,
            "{what}"
        );
    }
    let of_remembered = findings.iter().any(|it| {
        let breaks = it["breaks"].as_str().unwrap();
        breaks.contains("with profile ops in eu-north-1")
    });
    assert!(of_remembered);
    let about_good = findings
        .iter()
        .find(|it| it["what"].as_str().unwrap().contains("remote.good.url"));
    assert_eq!(about_good, None);
}

#[test]
fn certificates_and_proxies_that_git_is_not_told_of_are_named() {
    let environment = healthy();
    let _agent = start(&environment, well(), vec![profile("dev", "eu-west-1")]);
    let found = |variables: &[(&str, &str)]| {
        let mut command = environment.holdfast(&["doctor", "--all", "--json"]);
        let ran = Ran::of(command.envs(variables.iter().copied()).output().unwrap());
        let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        let findings = document["findings"].as_array().unwrap().iter();
        let ours = findings.filter(|it| it["check"] == "certificates");
        ours.map(|it| it["what"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    const BUNDLE: (&str, &str) = ("AWS_CA_BUNDLE", "/etc/company.pem");
    assert!(found(&[]).is_empty());
    let told = found(&[BUNDLE]);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("AWS_CA_BUNDLE is set, and git is not told"));
    assert!(found(&[BUNDLE, ("GIT_SSL_CAINFO", "/etc/company.pem")]).is_empty());
    let set = ["config", "--global", "http.sslCAInfo", "/etc/company.pem"];
    git(&environment, &set);
    assert!(found(&[BUNDLE]).is_empty());
    git(
        &environment,
        &["config", "--global", "http.proxy", "http://proxy:3128"],
    );
    let told = found(&[]);
    assert!(
        told[0].starts_with("git has a proxy of its own"),
        "{told:?}"
    );
    assert!(found(&[("HTTPS_PROXY", "http://proxy:3128")]).is_empty());
}

#[test]
fn what_stands_about_on_the_disk_is_found() {
    let mut environment = healthy();
    environment.write(
        ".aws/credentials",
        "[dev]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n",
    );
    environment.write(
        ".aws/sso/cache/0123.json",
        r#"{"clientId":"x","clientSecret":"y","expiresAt":"2020-01-01T00:00:00Z"}"#,
    );
    environment.write(".config/GitHub Desktop/x", "");
    environment.install("git-remote-codecommit");
    let _agent = start(&environment, well(), vec![profile("dev", "eu-west-1")]);
    let (_, findings) = examined(&environment);
    for (check, severity, what) in [
        ("plaintext-keys", "warning", "the access key of profile dev"),
        ("registrations", "note", "has ended"),
        ("gui-client", "note", "GitHub Desktop is installed"),
        ("remote-helper", "warning", "is not Holdfast's"),
    ] {
        assert_eq!(
            finding(&findings, check, what)["severity"],
            severity,
            "{what}"
        );
    }
    let text = environment.run(&["doctor"]).stdout;
    assert!(!text.contains("wJalrXUtnFEMI"), "{text}");
}

#[test]
fn without_agent_and_git_it_still_answers() {
    let environment = Environment::new();
    let mut command = environment.holdfast(&["doctor", "--json"]);
    let setsid = environment.at("only/setsid");
    fs::create_dir_all(setsid.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink("/usr/bin/setsid", &setsid).unwrap();
    command.env("PATH", setsid.parent().unwrap());
    let output = command.output().unwrap();
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = document["findings"].as_array().unwrap();
    finding(findings, "agent", "the agent does not run");
    finding(findings, "git-version", "git is not on the PATH");
    assert_eq!(output.status.code(), Some(1));
}
