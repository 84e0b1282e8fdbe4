//! `holdfast login` and `holdfast logout`.

use crate::environment::Environment;
use crate::fake_agent::{Answer, FakeAgent, Seen, mfa_required, now, session, status};
use crate::terminal::OnTerminal;
use holdfast_agent_proto::view::StatusView;
use holdfast_agent_proto::{AgentError, ErrorCode, Interaction, Reply, Request};
use secrecy::ExposeSecret;

const P: &str = "MyRepositoryContributor";

/// An agent whose device shows `123456`, and for which `000000` has been used already.
fn start(environment: &Environment) -> FakeAgent {
    let mut warnings = Vec::new();
    FakeAgent::start(environment, move |request| {
        if let Request::Status = request {
            let warnings = warnings.clone();
            return Answer::Reply(Reply::Status(StatusView {
                warnings,
                ..status()
            }));
        }
        if let Request::Logout { profile: None } = request {
            warnings.push("AWS was not told of the sign-out".to_owned());
        }
        let Request::Login { code, .. } = request else {
            return Answer::Reply(Reply::Done);
        };
        match code.as_ref().map(|code| code.expose_secret()) {
            None => Answer::Error(mfa_required()),
            Some("123456") => Answer::Reply(Reply::LoggedIn {
                session: session(now() + 43_170),
            }),
            Some("000000") => {
                let mut error =
                    AgentError::new(ErrorCode::CodeUsed, "AWS has seen that code already");
                error.retry_at = Some(now() + 2);
                Answer::Error(error)
            }
            Some(_) => Answer::Error(AgentError::new(
                ErrorCode::WrongCode,
                "AWS refused the MFA code",
            )),
        }
    })
}

fn codes(agent: &FakeAgent) -> Vec<String> {
    let code = |seen: &Seen| match &seen.request {
        Request::Login {
            code: Some(code), ..
        } => Some(code.expose_secret().to_owned()),
        _ => None,
    };
    agent.seen().iter().filter_map(code).collect()
}

#[test]
fn a_code_on_the_command_line_signs_in() {
    let environment = Environment::new();
    let agent = start(&environment);
    let arguments = ["login", P, "--code", "123456", "--duration", "90m"];
    let shown = environment.run(&arguments).stdout();
    assert!(
        shown.starts_with("Signed in: MyRepositoryUser with MFA, until "),
        "{shown}"
    );
    assert!(
        shown.ends_with(
            " (11 h 59 min left).\nUnlocked: MyRepositoryContributor, MyRepositoryUser.\n"
        ),
        "{shown}"
    );
    let seen = agent.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].hello.context.interaction, Interaction::Never);
    let Request::Login {
        profile,
        duration_seconds,
        ..
    } = &seen[0].request
    else {
        panic!("not a login");
    };
    assert_eq!((profile.as_str(), *duration_seconds), (P, Some(5_400)));
}

#[test]
fn a_code_on_standard_input_signs_in() {
    let environment = Environment::new();
    let agent = start(&environment);
    let ran = environment.run_with_input(&["login", P, "--code", "-"], "123 456\n");
    assert_eq!(ran.status, 0, "{ran:?}");
    assert_eq!(codes(&agent), ["123456"]);
}

#[test]
fn what_is_no_code_is_never_sent() {
    let environment = Environment::new();
    let agent = start(&environment);
    for code in ["12345", "1234567", "abcdef", ""] {
        let ran = environment.run(&["login", P, "--code", code]);
        ran.fails(2, "holdfast: a code has six digits; nothing was sent\n");
    }
    assert!(codes(&agent).is_empty());
}

#[test]
fn without_a_terminal_the_command_to_run_is_named() {
    let environment = Environment::new();
    let _agent = start(&environment);
    environment.run(&["login", P]).fails(
        3,
        "holdfast: profile MyRepositoryContributor needs an MFA code\n\
         hint: holdfast login MyRepositoryContributor\n\
         hint: holdfast login MyRepositoryContributor --code CODE\n",
    );
}

