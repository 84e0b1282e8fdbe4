//! `holdfast clone`.

use crate::environment::Environment;
use crate::fake_agent::{Answer, FakeAgent, credentials, now};
use crate::terminal::OnTerminal;
use holdfast_agent_proto::{Reply, Request};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

fn start(environment: &Environment) -> FakeAgent {
    FakeAgent::start(environment, |request| match request {
        Request::Credentials { .. } => Answer::Reply(credentials(Some(now() + 3600))),
        Request::RepositoryEndpoint { .. } => Answer::Reply(Reply::RepositoryEndpoint {
            host: "git-codecommit.eu-west-1.amazonaws.com".to_owned(),
            profile: Some("dev".to_owned()),
        }),
        _ => Answer::Close,
    })
}

/// Puts a program of this name in front of all others.
fn program(environment: &mut Environment, name: &str, script: &str) {
    let path = environment.install(name);
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// A repository on this disk, to which every `codecommit://` URL leads.
fn serve(environment: &mut Environment) {
    let source = environment.at("source");
    fs::create_dir_all(&source).unwrap();
    let commit = "git init --quiet --initial-branch=main . && echo hello > a.txt && git add . && \
                  git -c user.name=Jo -c user.email=jo@example.com commit --quiet -m a";
    let made = environment
        .program("sh")
        .args(["-c", commit])
        .current_dir(&source)
        .status();
    assert!(made.unwrap().success());
    let script = format!("exec git remote-ext \"$1\" 'git %s {}'", source.display());
    program(environment, "git-remote-codecommit", &script);
}

#[test]
fn a_clone_shows_how_far_it_is_and_where_it_ended() {
    let mut environment = Environment::new();
    serve(&mut environment);
    let agent = start(&environment);
    let mut terminal = OnTerminal::start(&environment, &["clone", "dev", "app"]);
    terminal
        .expect("%  Receiving objects")
        .expect("Cloned into app.");
    assert_eq!(terminal.end().0, 0);
    assert_eq!(environment.read("app/a.txt"), "hello\n");
    let origin = Command::new("git")
        .args([
            "-C",
            environment.at("app").to_str().unwrap(),
            "remote",
            "get-url",
            "origin",
        ])
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8_lossy(&origin.stdout).trim(),
        "codecommit::eu-west-1://dev@app"
    );
    drop(agent);
}

#[test]
fn without_a_terminal_only_the_end_is_said() {
    let mut environment = Environment::new();
    serve(&mut environment);
    let _agent = start(&environment);
    let ran = environment.run(&["clone", "dev", "app", "else/where"]);
    assert_eq!(ran.stdout(), "Cloned into else/where.\n");
    assert!(environment.at("else/where/a.txt").exists());
}

#[test]
fn what_cannot_be_cloned_is_said_and_nothing_is_lost() {
    let mut environment = Environment::new();
    program(
        &mut environment,
        "git-remote-codecommit",
        "echo \"fatal: repository 'https://x/v1/repos/app/' not found\" >&2; exit 1",
    );
    let _agent = start(&environment);
    environment.write("taken/mine.txt", "mine");
    for (arguments, status, expect) in [
        (
            &["clone", "dev", "app"][..],
            1,
            "holdfast: app at git-codecommit.eu-west-1.amazonaws.com with profile dev: there is no such repository, or \
             the profile's account is another one\n",
        ),
        (
            &["clone", "dev", "app", "taken"],
            2,
            "taken is there already and is not an empty folder",
        ),
        (&["clone", "dev", ""], 2, "repository"),
        (&["clone", "dev", "a b"], 2, "repository"),
        (&["clone", "dev", ".."], 2, "repository"),
        (&["clone", "dev", &"x".repeat(101)], 2, "repository"),
    ] {
        let ran = environment.run(arguments);
        assert_eq!(ran.status, status, "{arguments:?} {ran:?}");
        assert!(ran.stderr.contains(expect), "{arguments:?} {ran:?}");
    }
    assert!(!environment.at("app").exists());
    assert_eq!(environment.read("taken/mine.txt"), "mine");
}
