//! A clock that is off and a network that fails: said to be just that, and nobody is signed out.

use crate::world::World;
use holdfast_aws_sim::{Fault, Rule, Service, blog};
use holdfast_testkit::wait_until;
use jiff::SignedDuration;
use serde_json::json;
use std::time::Duration;

const MINUTE: i64 = 60;
const DAY: i64 = 24 * 60 * MINUTE;

/// AWS's clock is this many seconds ahead of the machine's from the start.
fn clock_is_off(seconds: i64) {
    let world = World::in_memory();
    world
        .sim
        .clock()
        .set_offset(SignedDuration::from_secs(seconds));
    world.login().ok();
    assert!(
        world.count("GetSessionToken") <= 2,
        "AWS was asked {} times",
        world.count("GetSessionToken")
    );
    assert_eq!(world.count("AssumeRole"), 1, "the time was known by then");
    world.git_setup();
    world.sim.calls().clear();
    world
        .git(&["clone", "--quiet", blog::CLONE_URL, "work"])
        .ok();
    let refused = world
        .sim
        .calls()
        .matching(|call| call.service == Service::Git && call.status == Some(403));
    assert_eq!(refused, [], "the password was made with AWS's time");
    let told = world.status()["clock_offset_seconds"].as_i64().unwrap();
    assert!((told - seconds).abs() <= 5, "{told}");
    let credentials = world
        .holdfast(&["credential-process", "--profile", blog::ROLE_PROFILE])
        .ok()
        .json();
    let ends: jiff::Timestamp = credentials["Expiration"].as_str().unwrap().parse().unwrap();
    let left = ends.duration_since(jiff::Timestamp::now());
    assert!(
        (50 * MINUTE..=60 * MINUTE).contains(&left.as_secs()),
        "by the machine's clock: {left}"
    );
}

#[test]
fn a_clock_20_minutes_behind_is_corrected() {
    clock_is_off(20 * MINUTE);
}

#[test]
fn a_clock_20_minutes_ahead_is_corrected() {
    clock_is_off(-20 * MINUTE);
}

#[test]
fn a_clock_2_days_behind_is_corrected() {
    clock_is_off(2 * DAY);
}

#[test]
fn a_clock_2_days_ahead_is_corrected() {
    clock_is_off(-2 * DAY);
}

