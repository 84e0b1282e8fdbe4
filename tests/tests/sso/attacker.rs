//! Somebody on this computer who sprays the port of a sign-in.

use crate::person::{Person, SignIn, listening, wait_until_nothing_listens};
use holdfast_aws_sim::sso;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Requests that are sent during the sign-in.
const REQUESTS: usize = 10_000;

/// How many send at the same time.
const SENDERS: usize = 8;

/// Requests that are none of the sign-in's; `{port}` is its port and `{n}` a number.
const STRAYS: &[&str] = &[
    // Other states, with a code and with an error.
    "GET /oauth/callback?code=evil{n}&state=guess{n} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n",
    "GET /oauth/callback?error=access_denied&state=guess{n} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n",
    "GET /oauth/callback?error=access_denied HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n",
    "GET /oauth/callback?code=evil HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n",
    "GET /oauth/callback HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n",
    // Other paths.
    "GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n",
    "GET /oauth/callback/?code=evil&state={n} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n",
    "GET /oauth/../oauth/callback?code=evil&state={n} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n",
    "GET http://127.0.0.1:{port}/oauth/callback?code=evil&state={n} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n",
    // Other methods.
    "POST /oauth/callback?code=evil&state={n} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 4\r\n\r\nevil",
    "HEAD /oauth/callback HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n",
    "CONNECT 127.0.0.1:{port} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n",
    // Other hosts, as a page of another site has after its name was bound to 127.0.0.1.
    "GET /oauth/callback?code=evil&state={n} HTTP/1.1\r\nHost: evil.example:{port}\r\n\r\n",
    "GET /oauth/callback?code=evil&state={n} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n",
    "GET /oauth/callback?code=evil&state={n} HTTP/1.1\r\n\r\n",
    "GET /oauth/callback?code=evil&state={n} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n",
    // No requests at all, and parts of some.
    "\r\n\r\n",
    "\0\0\0\0\r\n\r\n",
    "SSH-2.0-OpenSSH_9.9\r\n\r\n",
    "GET /oauth/callback?code=evil",
    "",
];

fn stray(number: usize, port: u16) -> String {
    let text = STRAYS[number % STRAYS.len()];
    text.replace("{port}", &port.to_string())
        .replace("{n}", &number.to_string())
}

/// Sends one request and takes what is answered.
fn send(text: &str, port: u16) -> String {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else {
        return String::new();
    };
    // Who is hung up on has been answered as well.
    let _ = stream.write_all(text.as_bytes());
    let _ = stream.shutdown(std::net::Shutdown::Write);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

/// Sprays the port from several threads; says how many were answered as if they had been right.
fn spray(port: u16) -> usize {
    let share = REQUESTS / SENDERS;
    std::thread::scope(|scope| {
        let senders = (0..SENDERS).map(|sender| {
            scope.spawn(move || {
                let numbers = sender * share..(sender + 1) * share;
                let answers = numbers.map(|number| send(&stray(number, port), port));
                answers
                    .filter(|answer| answer.starts_with("HTTP/1.1 200"))
                    .count()
            })
        });
        let senders: Vec<_> = senders.collect();
        senders
            .into_iter()
            .map(|sender| sender.join().unwrap())
            .sum()
    })
}

/// The address and port as `/proc/net/tcp` has them.
fn only(sign_in: &SignIn<'_>) -> [String; 1] {
    [format!("0100007F:{:04X}", sign_in.port())]
}

#[test]
fn a_sign_in_succeeds_in_ten_thousand_strays() {
    let person = Person::new();
    let sign_in = person.begin(sso::DEV_PROFILE);
    let pid = person.agent_pid().unwrap();
    assert_eq!(
        listening(pid),
        only(&sign_in),
        "that port alone, on 127.0.0.1 alone"
    );
    let port = sign_in.port();
    assert_eq!(spray(port), 0, "a stray request was taken for the browser");

    // Connections that say nothing, or too slowly, keep the browser out no more.
    let idle: Vec<TcpStream> = (0..500)
        .map(|number| {
            let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
            let begin = &stray(number, port).into_bytes();
            let _ = stream.write_all(&begin[..begin.len().min(number % 32)]);
            stream
        })
        .collect();
    let mut program = sign_in;
    assert!(program.program.is_running(), "no stray ends the sign-in");
    assert_eq!(
        person.grants("authorization_code"),
        0,
        "no stray reaches AWS"
    );
    program.allow().ok();
    assert_eq!(person.grants("authorization_code"), 1);
    drop(idle);
    wait_until_nothing_listens(pid);
    person.who(sso::DEV_PROFILE).ok();
}

#[test]
fn a_browser_that_answers_twice_is_answered_once() {
    let person = Person::new();
    let sign_in = person.begin(sso::DEV_PROFILE);
    let port = sign_in.port();
    let back = person.sim.allow(&sign_in.page).unwrap();
    let (_, path) = back.split_once(&format!("127.0.0.1:{port}")).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n");
    let answers = std::thread::scope(|scope| {
        let both = [(); 2].map(|()| scope.spawn(|| send(&request, port)));
        both.map(|one| one.join().unwrap())
    });
    sign_in.end().ok();
    // The second may have come when the port was closed already.
    let told = answers.iter().filter(|answer| !answer.is_empty());
    for answer in told {
        assert!(answer.contains("You are signed in to"), "{answer}");
    }
    assert_eq!(person.grants("authorization_code"), 1);
}

#[test]
fn nothing_listens_before_and_after() {
    let person = Person::new();
    person.holdfast(&["agent", "start"]).ok();
    let pid = person.agent_pid().unwrap();
    assert_eq!(listening(pid), Vec::<String>::new());
    for end in [
        |sign_in: SignIn<'_>| drop(sign_in.allow().ok()),
        |sign_in: SignIn<'_>| drop(sign_in.deny().failed()),
        |sign_in: SignIn<'_>| sign_in.interrupt(),
    ] {
        person.holdfast(&["logout", "--all"]).ok();
        let sign_in = person.begin(sso::DEV_PROFILE);
        assert_eq!(listening(pid), only(&sign_in));
        end(sign_in);
        wait_until_nothing_listens(pid);
    }
    // Where another device signs in, nothing has to be listened for.
    person.holdfast(&["logout", "--all"]).ok();
    let login = person.start(&["login", sso::DEV_PROFILE, "--device"]);
    let code = person.user_code();
    assert_eq!(listening(pid), Vec::<String>::new());
    assert!(person.sim.allow_device(&code));
    login.end().ok();
}

/// How long a connection that sends one byte after the other is heard.
const PATIENCE: Duration = Duration::from_secs(30);

#[test]
fn a_slow_request_is_hung_up_on() {
    let person = Person::new();
    let sign_in = person.begin(sso::DEV_PROFILE);
    let mut slow = TcpStream::connect(("127.0.0.1", sign_in.port())).unwrap();
    slow.write_all(b"GET /oauth/callback?").unwrap();
    slow.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut answer = String::new();
    slow.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    sign_in.allow().ok();
}
