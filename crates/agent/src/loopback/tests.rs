//! The port against browsers and against whoever else finds it.

use super::*;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

const STATE: &str = "state-of-this-sign-in";

struct Port {
    address: SocketAddr,
    host: String,
    callback: Callback,
    serving: JoinHandle<()>,
}

async fn port() -> Port {
    let loopback = Loopback::open().await.unwrap();
    let uri = loopback.redirect_uri();
    let host = uri
        .strip_prefix("http://")
        .and_then(|rest| rest.strip_suffix("/oauth/callback"))
        .unwrap()
        .to_owned();
    let (callback, serving) = loopback.expect(SecretString::from(STATE));
    Port {
        address: host.parse().unwrap(),
        host,
        callback,
        serving: tokio::spawn(serving),
    }
}

impl Port {
    fn get(&self, target: &str) -> String {
        format!("GET {target} HTTP/1.1\r\nHost: {}\r\n\r\n", self.host)
    }

    fn ours(&self) -> String {
        self.get(&format!("/oauth/callback?code=the-code&state={STATE}"))
    }
}

/// Sends a request and reads the whole answer.
async fn ask(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer).await;
    answer
}

fn signed_in() -> Ending {
    Ending::SignedIn {
        title: "corp.awsapps.com".to_owned(),
    }
}

async fn closed(address: SocketAddr) {
    for _ in 0..600 {
        if TcpStream::connect(address).await.is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{address} is still open");
}

#[tokio::test]
async fn a_browser_that_answers_twice_sees_the_page_twice_and_then_the_port_is_closed() {
    let mut port = port().await;
    assert!(port.address.ip().is_loopback());
    let asking = tokio::spawn({
        let (address, request) = (port.address, port.ours());
        async move { ask(address, &request).await }
    });
    let Some(Returned::Code(code)) = port.callback.returned().await else {
        panic!("no code came");
    };
    assert_eq!(secrecy::ExposeSecret::expose_secret(&code), "the-code");
    let again = tokio::spawn({
        let (address, request) = (port.address, port.ours());
        async move { ask(address, &request).await }
    });
    port.callback.end(signed_in());
    for page in [asking.await.unwrap(), again.await.unwrap()] {
        assert!(
            page.contains("You are signed in to corp.awsapps.com"),
            "{page}"
        );
        assert!(!page.contains("the-code"), "{page}");
        assert!(!page.contains(STATE), "{page}");
    }
    closed(port.address).await;
    port.serving.await.unwrap();
}

#[tokio::test]
async fn the_port_closes_when_the_sign_in_is_given_up() {
    let port = port().await;
    let asking = tokio::spawn({
        let (address, request) = (port.address, port.ours());
        async move { ask(address, &request).await }
    });
    let mut callback = port.callback;
    assert!(callback.returned().await.is_some());
    drop(callback);
    let page = asking.await.unwrap();
    assert!(page.contains("The sign-in was ended in Holdfast"), "{page}");
    closed(port.address).await;
}

#[tokio::test]
async fn strays_are_answered_and_change_nothing() {
    let mut port = port().await;
    let long = format!("/{}", "x".repeat(20_000));
    for (request, expect) in [
        (port.get("/favicon.ico"), "404 "),
        (port.get("/oauth/callback?error=access_denied"), "400 "),
        (port.get("/oauth/callback?code=a&state=guessed"), "400 "),
        (port.get(&long), "431 "),
        (port.ours().replace("GET", "HEAD"), "405 "),
        (port.ours().replace("127.0.0.1", "localhost"), "421 "),
        ("\r\n\r\n".to_owned(), "400 "),
    ] {
        let answer = ask(port.address, &request).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {expect}")),
            "{answer}"
        );
    }
    let asking = tokio::spawn({
        let (address, request) = (port.address, port.ours());
        async move { ask(address, &request).await }
    });
    assert!(matches!(
        port.callback.returned().await,
        Some(Returned::Code(_))
    ));
    port.callback.end(signed_in());
    assert!(asking.await.unwrap().contains("You are signed in"));
}

/// Ten thousand requests of somebody who found the port, and connections held open beside them.
#[tokio::test]
async fn an_attacker_who_sprays_the_port_keeps_nobody_out() {
    const REQUESTS: usize = 10_000;
    const AT_ONCE: usize = 40;
    let mut port = port().await;
    let mut held = Vec::new();
    for _ in 0..100 {
        let mut stream = TcpStream::connect(port.address).await.unwrap();
        let _ = stream.write_all(b"GET /oauth/callback?state=").await;
        held.push(stream);
    }
    let targets = [
        "/oauth/callback?code=stolen&state=AAAAAAAAAAAAAAAAAAAAA",
        "/oauth/callback?error=access_denied",
        "/oauth/callback?error=access_denied&state=",
        "/oauth/callback",
        "/",
    ];
    let mut attack = tokio::task::JoinSet::new();
    for first in 0..AT_ONCE {
        let (address, host) = (port.address, port.host.clone());
        attack.spawn(async move {
            for n in (first..REQUESTS).step_by(AT_ONCE) {
                let target = targets[n % targets.len()];
                let request = format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n");
                let Ok(mut stream) = TcpStream::connect(address).await else {
                    continue;
                };
                let _ = stream.write_all(request.as_bytes()).await;
                let mut answer = [0; 64];
                let _ = stream.read(&mut answer).await;
            }
        });
    }
    // In the midst of it, the browser.
    for _ in 0..AT_ONCE / 2 {
        attack.join_next().await;
    }
    let asking = tokio::spawn({
        let (address, request) = (port.address, port.ours());
        async move { ask(address, &request).await }
    });
    let Some(Returned::Code(code)) = port.callback.returned().await else {
        panic!("no code came");
    };
    assert_eq!(secrecy::ExposeSecret::expose_secret(&code), "the-code");
    port.callback.end(signed_in());
    assert!(asking.await.unwrap().contains("You are signed in"));
    while attack.join_next().await.is_some() {}
    drop(held);
    closed(port.address).await;
}
