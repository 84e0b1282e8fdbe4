//! The redirect as browsers, other pages and other programs meet it.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use holdfast_browser::{Ending, Redirect};
use rstest::rstest;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

const LINK: &str = "https://signin.example.com/federation?Action=login&SigninToken=SECRET-TOKEN";

fn redirect() -> Redirect {
    Redirect::start(LINK.to_owned().into(), Duration::from_secs(30)).unwrap()
}

/// Host and path of the address that the browser is told.
fn parts(redirect: &Redirect) -> (String, String) {
    let rest = redirect.address().strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    (host.to_owned(), format!("/{path}"))
}

fn send(host: &str, request: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

fn follow(redirect: &Redirect) -> String {
    let (host, path) = parts(redirect);
    send(
        &host,
        &format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n"),
    )
    .unwrap()
}

#[test]
fn the_link_is_given_once() {
    let redirect = redirect();
    assert!(!redirect.address().contains("SECRET"));
    assert!(redirect.address().starts_with("http://127.0.0.1:"));
    let (host, path) = parts(&redirect);
    let answer = follow(&redirect);
    assert!(answer.starts_with("HTTP/1.1 303 "), "{answer}");
    for line in [
        &format!("Location: {LINK}"),
        "Cache-Control: no-store",
        "Referrer-Policy: no-referrer",
    ] {
        assert!(answer.lines().any(|found| found == line), "{line}");
    }
    assert_eq!(redirect.wait(), Ending::Followed);
    let again = send(
        &host,
        &format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n"),
    );
    assert!(!again.unwrap_or_default().contains("SECRET"));
}

#[rstest]
#[case::no_path("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n")]
#[case::another_path("GET /favicon.ico HTTP/1.1\r\nHost: {host}\r\n\r\n")]
#[case::rebinding("GET {path} HTTP/1.1\r\nHost: evil.example\r\n\r\n")]
#[case::post("POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\n\r\n")]
#[case::look_ahead("GET {path} HTTP/1.1\r\nHost: {host}\r\nSec-Purpose: prefetch\r\n\r\n")]
#[case::from_a_page("GET {path} HTTP/1.1\r\nHost: {host}\r\nSec-Fetch-Site: cross-site\r\n\r\n")]
#[case::fetched("GET {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: https://evil.example\r\n\r\n")]
#[case::not_http("\r\n\r\n")]
fn whoever_asks_otherwise_gets_nothing_and_costs_nothing(#[case] request: &str) {
    let redirect = redirect();
    let (host, path) = parts(&redirect);
    let request = request.replace("{host}", &host).replace("{path}", &path);
    let answer = send(&host, &request).unwrap();
    assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");
    assert!(!answer.contains("SECRET"));
    assert!(
        follow(&redirect).starts_with("HTTP/1.1 303 "),
        "still there"
    );
    assert_eq!(redirect.wait(), Ending::Followed);
}

#[test]
fn silent_and_endless_connections_keep_nobody_waiting() {
    let redirect = redirect();
    let (host, _) = parts(&redirect);
    let silent: Vec<TcpStream> = (0..8).map(|_| TcpStream::connect(&host).unwrap()).collect();
    let mut endless = TcpStream::connect(&host).unwrap();
    let line = format!("GET / HTTP/1.1\r\nX: {}\r\n", "x".repeat(1000));
    for _ in 0..40 {
        if endless.write_all(line.as_bytes()).is_err() {
            break;
        }
    }
    assert!(follow(&redirect).starts_with("HTTP/1.1 303 "));
    assert_eq!(redirect.wait(), Ending::Followed);
    drop(silent);
}

#[test]
fn a_link_that_nobody_follows_ends() {
    let redirect = Redirect::start(LINK.to_owned().into(), Duration::ZERO).unwrap();
    let (host, _) = parts(&redirect);
    let address: SocketAddr = host.parse().unwrap();
    assert_eq!(redirect.wait(), Ending::Expired);
    // The thread that listened closes its socket as soon as it was woken.
    let deadline = std::time::Instant::now() + Duration::from_secs(10);
    while TcpStream::connect(address).is_ok() {
        assert!(std::time::Instant::now() < deadline, "still listening");
        std::thread::yield_now();
    }
}
