//! Every fault, as a client meets it.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use holdfast_aws_sim::{Fault, Rule, Service, Sim};

use crate::client::{Connection, STS, empty, get, trusting};

fn with(fault: Fault) -> Sim {
    let sim = empty();
    sim.faults().add(Rule::new(fault).times(1));
    sim
}

/// After the fault everything is as before.
#[track_caller]
fn recovers(sim: &Sim) {
    assert_eq!(get(sim, STS).unwrap().status, 403);
}

#[test]
fn an_error_has_the_form_of_its_service() {
    let sim = with(Fault::error(503, "ServiceUnavailable", "Try later"));
    let answer = get(&sim, STS).unwrap();
    assert_eq!(answer.status, 503);
    let expect = "<Type>Receiver</Type><Code>ServiceUnavailable</Code><Message>Try later</Message>";
    assert!(answer.body.contains(expect), "{}", answer.body);
    let call = sim.calls().last().unwrap();
    assert_eq!(
        (call.status, call.fault.as_deref()),
        (Some(503), Some("error"))
    );
    recovers(&sim);
    sim.faults()
        .add(Rule::new(Fault::throttling()).service(Service::CodeCommit));
    let answer = get(&sim, "codecommit.us-east-1.amazonaws.com").unwrap();
    assert_eq!(
        answer.body,
        r#"{"__type":"Throttling","message":"Rate exceeded"}"#
    );
    recovers(&sim);
}

#[test]
fn a_delay_comes_before_the_right_answer() {
    let sim = with(Fault::delay(Duration::from_millis(300)));
    let start = Instant::now();
    assert_eq!(get(&sim, STS).unwrap().status, 403);
    assert!(start.elapsed() >= Duration::from_millis(300));
    recovers(&sim);
}

#[test]
fn a_hang_lasts_as_long_as_the_client_waits() {
    let sim = with(Fault::Hang);
    let mut connection = Connection::open(&sim, STS, trusting(&sim)).unwrap();
    connection.timeout(Duration::from_millis(200));
    let kind = connection.get(STS).unwrap_err().kind();
    assert!(
        matches!(kind, ErrorKind::WouldBlock | ErrorKind::TimedOut),
        "{kind:?}"
    );
    let call = sim.calls().last().unwrap();
    assert_eq!((call.status, call.fault.as_deref()), (None, Some("hang")));
    recovers(&sim);
}

#[test]
fn a_reset_is_a_reset() {
    let sim = with(Fault::Reset);
    assert_eq!(
        get(&sim, STS).unwrap_err().kind(),
        ErrorKind::ConnectionReset
    );
    recovers(&sim);
}

#[test]
fn a_truncated_answer_promises_more_than_comes() {
    let sim = with(Fault::Truncate);
    let error = get(&sim, STS).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
    recovers(&sim);
}

#[test]
fn a_stalled_answer_goes_on_when_the_rules_are_forgotten() {
    let sim = with(Fault::Stall);
    std::thread::scope(|scope| {
        let whole = scope.spawn(|| get(&sim, STS));
        let deadline = Instant::now() + Duration::from_secs(20);
        while sim.calls().all().is_empty() {
            assert!(Instant::now() < deadline, "the request is answered");
            std::thread::yield_now();
        }
        assert!(!whole.is_finished());
        sim.faults().clear();
        let whole = whole.join().unwrap().unwrap();
        assert!(whole.body.ends_with("</ErrorResponse>"), "{}", whole.body);
    });
    recovers(&sim);
}

#[test]
fn a_captive_portal_answers_with_its_own_page() {
    let sim = with(Fault::captive_portal());
    let answer = get(&sim, STS).unwrap();
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, Some("text/html; charset=utf-8"))
    );
    assert!(answer.body.starts_with("<!DOCTYPE html>"));
    let location = "http://portal.example/login";
    sim.faults().add(
        Rule::new(Fault::Html {
            status: 302,
            location: Some(location.to_owned()),
        })
        .times(1),
    );
    let answer = get(&sim, STS).unwrap();
    assert_eq!(
        (answer.status, answer.header("location")),
        (302, Some(location))
    );
    recovers(&sim);
}

#[test]
fn offline_reaches_open_connections_too() {
    let sim = empty();
    let mut open = Connection::open(&sim, STS, trusting(&sim)).unwrap();
    sim.faults().offline();
    assert_eq!(
        open.get(STS).unwrap_err().kind(),
        ErrorKind::ConnectionReset
    );
    assert_eq!(
        get(&sim, STS).unwrap_err().kind(),
        ErrorKind::ConnectionReset
    );
    sim.faults().clear();
    recovers(&sim);
}

#[test]
fn the_proxy_itself_can_refuse() {
    for status in [407, 502, 503] {
        let sim = with(Fault::Proxy { status });
        let refusal = get(&sim, STS).unwrap_err().to_string();
        assert!(
            refusal.starts_with(&format!("HTTP/1.1 {status}")),
            "{refusal}"
        );
        recovers(&sim);
    }
}

#[test]
fn an_interception_is_noticed() {
    let sim = with(Fault::Intercept);
    let error = get(&sim, STS).unwrap_err();
    assert!(error.to_string().contains("UnknownIssuer"), "{error}");
    recovers(&sim);
}
