//! `holdfast credential-process`, `exec` and `env`.

use crate::environment::{Environment, Ran};
use crate::fake_agent::{Answer, FakeAgent, credentials, mfa_required, now, session};
use crate::terminal::OnTerminal;
use holdfast_agent_proto::{Interaction, Reply, Request};

const ENDS: i64 = 1_795_212_000;

fn start(environment: &Environment, expires_at: Option<i64>) -> FakeAgent {
    FakeAgent::start(environment, move |_| Answer::Reply(credentials(expires_at)))
}

/// An agent that wants a code first.
fn start_signed_out(environment: &Environment) -> FakeAgent {
    let mut signed_in = false;
    FakeAgent::start(environment, move |request| match request {
        Request::Login { code: Some(_), .. } => {
            signed_in = true;
            Answer::Reply(Reply::LoggedIn {
                session: session(now() + 3_630),
            })
        }
        Request::Credentials { .. } if signed_in => Answer::Reply(credentials(Some(ENDS))),
        _ => Answer::Error(mfa_required()),
    })
}

fn waits(agent: &FakeAgent) -> Vec<(Interaction, u32)> {
    let wait = |seen: &crate::fake_agent::Seen| match seen.request {
        Request::Credentials { wait_seconds, .. } => {
            Some((seen.hello.context.interaction, wait_seconds))
        }
        _ => None,
    };
    agent.seen().iter().filter_map(wait).collect()
}

#[test]
fn the_document_of_the_sdks_is_printed() {
    let environment = Environment::new();
    let agent = start(&environment, Some(ENDS));
    assert_eq!(
        environment
            .run(&["credential-process", "--profile", "p"])
            .stdout(),
        "{\"Version\":1,\"AccessKeyId\":\"ASIAIOSFODNN7EXAMPLE\",\"SecretAccessKey\":\"it's/SECRET+x\",\
         \"SessionToken\":\"TOKEN//==\",\"Expiration\":\"2026-11-20T22:00:00Z\"}\n"
    );
    assert_eq!(waits(&agent), [(Interaction::Background, 0)]);
}

#[test]
fn a_long_lived_key_has_no_token_and_no_end() {
    let environment = Environment::new();
    let _agent = start(&environment, None);
    assert_eq!(
        environment
            .run(&["credential-process", "--profile", "p"])
            .stdout(),
        "{\"Version\":1,\"AccessKeyId\":\"ASIAIOSFODNN7EXAMPLE\",\"SecretAccessKey\":\"it's/SECRET+x\"}\n"
    );
}

#[test]
fn a_program_at_a_terminal_waits_less_than_the_sdks_do() {
    let environment = Environment::new();
    let agent = start(&environment, Some(ENDS));
    let run = OnTerminal::start(&environment, &["credential-process", "--profile", "p"]);
    assert_eq!(run.end().0, 0);
    assert_eq!(waits(&agent), [(Interaction::Terminal, 50)]);
}

#[test]
fn a_command_runs_with_these_credentials_and_no_others() {
    let environment = Environment::new();
    let _agent = start(&environment, Some(ENDS));
    let mut command =
        environment.holdfast(&["exec", "p", "--", "sh", "-c", "env | grep ^AWS | sort"]);
    command
        .env("AWS_PROFILE", "other")
        .env("AWS_DEFAULT_PROFILE", "other")
        .env("AWS_SECURITY_TOKEN", "old")
        .env("AWS_REGION", "us-east-1");
    assert_eq!(
        Ran::of(command.output().unwrap()).stdout(),
        "AWS_ACCESS_KEY_ID=ASIAIOSFODNN7EXAMPLE\n\
         AWS_CREDENTIAL_EXPIRATION=2026-11-20T22:00:00Z\n\
         AWS_DEFAULT_REGION=eu-west-1\n\
         AWS_REGION=eu-west-1\n\
         AWS_SECRET_ACCESS_KEY=it's/SECRET+x\n\
         AWS_SESSION_TOKEN=TOKEN//==\n"
    );
}

#[test]
fn a_long_lived_key_removes_an_older_token() {
    let environment = Environment::new();
    let _agent = start(&environment, None);
    let mut command = environment.holdfast(&["exec", "p", "--", "sh", "-c", "env | grep -c TOKEN"]);
    command.env("AWS_SESSION_TOKEN", "old");
    assert_eq!(Ran::of(command.output().unwrap()).stdout, "0\n");
}

