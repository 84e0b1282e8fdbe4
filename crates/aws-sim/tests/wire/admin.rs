//! The admin API, as a test in another process uses it.

use holdfast_aws_sim::{Admin, Scenario, Sim, blog};
use serde_json::json;

use crate::client::{STS, empty, get};

#[test]
fn the_clock_is_read_and_moved() {
    let sim = empty();
    let admin = Admin::new(sim.address());
    assert_eq!(admin.get("clock").unwrap()["offset_seconds"], 0);
    let moved = admin
        .post("clock", &json!({"advance_seconds": 3600}))
        .unwrap();
    assert_eq!(moved["offset_seconds"], 3600);
    assert_eq!(
        admin.post("clock", &json!("freeze")).unwrap()["frozen"],
        true
    );
    let set = admin
        .post("clock", &json!({"set": "2030-01-01T00:00:00Z"}))
        .unwrap();
    assert_eq!(set["now"], "2030-01-01T00:00:00Z");
    assert_eq!(
        admin.post("clock", &json!("reset")).unwrap()["offset_seconds"],
        0
    );
    for wrong in [
        json!({"advance_seconds": -1}),
        json!({"later": 1}),
        json!("stop"),
    ] {
        assert!(admin.post("clock", &wrong).is_err(), "{wrong}");
    }
}

#[test]
fn codes_are_those_of_the_device() {
    let sim = Sim::start(Scenario::blog()).unwrap();
    sim.clock().freeze();
    let admin = Admin::new(sim.address());
    let code = admin.totp(blog::MFA_SERIAL).unwrap();
    assert_eq!(Some(code), sim.totp_now(blog::MFA_SERIAL));
    assert_eq!(
        admin.totp("arn:aws:iam::1:mfa/x").unwrap_err().to_string(),
        "no such MFA device"
    );
}

#[test]
fn faults_are_added_and_calls_read() {
    let sim = empty();
    let admin = Admin::new(sim.address());
    let rule = json!({
        "fault": {"type": "error", "status": 500, "code": "InternalFailure", "message": "no"},
        "service": "sts",
        "times": 1,
    });
    assert_eq!(
        admin.post("faults", &rule).unwrap()[0]["fault"]["type"],
        "error"
    );
    assert_eq!(get(&sim, STS).unwrap().status, 500);
    assert_eq!(get(&sim, STS).unwrap().status, 403);
    let calls = admin.get("calls?service=sts").unwrap();
    assert_eq!(calls[0]["error"], "InternalFailure");
    assert_eq!(calls.as_array().unwrap().len(), 2);
    assert_eq!(admin.get("calls?operation=AssumeRole").unwrap(), json!([]));
    assert_eq!(admin.delete("calls").unwrap(), json!([]));
    admin
        .post("faults", &json!({"fault": {"type": "hang"}}))
        .unwrap();
    assert_eq!(admin.delete("faults").unwrap(), json!([]));
    assert!(
        admin
            .post("faults", &json!({"fault": {"type": "unheard"}}))
            .is_err()
    );
    assert!(admin.get("nothing").is_err());
}

#[test]
fn keys_sessions_and_roles_are_changed() {
    let sim = Sim::start(Scenario::blog()).unwrap();
    let admin = Admin::new(sim.address());
    let key = json!({"access_key_id": sim.access_key(blog::USER).unwrap().id});
    assert_eq!(
        admin.post("keys/deactivate", &key).unwrap()["active"],
        false
    );
    assert_eq!(admin.post("keys/activate", &key).unwrap()["active"], true);
    assert!(
        admin
            .post("keys/activate", &json!({"access_key_id": "AKIA"}))
            .is_err()
    );
    admin.post("sessions/expire", &json!({})).unwrap();
    admin.post("sessions/revoke", &json!("all")).unwrap();
    admin
        .post("sessions/revoke", &json!({"role_arn": blog::ROLE_ARN}))
        .unwrap();
    assert!(
        admin
            .post("sessions/revoke", &json!({"access_key_id": "ASIA"}))
            .is_err()
    );
    let role = json!({"role_arn": blog::ROLE_ARN, "suspended": true});
    assert_eq!(admin.post("roles", &role).unwrap()["suspended"], true);
}
