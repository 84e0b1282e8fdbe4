//! Which hosts the proxy stands in for, and as whom.

use rstest::rstest;

use crate::client::{STS, empty, get, raw};

#[rstest]
#[case::another_host("CONNECT example.com:443 HTTP/1.1\r\n\r\n", 403)]
#[case::looks_like_aws("CONNECT sts.amazonaws.com.evil.example:443 HTTP/1.1\r\n\r\n", 403)]
#[case::another_service("CONNECT s3.us-east-1.amazonaws.com:443 HTTP/1.1\r\n\r\n", 403)]
#[case::another_port("CONNECT sts.us-east-1.amazonaws.com:8443 HTTP/1.1\r\n\r\n", 403)]
#[case::garbage("CORRECT sts.us-east-1.amazonaws.com:443 HTTP/1.1\r\n\r\n", 400)]
#[case::plain_http(
    "GET http://sts.amazonaws.com/ HTTP/1.1\r\nHost: sts.amazonaws.com\r\nConnection: close\r\n\r\n",
    403
)]
fn refused(#[case] request: &str, #[case] status: u16) {
    let sim = empty();
    assert_eq!(raw(&sim, request).unwrap().status, status);
    assert!(sim.calls().is_empty());
}

#[rstest]
#[case(STS)]
#[case("sts.amazonaws.com")]
#[case("iam.amazonaws.com")]
#[case("sts-fips.us-gov-west-1.amazonaws.com")]
#[case("sts.cn-north-1.amazonaws.com.cn")]
#[case("sts.us-iso-east-1.c2s.ic.gov")]
fn query_services_ask_for_a_signature(#[case] host: &str) {
    let sim = empty();
    let answer = get(&sim, host).unwrap();
    assert_eq!(answer.status, 403);
    assert_eq!(answer.header("content-type"), Some("text/xml"));
    let expect = "<Code>MissingAuthenticationToken</Code><Message>Request is missing Authentication Token</Message>";
    assert!(answer.body.contains(expect), "{}", answer.body);
}

#[test]
fn codecommit_asks_in_json_and_git_with_a_challenge() {
    let sim = empty();
    let answer = get(&sim, "codecommit.eu-west-1.amazonaws.com").unwrap();
    assert_eq!(answer.status, 400);
    let expect = r#"{"__type":"MissingAuthenticationTokenException","message":"Request is missing Authentication Token"}"#;
    assert_eq!(answer.body, expect);
    assert_eq!(
        answer.header("x-amzn-errortype"),
        Some("MissingAuthenticationTokenException")
    );
    let answer = get(&sim, "git-codecommit.eu-west-1.amazonaws.com").unwrap();
    assert_eq!(answer.status, 401);
    assert!(
        answer
            .header("www-authenticate")
            .unwrap()
            .starts_with("Basic")
    );
}

#[test]
fn answers_are_dated_by_the_simulated_clock() {
    let sim = empty();
    sim.clock().freeze();
    sim.clock().set("2031-02-03T04:05:06Z".parse().unwrap());
    let answer = get(&sim, STS).unwrap();
    assert_eq!(answer.header("date"), Some("Mon, 03 Feb 2031 04:05:06 GMT"));
    assert_eq!(
        sim.calls().last().unwrap().time.to_string(),
        "2031-02-03T04:05:06Z"
    );
}

#[test]
fn a_request_for_another_host_than_the_tunnels_is_misdirected() {
    let sim = empty();
    let config = crate::client::trusting(&sim);
    let mut connection = crate::client::Connection::open(&sim, STS, config).unwrap();
    assert_eq!(connection.get("iam.amazonaws.com").unwrap().status, 421);
}

#[test]
fn ends_when_dropped() {
    let sim = empty();
    let (address, folder) = (sim.address(), sim.folder().to_owned());
    let config = crate::client::trusting(&sim);
    let mut open = crate::client::Connection::open(&sim, STS, config).unwrap();
    drop(sim);
    assert!(std::net::TcpStream::connect(address).is_err());
    assert!(open.get(STS).is_err());
    assert!(!folder.exists());
}