/// STS fails while a role has to be assumed: the person is told so in these words, keeps the session that was opened with
/// the code, and needs no other when STS is back.
fn sts_fails(fault: Fault, words: &[&str], online: bool) {
    let world = World::new();
    world.git_setup();
    let code = world.code();
    world
        .holdfast(&["login", blog::KEY_PROFILE, "--code", &code])
        .ok();
    // An agent that starts anew has no connection to AWS left.
    world.holdfast(&["agent", "stop"]).ok();
    world
        .sim
        .faults()
        .add(Rule::new(fault).service(Service::Sts));

    let refused = world.ls_remote().failed();
    let refused = refused.says(&["holdfast: "]).says(words);
    let refused = refused.never_says(&[
        "Username",
        "has ended",
        "needs an MFA code",
        "signed out",
        "holdfast login",
    ]);
    assert_eq!(refused.helper_lines().len(), 1, "{refused}");
    let refused = world.holdfast(&["credential-process", "--profile", blog::ROLE_PROFILE]);
    refused.exits(1).says(words);

    let status = world.status();
    assert_eq!(status["online"], json!(online), "{status:#}");
    let mfa = status["sessions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|session| session["kind"] == "mfa")
        .unwrap();
    assert_eq!(mfa["state"], "valid", "{status:#}");
    // The session that is valid is served meanwhile, and is all that is needed here.
    world
        .holdfast(&["credential-process", "--profile", blog::KEY_PROFILE])
        .ok();

    world.sim.faults().clear();
    wait_until("git works again", || world.ls_remote().is_ok());
    assert_eq!(world.count("GetSessionToken"), 1, "one code");
    assert_eq!(world.status()["online"], json!(true));
}

#[test]
fn sts_answers_with_an_error() {
    let fault = Fault::error(
        503,
        "ServiceUnavailable",
        "Service is unable to handle request.",
    );
    sts_fails(
        fault,
        &["sts.us-east-1.amazonaws.com failed with 503"],
        true,
    );
}

#[test]
fn sts_asks_to_slow_down() {
    sts_fails(
        Fault::throttling(),
        &["sts.us-east-1.amazonaws.com asked to slow down"],
        true,
    );
}

#[test]
fn one_busy_answer_of_sts_is_not_noticed() {
    for fault in [
        Fault::throttling(),
        Fault::error(500, "InternalFailure", "We encountered an internal error."),
    ] {
        let world = World::new();
        world.git_setup();
        let code = world.code();
        world
            .holdfast(&["login", blog::KEY_PROFILE, "--code", &code])
            .ok();
        let once = Rule::new(fault).operation("AssumeRole").times(1);
        world.sim.faults().add(once);
        world.ls_remote().ok();
        assert_eq!(world.count("AssumeRole"), 2);
    }
}

#[test]
fn sts_never_answers() {
    sts_fails(
        Fault::Hang,
        &["sts.us-east-1.amazonaws.com did not answer within"],
        false,
    );
}

#[test]
fn the_connection_to_sts_is_reset() {
    sts_fails(Fault::Reset, &["sts.us-east-1.amazonaws.com"], false);
}

#[test]
fn the_answer_of_sts_is_cut_off() {
    sts_fails(Fault::Truncate, &["sts.us-east-1.amazonaws.com"], false);
}

#[test]
fn a_captive_portal_answers() {
    sts_fails(
        Fault::captive_portal(),
        &[
            "something else than AWS answered for sts.us-east-1.amazonaws.com",
            "captive portal",
        ],
        false,
    );
}

#[test]
fn a_captive_portal_redirects() {
    let fault = Fault::Html {
        status: 302,
        location: Some("https://portal.example/login".to_owned()),
    };
    sts_fails(
        fault,
        &[
            "something else than AWS answered for sts.us-east-1.amazonaws.com",
            "captive portal",
        ],
        false,
    );
}

#[test]
fn tls_is_intercepted() {
    sts_fails(
        Fault::Intercept,
        &[
            "the certificate of sts.us-east-1.amazonaws.com is not trusted",
            "AWS_CA_BUNDLE",
        ],
        false,
    );
}

#[test]
fn the_machine_is_offline() {
    sts_fails(Fault::Offline, &["sts.us-east-1.amazonaws.com"], false);
}

#[test]
fn the_proxy_refuses() {
    sts_fails(
        Fault::Proxy { status: 502 },
        &[
            "the proxy 127.0.0.1:",
            "did not connect to sts.us-east-1.amazonaws.com",
        ],
        false,
    );
}

#[test]
fn a_slow_sts_is_waited_for() {
    let world = World::in_memory();
    world.git_setup();
    world
        .sim
        .faults()
        .add(Rule::new(Fault::delay(Duration::from_secs(3))).service(Service::Sts));
    world.login().ok();
    world.ls_remote().ok();
    assert_eq!(world.count("GetSessionToken"), 1);
}

#[test]
fn one_broken_connection_is_made_up_for() {
    let world = World::in_memory();
    world.git_setup();
    let code = world.code();
    world
        .holdfast(&["login", blog::KEY_PROFILE, "--code", &code])
        .ok();
    let rule = Rule::new(Fault::Reset).operation("AssumeRole").times(1);
    world.sim.faults().add(rule);
    world.ls_remote().ok();
    assert_eq!(world.sim.faults().rules(), [], "it struck");
}

#[test]
fn a_code_typed_while_offline_can_be_typed_again() {
    let world = World::in_memory();
    world.sim.faults().offline();
    let code = world.code();
    let login = || world.holdfast(&["login", blog::ROLE_PROFILE, "--code", &code]);
    login()
        .exits(1)
        .says(&["sts.us-east-1.amazonaws.com"])
        .never_says(&["refused the code", &code]);
    world.sim.faults().clear();
    wait_until("the code is taken", || login().is_ok());
    assert_eq!(world.count("GetSessionToken"), 1, "AWS saw it once");
}
