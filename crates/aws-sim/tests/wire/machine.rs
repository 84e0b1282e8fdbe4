//! What a machine finds on its own network: instance metadata and container credentials.

use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use holdfast_aws_sim::{Account, Fault, Role, Rule, Scenario, Service, Sim, Trust, allow};
use serde_json::Value;

use crate::client::{Answer, read_answer};

const ROLE: &str = "arn:aws:iam::111122223333:role/Worker";
const ROLE_PATH: &str = "/latest/meta-data/iam/security-credentials/";
const TTL: &str = "X-aws-ec2-metadata-token-ttl-seconds";

fn sim() -> Sim {
    let everything = allow(&["codecommit:*"], &["*"]);
    let role = Role::new("Worker", Trust::of("111122223333")).policy(everything);
    let account = Account::new("111122223333").role(role);
    let scenario = Scenario::new()
        .account(account)
        .instance_role(ROLE)
        .container_role(ROLE);
    Sim::start(scenario).unwrap()
}

fn ask(sim: &Sim, method: &str, path: &str, headers: &str) -> std::io::Result<Answer> {
    let host = sim.metadata_url().replace("http://", "");
    let mut stream = TcpStream::connect(&host)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\n{headers}Connection: close\r\n\r\n"
    )?;
    read_answer(&mut stream)
}

/// The status and body of an answer.
fn get(sim: &Sim, path: &str, headers: &str) -> (u16, String) {
    let answer = ask(sim, "GET", path, headers).unwrap();
    (answer.status, answer.body)
}

fn token(sim: &Sim) -> String {
    let answer = ask(sim, "PUT", "/latest/api/token", &format!("{TTL}: 60\r\n")).unwrap();
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header(TTL), Some("60"));
    format!("X-aws-ec2-metadata-token: {}\r\n", answer.body)
}

#[test]
fn a_token_leads_to_the_roles_credentials_until_it_ends() {
    let sim = sim();
    let token = token(&sim);
    assert_eq!(get(&sim, ROLE_PATH, &token), (200, "Worker".to_owned()));
    let worker = format!("{ROLE_PATH}Worker");
    let (_, body) = get(&sim, &worker, &token);
    let first: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(first["Code"], "Success");
    assert!(first["AccessKeyId"].as_str().unwrap().starts_with("ASIA"));
    assert_eq!(
        get(&sim, &worker, &token).1,
        body,
        "the same until they are renewed"
    );
    sim.clock().advance(Duration::from_secs(61));
    assert_eq!(get(&sim, &worker, &token).0, 401);
    sim.clock().advance(Duration::from_secs(6 * 3600 - 600));
    let (_, body) = get(&sim, &worker, &self::token(&sim));
    let second: Value = serde_json::from_str(&body).unwrap();
    assert_ne!(first["AccessKeyId"], second["AccessKeyId"], "renewed ahead");
    assert_eq!(sim.calls().count("GetToken"), 2);
    assert_eq!(sim.calls().count_of(Service::InstanceMetadata), 7);
}

#[test]
fn version_1_and_forwarded_requests_are_refused() {
    let sim = sim();
    for (method, path, headers, status) in [
        ("GET", ROLE_PATH, String::new(), 401),
        (
            "GET",
            ROLE_PATH,
            "X-aws-ec2-metadata-token: guess\r\n".to_owned(),
            401,
        ),
        ("GET", "/latest/api/token", format!("{TTL}: 60\r\n"), 405),
        ("PUT", "/latest/api/token", String::new(), 400),
        ("PUT", "/latest/api/token", format!("{TTL}: 21601\r\n"), 400),
        (
            "PUT",
            "/latest/api/token",
            format!("{TTL}: 60\r\nX-Forwarded-For: 10.0.0.1\r\n"),
            403,
        ),
        ("PUT", ROLE_PATH, token(&sim), 405),
        (
            "GET",
            "/latest/meta-data/iam/security-credentials/Other",
            token(&sim),
            404,
        ),
        ("GET", "/latest/meta-data/nothing", token(&sim), 404),
    ] {
        let answer = ask(&sim, method, path, &headers).unwrap();
        assert_eq!(answer.status, status, "{method} {path} {headers}");
    }
}

#[test]
fn a_role_that_is_gone_is_told_as_the_service_does() {
    let sim = sim();
    let token = token(&sim);
    sim.set_role_suspended(ROLE, true);
    let (status, body) = get(&sim, &format!("{ROLE_PATH}Worker"), &token);
    let told: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        (status, told["Code"].as_str()),
        (200, Some("AssumeRoleUnauthorizedAccess"))
    );
    sim.set_instance_role(None);
    assert_eq!(get(&sim, ROLE_PATH, &token).0, 404);
}

#[test]
fn a_container_gets_credentials_for_its_token() {
    let sim = sim();
    let path = sim.container_url().replace(&sim.metadata_url(), "");
    let sent = |token: &str| get(&sim, &path, &format!("Authorization: {token}\r\n"));
    let old = sim.container_token();
    let (status, body) = sent(old.reveal());
    let told: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, told["RoleArn"].as_str()), (200, Some(ROLE)));
    let new = sim.rotate_container_token();
    assert_eq!(sent(old.reveal()).0, 401);
    assert_eq!(sent(new.reveal()).0, 200);
    assert_eq!(get(&sim, "/v2/credentials/other", "").0, 404);
    sim.set_role_suspended(ROLE, true);
    assert_eq!(sent(new.reveal()).0, 403);
    sim.set_container_role(None);
    assert_eq!(sent(new.reveal()).0, 404);
    assert_eq!(sim.calls().count_of(Service::Container), 6);
}

#[test]
fn faults_strike_here_too() {
    let sim = sim();
    let fault = Fault::error(503, "ServiceUnavailable", "later");
    sim.faults()
        .add(Rule::new(fault).service(Service::InstanceMetadata).times(1));
    assert_eq!(get(&sim, ROLE_PATH, "").0, 503);
    assert_eq!(get(&sim, ROLE_PATH, "").0, 401);
    sim.faults()
        .add(Rule::new(Fault::Reset).service(Service::Container));
    assert!(ask(&sim, "GET", "/v2/credentials/other", "").is_err());
}
