//! `holdfast console`.

use crate::environment::{Environment, executable};
use crate::fake_agent::{Answer, FakeAgent, now};
use holdfast_agent_proto::{AgentError, ErrorCode, Reply, Request};
use std::fs;

const LINK: &str = "https://eu-west-1.signin.aws.amazon.com/federation?SigninToken=SECRET";

fn start(environment: &Environment) -> FakeAgent {
    let expires_at = now() + 3_600;
    FakeAgent::start(environment, move |request| match request {
        Request::ConsoleLink { .. } => Answer::Reply(Reply::ConsoleLink {
            url: LINK.to_owned().into(),
            expires_at,
        }),
        _ => Answer::Close,
    })
}

#[test]
fn the_link_is_printed_when_that_is_asked_for() {
    let environment = Environment::new();
    let agent = start(&environment);
    let ran = environment.run(&[
        "console",
        "dev",
        "--print",
        "--destination",
        "codecommit",
        "--duration",
        "1h",
    ]);
    assert_eq!(ran.stdout(), format!("{LINK}\n"));
    let seen = agent.seen();
    assert!(matches!(
        &seen[0].request,
        Request::ConsoleLink { profile, destination: Some(page), duration_seconds: Some(3_600) }
            if profile == "dev" && page == "codecommit"
    ));
}

#[test]
fn the_browser_is_told_another_address_that_leads_to_the_link_once() {
    let environment = Environment::new();
    let _agent = start(&environment);
    let browser = environment.at("browser");
    let script = "#!/bin/sh\nprintf %s \"$1\" > told\ncurl --silent --dump-header went \"$1\"\n\
                  curl --silent --dump-header again \"$1\"\ntouch done\n";
    fs::write(&browser, script).unwrap();
    executable(&browser);
    let mut command = environment.holdfast(&["console", "dev"]);
    let output = command.env("BROWSER", &browser).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}");
    assert!(said.starts_with("Opening the AWS console in your browser.\nSigned in until "));
    assert!(!said.contains("SECRET"));
    let told = environment.read("told");
    assert!(told.starts_with("http://127.0.0.1:"), "{told}");
    let went = environment.read("went");
    assert!(went.contains(&format!("Location: {LINK}\r\n")), "{went}");
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while !environment.at("done").exists() {
        assert!(std::time::Instant::now() < deadline, "the browser ends");
        std::thread::yield_now();
    }
    let again = fs::read_to_string(environment.at("again")).unwrap_or_default();
    assert!(!again.contains("SECRET"), "{again}");
}

#[test]
fn a_profile_that_cannot_is_told_so() {
    let environment = Environment::new();
    let error = AgentError::new(ErrorCode::Unsupported, "AWS signs only roles in")
        .hint("use a profile with role_arn");
    let _agent = FakeAgent::always(&environment, error);
    environment.run(&["console", "dev"]).fails(
        2,
        "holdfast: AWS signs only roles in\nhint: use a profile with role_arn\n",
    );
}
