//! What a connection does, from hello to goodbye.

use crate::support::{PLENTY, Server, block_on, hello, pong};
use holdfast_agent::listener::Limits;
use holdfast_agent_proto::frame::MAX_REQUEST_BYTES;
use holdfast_agent_proto::{Client, Event, Reply, Request};
use std::time::Duration;

fn quick() -> Limits {
    Limits {
        frame: Duration::from_millis(150),
        idle: Duration::from_millis(150),
        ..Limits::default()
    }
}

#[test]
fn the_blocking_client_is_answered() {
    let server = Server::start(Limits::default());
    let mut client = Client::connect(&server.address, &hello()).unwrap();
    for _ in 0..3 {
        let reply = client.request(Request::Ping).unwrap();
        assert!(matches!(reply, Reply::Pong { .. }));
    }
}

#[test]
fn requests_are_answered_in_any_order() {
    let server = Server::start(Limits::default());
    let mut caller = server.connect();
    caller.greet(10, Request::Status);
    caller.ask(11, Request::ListKeys);
    let (first_caller, first, first_replies) = server.asked();
    let (second_caller, second, second_replies) = server.asked();
    assert!(matches!(first, Request::Status));
    assert!(matches!(second, Request::ListKeys));
    assert_eq!(first_caller, second_caller);
    assert_eq!(first_caller.peer.pid, Some(std::process::id()));
    assert_eq!(first_caller.client, "test");

    second_replies.reply(Reply::Done);
    first_replies.reply(Reply::Done);
    assert_eq!(caller.heard(), "11 done");
    assert_eq!(caller.heard(), "10 done");
}

#[test]
fn an_answer_may_have_parts() {
    let server = Server::start(Limits::default());
    let address = server.address.clone();
    let client = std::thread::spawn(move || {
        let mut client = Client::connect(&address, &hello()).unwrap();
        client.profiles().unwrap().len()
    });
    let (_, _, mut replies) = server.asked();
    for _ in 0..40 {
        replies.part(Reply::Profiles {
            profiles: Vec::new(),
            more: true,
        });
    }
    replies.reply(Reply::Profiles {
        profiles: Vec::new(),
        more: false,
    });
    assert_eq!(client.join().unwrap(), 0);
}

#[test]
fn an_unanswered_request_is_answered_all_the_same() {
    let server = Server::start(Limits::default());
    let mut caller = server.connect();
    caller.greet(5, Request::Status);
    let (_, _, replies) = server.asked();
    drop(replies);
    assert_eq!(caller.heard(), "5 error unavailable");
}

#[test]
fn whoever_waits_for_a_caller_learns_that_it_left() {
    let server = Server::start(Limits::default());
    let mut caller = server.connect();
    caller.greet(1, Request::Status);
    let (who, _, replies) = server.asked();
    assert!(!replies.is_closed());
    drop(caller);
    assert_eq!(server.hung_up(), who.connection);
    let closed = async { tokio::time::timeout(PLENTY, replies.closed()).await };
    assert!(block_on(closed).is_ok());
    assert!(replies.is_closed());
}

