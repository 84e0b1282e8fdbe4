//! The federation endpoint and the console, as a browser without mercy meets them.

use std::io;

use holdfast_aws_sim::{Scenario, Service, Sim};

use crate::client::{Answer, Connection, trusting};

const SIGN_IN: &str = "us-east-1.signin.aws.amazon.com";
const CONSOLE: &str = "us-east-1.console.aws.amazon.com";

fn ask(sim: &Sim, host: &str, target: &str, headers: &str) -> io::Result<Answer> {
    Connection::open(sim, host, trusting(sim))?.ask(host, target, headers)
}

#[test]
fn what_is_no_session_gets_no_token() {
    let sim = Sim::start(Scenario::blog()).unwrap();
    let key = sim.access_key("MyRepositoryUser").unwrap();
    let session = |id: &str, key: &str| {
        let text =
            format!("{{\"sessionId\":\"{id}\",\"sessionKey\":\"{key}\",\"sessionToken\":\"\"}}");
        text.bytes()
            .map(|byte| format!("%{byte:02x}"))
            .collect::<String>()
    };
    for session in [
        String::new(),
        "%7B%7D".to_owned(),
        session("ASIAUNKNOWN", "x"),
        session(&key.id, key.secret.reveal()),
    ] {
        let target = format!("/federation?Action=getSigninToken&Session={session}");
        let answer = ask(&sim, SIGN_IN, &target, "").unwrap();
        assert_eq!(answer.status, 400, "{}", answer.body);
        assert!(!answer.body.contains("SigninToken"));
    }
    assert_eq!(sim.calls().count("getSigninToken"), 4);
    assert_eq!(sim.calls().count_of(Service::SignIn), 4);
}

#[test]
fn a_login_needs_a_token_and_leads_to_the_console_only() {
    let sim = Sim::start(Scenario::blog()).unwrap();
    for destination in [
        "https%3A%2F%2Fevil.example%2F",
        "https%3A%2F%2Fconsole.aws.amazon.com%2F",
    ] {
        let target =
            format!("/federation?Action=login&Destination={destination}&SigninToken=made-up");
        let answer = ask(&sim, SIGN_IN, &target, "").unwrap();
        assert_eq!((answer.status, answer.header("location")), (400, None));
    }
    for cookie in ["", "Cookie: other=1\r\n", "Cookie: aws-sim-console=1\r\n"] {
        let answer = ask(&sim, CONSOLE, "/console/home", cookie).unwrap();
        assert_eq!(answer.status, 403, "{cookie}");
    }
}