#[test]
fn the_exit_status_is_the_commands_own() {
    let environment = Environment::new();
    let _agent = start(&environment, Some(ENDS));
    let run = |words: &[&str]| {
        let mut arguments = vec!["exec", "p", "--"];
        arguments.extend(words);
        environment.run(&arguments)
    };
    assert_eq!(run(&["sh", "-c", "exit 42"]).status, 42);
    assert_eq!(run(&["cat"]).status, 0);
    run(&["no-such-command"]).fails(127, "holdfast: there is no command no-such-command\n");
    let file = environment.write("plain", "text");
    let ran = run(&[file.to_str().unwrap()]);
    assert_eq!(ran.status, 126, "{ran:?}");
}

#[test]
fn the_command_takes_the_place_of_holdfast_so_signals_reach_it() {
    use std::os::unix::process::ExitStatusExt;
    let environment = Environment::new();
    let _agent = start(&environment, Some(ENDS));
    let output = environment
        .program(environment.executable())
        .args(["exec", "p", "--", "sh", "-c", "kill -TERM $$"])
        .output()
        .unwrap();
    assert_eq!(output.status.signal(), Some(15));
    // A closed pipe ends the command as it would without Holdfast in front.
    let script = r#""$0" exec p -- yes | head -n 1; echo "${PIPESTATUS[0]}""#;
    let output = environment
        .program("bash")
        .args(["-c", script])
        .arg(environment.executable())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "y\n141\n");
}

#[test]
fn exports_are_written_for_each_shell_and_work_there() {
    let environment = Environment::new();
    let _agent = start(&environment, Some(ENDS));
    assert_eq!(
        environment.run(&["env", "p", "--shell", "bash"]).stdout(),
        "export AWS_ACCESS_KEY_ID='ASIAIOSFODNN7EXAMPLE'\n\
         export AWS_SECRET_ACCESS_KEY='it'\\''s/SECRET+x'\n\
         export AWS_SESSION_TOKEN='TOKEN//=='\n\
         export AWS_CREDENTIAL_EXPIRATION='2026-11-20T22:00:00Z'\n\
         export AWS_REGION='eu-west-1'\n\
         export AWS_DEFAULT_REGION='eu-west-1'\n\
         unset AWS_PROFILE\n\
         unset AWS_DEFAULT_PROFILE\n\
         unset AWS_SECURITY_TOKEN\n"
    );
    const EVAL: &str = r#"eval "$("$HERE" env p)"; echo "$AWS_SECRET_ACCESS_KEY|$AWS_PROFILE|""#;
    const SOURCE: &str =
        r#"$HERE env p --shell fish | source; echo "$AWS_SECRET_ACCESS_KEY|$AWS_PROFILE|""#;
    for (shell, script) in [
        ("sh", EVAL),
        ("bash", EVAL),
        ("zsh", EVAL),
        // No part of macOS.
        #[cfg(target_os = "linux")]
        ("fish", SOURCE),
    ] {
        let mut command = environment.program(shell);
        command.args(["-c", script]);
        command.env("HERE", environment.executable());
        let ran = Ran::of(command.env("AWS_PROFILE", "x").output().unwrap());
        assert_eq!(ran.stdout(), "it's/SECRET+x||\n", "{shell}");
    }

    let mut fish = environment.holdfast(&["env", "p"]);
    fish.env("SHELL", "/usr/bin/fish");
    let shown = Ran::of(fish.output().unwrap()).stdout();
    assert!(
        shown.starts_with("set -gx AWS_ACCESS_KEY_ID 'ASIA"),
        "{shown}"
    );
}

#[test]
fn at_a_terminal_the_code_is_asked_for_right_there() {
    let environment = Environment::new();
    let agent = start_signed_out(&environment);
    let words = [
        "exec",
        "p",
        "--",
        "sh",
        "-c",
        "echo \"got $AWS_ACCESS_KEY_ID\"",
    ];
    let mut run = OnTerminal::start(&environment, &words);
    run.expect("MFA code: ")
        .enter("123456\n")
        .expect("got ASIAIOSFODNN7EXAMPLE");
    assert_eq!(run.end().0, 0);
    assert_eq!(
        waits(&agent),
        [(Interaction::Never, 0), (Interaction::Never, 0)]
    );
}

#[test]
fn without_a_terminal_the_agent_asks_where_it_can() {
    let environment = Environment::new();
    let agent = start_signed_out(&environment);
    environment.run(&["env", "p"]).fails(
        3,
        "holdfast: profile MyRepositoryContributor needs an MFA code\n\
         hint: holdfast login MyRepositoryContributor\n",
    );
    let mut command = environment.holdfast(&["env", "p"]);
    command.env("HOLDFAST_PROMPT_TIMEOUT", "7");
    assert_eq!(command.output().unwrap().status.code(), Some(3));
    assert_eq!(
        waits(&agent),
        [(Interaction::Background, 120), (Interaction::Background, 7)]
    );
}