#[test]
fn bad_frames_end_the_connection_with_a_reason() {
    let server = Server::start(Limits::default());
    let good = serde_json::to_vec(&hello()).unwrap();
    let newer = String::from_utf8(good.clone()).unwrap();
    let newer = newer.replacen(":1,", ":2,", 1);
    let cases: &[(&str, &[&[u8]], &str)] = &[
        ("hello is no JSON", &[b"hello"], "0 error bad-request"),
        ("hello without a version", &[b"{}"], "0 error bad-request"),
        (
            "hello without context",
            &[br#"{"protocol":1}"#],
            "0 error bad-request",
        ),
        (
            "later version",
            &[newer.as_bytes()],
            "0 error protocol-mismatch",
        ),
        (
            "later version of another shape",
            &[br#"{"protocol":9,"x":[]}"#],
            "0 error protocol-mismatch",
        ),
        ("empty request", &[&good, b""], "0 error bad-request"),
        (
            "unknown request",
            &[&good, br#"{"id":1,"request":"fly"}"#],
            "0 error bad-request",
        ),
        (
            "request without a number",
            &[&good, br#"{"request":"ping"}"#],
            "0 error bad-request",
        ),
        (
            "trailing bytes",
            &[&good, br#"{"id":1,"request":"ping"}x"#],
            "0 error bad-request",
        ),
        (
            "not UTF-8",
            &[&good, b"{\"id\":1,\"request\":\"\xff\"}"],
            "0 error bad-request",
        ),
    ];
    for (fault, frames, expect) in cases {
        let mut caller = server.connect();
        for body in *frames {
            caller.body(body);
        }
        assert_eq!(caller.heard(), *expect, "{fault}");
        assert_eq!(caller.heard(), "closed", "{fault}");
    }
    let mut caller = server.connect();
    caller.greet(1, Request::Ping);
    assert_eq!(caller.heard(), "1 pong");
}

#[test]
fn a_frame_over_the_limit_is_refused_before_it_is_read() {
    let server = Server::start(Limits::default());
    for length in [MAX_REQUEST_BYTES as u32 + 1, u32::MAX] {
        let mut caller = server.connect();
        caller.bytes(&length.to_be_bytes());
        assert_eq!(caller.heard(), "0 error bad-request", "{length}");
        assert_eq!(caller.heard(), "closed", "{length}");
    }
}

#[test]
fn frames_have_to_arrive_in_time() {
    let server = Server::start(quick());
    let mut silent = server.connect();
    let mut slow = server.connect();
    slow.greet(1, Request::Ping);
    slow.bytes(&[0, 0]);
    assert_eq!(silent.heard(), "0 error bad-request");
    assert_eq!(silent.heard(), "closed");
    assert_eq!(slow.heard(), "1 pong");
    assert_eq!(slow.heard(), "0 error bad-request");
    assert_eq!(slow.heard(), "closed");
}

#[test]
fn an_idle_connection_is_closed_but_one_that_waits_is_not() {
    let server = Server::start(quick());
    let mut waiting = server.connect();
    waiting.greet(1, Request::Status);
    let (_, _, replies) = server.asked();
    let mut subscriber = server.connect();
    subscriber.greet(
        1,
        Request::Subscribe {
            prompts: false,
            activity: false,
        },
    );
    let (_, _, subscription) = server.asked();
    let events = subscription.events();
    subscription.reply(Reply::Done);
    assert_eq!(subscriber.heard(), "1 done");

    // Several idle periods pass one after another while the two others stay.
    for _ in 0..4 {
        let mut idle = server.connect();
        idle.greet(1, Request::Ping);
        assert_eq!(idle.heard(), "1 pong");
        assert_eq!(idle.heard(), "closed");
    }
    replies.reply(pong());
    assert_eq!(waiting.heard(), "1 pong");
    assert!(events.send(Event::PromptClosed { prompt: 1 }));
    assert_eq!(subscriber.heard(), "event");
}

#[test]
fn open_requests_are_answered_before_the_server_ends() {
    let mut server = Server::start(Limits {
        drain: PLENTY,
        ..Limits::default()
    });
    let mut caller = server.connect();
    caller.greet(1, Request::Status);
    let (_, _, replies) = server.asked();
    let mut idle = server.connect();
    idle.greet(1, Request::Ping);
    assert_eq!(idle.heard(), "1 pong");
    server.stop();
    assert_eq!(idle.heard(), "closed");
    replies.reply(Reply::Done);
    assert_eq!(caller.heard(), "1 done");
    assert_eq!(caller.heard(), "closed");
    server.ended();
    let gone = Client::connect(&server.address, &hello()).err().unwrap();
    assert!(gone.agent_went_away(), "{gone:?}");
}

#[test]
fn a_server_that_ends_does_not_wait_for_ever() {
    let mut server = Server::start(Limits {
        drain: Duration::from_millis(50),
        ..Limits::default()
    });
    let mut caller = server.connect();
    caller.greet(1, Request::Status);
    let (_, _, replies) = server.asked();
    server.ended();
    assert!(replies.is_closed());
    assert_eq!(caller.heard(), "closed");
}
