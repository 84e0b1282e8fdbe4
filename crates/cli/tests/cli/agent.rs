//! `holdfast agent`, and what happens when there is none.

use crate::environment::Environment;
use crate::fake_agent::{Answer, FakeAgent};
use holdfast_agent_proto::{Interaction, Reply, Request};

fn pong() -> Reply {
    Reply::Pong {
        version: "0.1.0".to_owned(),
        pid: 4242,
    }
}

#[test]
fn a_running_agent_is_shown() {
    let environment = Environment::new();
    let agent = FakeAgent::start(&environment, |_| Answer::Reply(pong()));
    let expect = "The agent 0.1.0 is running (process 4242).\n";
    assert_eq!(environment.run(&["agent", "status"]).stdout(), expect);
    assert_eq!(environment.run(&["agent", "start"]).stdout(), expect);
    let json = environment.run(&["agent", "status", "--json"]).stdout();
    assert_eq!(
        json,
        "{\n  \"running\": true,\n  \"version\": \"0.1.0\",\n  \"pid\": 4242\n}\n"
    );
    assert_eq!(agent.seen()[0].hello.client, "holdfast");
    assert_eq!(
        agent.seen()[0].hello.context.interaction,
        Interaction::Background
    );
}

#[test]
fn an_agent_of_another_version_is_told_of() {
    let environment = Environment::new();
    let _agent = FakeAgent::start(&environment, |_| {
        Answer::Reply(Reply::Pong {
            version: "9.9.9".to_owned(),
            pid: 1,
        })
    });
    let shown = environment.run(&["agent", "status"]).stdout();
    assert!(shown.ends_with("run: holdfast agent stop\n"), "{shown}");
}

#[test]
fn no_agent_is_a_state_of_its_own() {
    let environment = Environment::new();
    let ran = environment.run(&["agent", "status"]);
    assert_eq!(ran.status, 4);
    assert_eq!(
        ran.stdout,
        "The agent is not running. Any other command starts it.\n"
    );
    let ran = environment.run(&["agent", "status", "--json"]);
    assert_eq!(
        (ran.status, ran.stdout.as_str()),
        (4, "{\n  \"running\": false\n}\n")
    );
    assert_eq!(
        environment.run(&["agent", "stop"]).stdout(),
        "The agent is not running.\n"
    );
}

#[test]
fn stopping_waits_for_the_end() {
    let environment = Environment::new();
    let agent = FakeAgent::start(&environment, |_| Answer::ReplyAndClose(Reply::Done));
    assert_eq!(
        environment.run(&["agent", "stop"]).stdout(),
        "The agent has ended. Its sessions are kept, sealed, for the next start.\n"
    );
    assert!(matches!(agent.seen()[0].request, Request::Stop));
}

#[test]
fn an_agent_that_breaks_off_cannot_be_reached() {
    let environment = Environment::new();
    let _agent = FakeAgent::start(&environment, |_| Answer::Close);
    environment.run(&["status"]).fails(
        4,
        "holdfast: the agent cannot be reached: the connection to the agent failed: the connection was closed\n\
         hint: holdfast agent status\n",
    );
}

#[test]
fn an_agent_that_ends_at_the_wrong_moment_is_asked_again() {
    let environment = Environment::new();
    let mut first = true;
    let agent = FakeAgent::start(&environment, move |_| {
        if std::mem::take(&mut first) {
            Answer::Close
        } else {
            Answer::Reply(Reply::Status(crate::fake_agent::status()))
        }
    });
    assert!(
        environment
            .run(&["status"])
            .stdout()
            .starts_with("No session yet.")
    );
    assert_eq!(agent.seen().len(), 2);
}

#[test]
fn an_answer_that_does_not_fit_is_an_error() {
    let environment = Environment::new();
    let _agent = FakeAgent::start(&environment, |_| Answer::Reply(Reply::Done));
    environment.run(&["status"]).fails(
        4,
        "holdfast: the agent sent an answer that does not fit the request\nhint: holdfast agent stop\n",
    );
}

#[test]
fn a_folder_that_others_may_enter_is_not_trusted() {
    use std::os::unix::fs::PermissionsExt;
    let environment = Environment::new();
    let _agent = FakeAgent::start(&environment, |_| Answer::Reply(pong()));
    let socket = environment.socket();
    let open = std::fs::Permissions::from_mode(0o777);
    std::fs::set_permissions(socket.parent().unwrap(), open).unwrap();
    let ran = environment.run(&["status"]);
    assert_eq!(ran.status, 4);
    assert!(
        ran.stderr
            .starts_with("holdfast: the agent's address cannot be used: "),
        "{ran:?}"
    );
}
