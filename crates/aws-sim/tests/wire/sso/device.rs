//! Devices: the code a person types, and what the device is told meanwhile.

use std::time::Duration;

use holdfast_aws_sim::{DevicePage, Fault, Rule, sso};
use rstest::rstest;
use serde_json::Value;

use super::{Client, assert_error, json_of, start};
use crate::client::{Connection, post, trusting};

#[test]
fn a_device_waits_for_a_person() {
    let (sim, portal) = start();
    let client = Client::device(&sim);
    let started = json_of(&client.start_device(sso::START_URL));
    let code = started["userCode"].as_str().unwrap();
    assert_eq!(started["expiresIn"], 600);
    assert_eq!(started["interval"], 1);
    let page = format!("{}/#/device", sso::START_URL);
    assert_eq!(started["verificationUri"], page.as_str());
    let complete = format!("{page}?user_code={code}");
    assert_eq!(started["verificationUriComplete"], complete.as_str());
    assert_eq!(portal.user_codes(), [code]);

    let pending = client.poll(&started["deviceCode"]);
    assert_error(
        &pending,
        400,
        "AuthorizationPendingException",
        "authorization_pending",
    );
    assert_eq!(
        json_of(&pending)["error_description"],
        "Authorization is still pending"
    );
    assert!(sim.allow_device(&code.to_ascii_lowercase().replace('-', "")));
    assert!(!sim.allow_device(code), "it was answered already");
    let tokens = json_of(&client.poll(&started["deviceCode"]));
    assert!(tokens["refreshToken"].is_string(), "{tokens}");
    let again = client.poll(&started["deviceCode"]);
    assert_error(&again, 400, "InvalidGrantException", "invalid_grant");
}

#[test]
fn a_device_that_asks_too_often_is_slowed_down() {
    let (sim, portal) = start();
    portal.set_policy(|policy| policy.poll_seconds = 60);
    let client = Client::device(&sim);
    let started = json_of(&client.start_device(sso::START_URL));
    let poll = || client.poll(&started["deviceCode"]);
    for _ in 0..2 {
        assert_error(
            &poll(),
            400,
            "AuthorizationPendingException",
            "authorization_pending",
        );
    }
    assert_error(&poll(), 400, "SlowDownException", "slow_down");
    sim.faults()
        .add(Rule::new(Fault::error(400, "SlowDownException", "Slow down")).times(1));
    assert_error(&poll(), 400, "SlowDownException", "slow_down");
}

#[test]
fn a_denied_and_a_forgotten_device() {
    let (sim, _) = start();
    let client = Client::device(&sim);
    let denied = json_of(&client.start_device(sso::START_URL));
    assert!(sim.deny_device(denied["userCode"].as_str().unwrap()));
    let answer = client.poll(&denied["deviceCode"]);
    assert_error(&answer, 400, "AccessDeniedException", "access_denied");
    let late = json_of(&client.start_device(sso::START_URL));
    sim.clock().advance(Duration::from_secs(600));
    let answer = client.poll(&late["deviceCode"]);
    assert_error(&answer, 400, "ExpiredTokenException", "expired_token");
    assert!(!sim.allow_device(late["userCode"].as_str().unwrap()));
}

#[rstest]
#[case::typo("https://holdfast-dmo.awsapps.com/start")]
#[case::another_region(sso::OTHER_START_URL)]
fn a_wrong_start_url(#[case] start_url: &str) {
    let (sim, _) = start();
    let answer = Client::device(&sim).start_device(start_url);
    assert_error(&answer, 400, "InvalidRequestException", "invalid_request");
}

#[test]
fn a_client_of_another_kind() {
    let (sim, _) = start();
    let answer = Client::pkce(&sim).start_device(sso::START_URL);
    assert_error(
        &answer,
        400,
        "UnauthorizedClientException",
        "unauthorized_client",
    );
}

#[test]
fn the_page_for_codes() {
    let (sim, portal) = start();
    portal.set_policy(|policy| policy.device_page = DevicePage::Regional);
    let client = Client::device(&sim);
    let started = json_of(&client.start_device(sso::START_URL));
    let host = "device.sso.eu-central-1.amazonaws.com";
    assert_eq!(started["verificationUri"], format!("https://{host}/"));
    let code = started["userCode"].as_str().unwrap();
    let get = |target: &str| {
        let mut connection = Connection::open(&sim, host, trusting(&sim)).unwrap();
        connection.ask(host, target, "").unwrap().body
    };
    assert!(get("/").contains("name=\"user_code\""));
    assert!(get("/?user_code=ABCD-EFGH").contains("The code is not valid."));
    let page = get(&format!("/?user_code={code}"));
    for text in [code, "hand", sso::START_URL, ">Allow<", ">Deny<"] {
        assert!(page.contains(text), "{text} in {page}");
    }
    let target = format!("/?user_code={code}");
    let done = post(&sim, host, &target, "", "user=jo&answer=allow").unwrap();
    assert!(done.body.contains("Request approved"), "{}", done.body);
    assert_eq!(client.poll(&started["deviceCode"]).status, 200);
    assert_eq!(sim.calls().count("DeviceConsent"), 1);
}

#[test]
fn without_scopes_nothing_can_be_renewed() {
    let (sim, _) = start();
    let registration = serde_json::json!({"clientName": "hand", "clientType": "public"});
    let client = Client::of(&sim, &registration);
    let started = json_of(&client.start_device(sso::START_URL));
    assert!(sim.allow_device(started["userCode"].as_str().unwrap()));
    let tokens = json_of(&client.poll(&started["deviceCode"]));
    assert_eq!(tokens["refreshToken"], Value::Null);
    assert_eq!(tokens["expiresIn"], 3600);
}