#[test]
fn refusals_on_the_command_line_are_errors() {
    let environment = Environment::new();
    let _agent = start(&environment);
    environment.run(&["login", P, "--code", "111111"]).fails(
        3,
        "holdfast: AWS refused the MFA code\n\
         hint: wait for the next code, or check the clock of the device\n",
    );
    let ran = environment.run(&["login", P, "--code", "000000"]);
    assert_eq!(ran.status, 3);
    let hint = "holdfast: AWS has seen that code already\nhint: the next code can be sent in ";
    assert!(ran.stderr.starts_with(hint), "{ran:?}");
}

#[test]
fn the_terminal_asks_until_a_code_is_right_and_sends_none_twice() {
    let environment = Environment::new();
    let agent = start(&environment);
    let mut run = OnTerminal::start(&environment, &["login", P]);
    run.expect("MFA device arn:aws:iam::111122223333:mfa/MyRepositoryUser")
        .expect("Unlocks MyRepositoryContributor, MyRepositoryUser for 12 h.")
        .expect("MFA code: ")
        .enter("12345\n")
        .expect("A code has six digits.")
        .expect("MFA code: ")
        .enter("111111\n")
        .expect("That code was not right. Wait for the next one or check the clock of your device.")
        .expect("MFA code: ")
        .enter("111 111\n")
        .expect("That code has been sent already. Wait for the next one.")
        .expect("MFA code: ")
        .enter("000000\n")
        .expect("AWS has seen that code already. Next one in ")
        .expect("MFA code: ")
        .enter("123456\n")
        .expect("Signed in: MyRepositoryUser with MFA");
    assert_eq!(run.end().0, 0);
    assert_eq!(codes(&agent), ["111111", "000000", "123456"]);
}

#[test]
fn after_three_refusals_the_device_is_to_be_checked() {
    let environment = Environment::new();
    let agent = start(&environment);
    let mut run = OnTerminal::start(&environment, &["login", P]);
    for code in ["111111\n", "222222\n", "333333\n"] {
        run.expect("MFA code: ").enter(code);
    }
    run.expect("holdfast: AWS refused 3 codes");
    let (status, shown) = run.end();
    assert_eq!(status, 3);
    assert!(
        shown.contains("hint: check the clock of the device"),
        "{shown}"
    );
    assert!(shown.contains("Resync"), "{shown}");
    assert_eq!(codes(&agent).len(), 3);
}

#[test]
fn the_end_of_typing_sends_nothing() {
    let environment = Environment::new();
    let agent = start(&environment);
    let mut run = OnTerminal::start(&environment, &["login", P]);
    run.expect("MFA code: ").enter("\x04");
    let (status, shown) = run.end();
    assert_eq!(status, 130, "{shown}");
    assert!(codes(&agent).is_empty());
}

#[test]
fn a_session_that_still_lives_needs_no_code() {
    let environment = Environment::new();
    let _agent = FakeAgent::start(&environment, |_| {
        Answer::Reply(Reply::LoggedIn {
            session: session(now() + 3_630),
        })
    });
    let shown = environment.run(&["login", P]).stdout();
    assert!(shown.contains("(1 h left)"), "{shown}");
}

#[test]
fn signing_out_names_what_was_ended() {
    let environment = Environment::new();
    let agent = start(&environment);
    assert_eq!(
        environment.run(&["logout", P]).stdout(),
        format!("Signed out of {P}.\n")
    );
    assert_eq!(
        environment.run(&["logout", "--all"]).stdout(),
        "Signed out of every session.\nAWS was not told of the sign-out\n"
    );
    let seen = agent.seen();
    let outs: Vec<Option<&str>> = seen
        .iter()
        .filter_map(|seen| match &seen.request {
            Request::Logout { profile } => Some(profile.as_deref()),
            _ => None,
        })
        .collect();
    assert_eq!(outs, [Some(P), None]);
    assert_eq!(environment.run(&["logout"]).status, 2);
    assert_eq!(environment.run(&["logout", P, "--all"]).status, 2);
}
