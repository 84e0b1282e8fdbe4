//! Many callers, slow callers and callers of other users.

use crate::support::{PLENTY, Raw, Server, block_on, hello};
use holdfast_agent::listener::Limits;
use holdfast_agent::peer::UserId;
use holdfast_agent_proto::frame::{self, MAX_REQUEST_BYTES};
use holdfast_agent_proto::{Client, ClientMessage, Event, Reply, Request};
use rustix::process::{Resource, Rlimit};
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::task::JoinSet;

/// Bounds that one test process cannot reach as a single peer.
fn for_one_process() -> Limits {
    Limits {
        connections: 4096,
        connections_per_process: 2048,
        ..Limits::default()
    }
}

#[test]
fn a_thousand_callers_at_once_are_all_answered() {
    const CALLERS: usize = 1_000;
    let files = rustix::process::getrlimit(Resource::Nofile);
    let most = Rlimit {
        current: files.maximum,
        ..files
    };
    rustix::process::setrlimit(Resource::Nofile, most).unwrap();
    let server = Server::start(for_one_process());
    let mut frames = frame::encode(&hello(), MAX_REQUEST_BYTES).unwrap();
    let message = ClientMessage {
        id: 1,
        request: Request::Ping,
    };
    frame::append(&mut frames, &message, MAX_REQUEST_BYTES).unwrap();
    let answered = block_on(async {
        let mut open = Vec::new();
        for _ in 0..CALLERS {
            open.push(UnixStream::connect(server.address.path()).await.unwrap());
        }
        let mut asking = JoinSet::new();
        for mut stream in open {
            let frames = frames.to_vec();
            asking.spawn(async move {
                stream.write_all(&frames).await.unwrap();
                let length = stream.read_u32().await.unwrap();
                let mut body = vec![0; length as usize];
                stream.read_exact(&mut body).await.unwrap();
                assert!(body.starts_with(br#"{"reply":{"id":1"#));
            });
        }
        asking.join_all().await.len()
    });
    assert_eq!(answered, CALLERS);
}

#[test]
fn one_process_gets_no_more_than_its_share() {
    let server = Server::start(Limits {
        connections_per_process: 3,
        ..Limits::default()
    });
    let mut kept: Vec<Raw> = (0..3).map(|_| server.connect()).collect();
    for caller in &mut kept {
        caller.greet(1, Request::Ping);
        assert_eq!(caller.heard(), "1 pong");
    }
    let mut refused = server.connect();
    assert_eq!(refused.heard(), "0 error unavailable");
    assert_eq!(refused.heard(), "closed");

    drop(kept.pop());
    server.hung_up();
    let mut next = server.connect();
    next.greet(1, Request::Ping);
    assert_eq!(next.heard(), "1 pong");
}

#[test]
fn requests_beyond_the_bound_are_refused_and_the_others_kept() {
    let server = Server::start(Limits {
        open_requests: 2,
        ..Limits::default()
    });
    let mut caller = server.connect();
    caller.greet(1, Request::Status);
    caller.ask(2, Request::Status);
    caller.ask(3, Request::Status);
    assert_eq!(caller.heard(), "3 error unavailable");
    for id in [1, 2] {
        let (_, _, replies) = server.asked();
        replies.reply(Reply::Done);
        assert_eq!(caller.heard(), format!("{id} done"));
    }
    caller.ask(4, Request::Ping);
    assert_eq!(caller.heard(), "4 pong");
}

#[test]
fn one_process_never_takes_all_connections() {
    let server = Server::start(Limits {
        connections: 8,
        connections_per_process: 8,
        frame: PLENTY,
        ..Limits::default()
    });
    let mut silent: Vec<Raw> = (0..4).map(|_| server.connect()).collect();
    let mut refused = server.connect();
    assert_eq!(refused.heard(), "0 error unavailable");
    drop(silent.pop());
    server.hung_up();
    let mut healthy = server.connect();
    healthy.greet(1, Request::Ping);
    assert_eq!(healthy.heard(), "1 pong");
}

#[test]
fn a_subscriber_that_does_not_read_is_cut_off_and_the_others_are_not() {
    let server = Server::start(Limits::default());
    let subscribe = |caller: &mut Raw| {
        caller.greet(
            1,
            Request::Subscribe {
                prompts: false,
                activity: false,
            },
        );
        let (_, _, replies) = server.asked();
        let events = replies.events();
        replies.reply(Reply::Done);
        assert_eq!(caller.heard(), "1 done");
        events
    };
    let mut reading = server.connect();
    let to_reading = subscribe(&mut reading);
    let mut asleep = server.connect();
    let to_asleep = subscribe(&mut asleep);

    let mut number = 0;
    while to_asleep.send(Event::PromptClosed { prompt: number }) {
        assert!(to_reading.send(Event::PromptClosed { prompt: number }));
        assert_eq!(reading.heard(), "event");
        number += 1;
        assert!(number < 1_000_000, "never cut off");
    }
    server.hung_up();
    assert!(to_asleep.is_closed());
    assert!(to_reading.send(Event::PromptClosed { prompt: 0 }));
    assert_eq!(reading.heard(), "event");
}

#[test]
fn nobody_but_the_own_user_is_served() {
    let own = rustix::process::geteuid().as_raw();
    let server = Server::start_as(UserId::from_raw(own + 1), Limits::default());
    for _ in 0..3 {
        let error = Client::connect(&server.address, &hello())
            .and_then(|mut client| client.request(Request::Ping))
            .err();
        assert!(error.is_some_and(|error| error.agent_went_away()));
    }
}

/// With the superuser's rights a real process of another user can be had as well: a thread of this one, on
/// Linux, where threads can have users of their own.
#[test]
fn another_user_is_refused_even_where_the_folder_lets_it_in() {
    let server = Server::start(Limits {
        idle: Duration::from_millis(150),
        ..Limits::default()
    });
    let socket = server.address.path().to_owned();
    let folder = server.address.folder().unwrap();
    for (path, mode) in [
        (folder.parent().unwrap(), 0o711),
        (folder.as_path(), 0o711),
        (socket.as_path(), 0o666),
    ] {
        std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
    }
    let is_root = cfg!(target_os = "linux") && rustix::process::geteuid().is_root();
    let connected = std::thread::spawn(move || {
        #[cfg(target_os = "linux")]
        if is_root {
            let nobody = rustix::process::Uid::from_raw(65534);
            rustix::thread::set_thread_res_uid(nobody, nobody, nobody).unwrap();
        }
        let mut caller = Raw::connect(&socket);
        // The server may have hung up already.
        let _ = caller.try_greet(1, Request::Ping);
        let mut answer = Vec::new();
        let _ = caller.0.read_to_end(&mut answer);
        answer
    });
    if is_root {
        assert_eq!(connected.join().unwrap(), b"");
    } else {
        // The same door lets the own user in, so it was the user that was refused above.
        assert!(!connected.join().unwrap().is_empty());
    }
    let error = Client::connect(&server.address, &hello()).err();
    assert!(
        error.is_some(),
        "a client trusted a folder that is open to others"
    );
    let mut own = server.connect();
    own.greet(1, Request::Ping);
    assert_eq!(own.heard(), "1 pong");
}

#[test]
fn the_socket_is_the_users_alone() {
    let server = Server::start(Limits::default());
    let found = std::fs::metadata(server.address.path()).unwrap();
    assert_eq!(found.permissions().mode() & 0o777, 0o600);
    let folder = std::fs::metadata(server.address.folder().unwrap()).unwrap();
    assert_eq!(folder.permissions().mode() & 0o777, 0o700);
}

#[test]
fn a_client_gives_up_on_an_agent_that_does_not_answer() {
    let server = Server::start(Limits {
        drain: Duration::ZERO,
        ..Limits::default()
    });
    let mut client = Client::connect(&server.address, &hello()).unwrap();
    let error = client.request_within(Request::Status, Duration::from_millis(50));
    assert!(matches!(
        error.err(),
        Some(holdfast_agent_proto::ClientError::Timeout)
    ));
}
