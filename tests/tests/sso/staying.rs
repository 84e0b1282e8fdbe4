//! Staying signed in: tokens of an hour are renewed in silence, until the session at the portal itself ends.

use crate::person::Person;
use crate::process::many;
use crate::world::{World, program};
use holdfast_aws_sim::{Fault, Rule, Scenario, sso};
use jiff::Timestamp;
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

/// What git asks for the repository.
const GET: &str = "capability[]=authtype\nprotocol=https\nhost=git-codecommit.eu-central-1.amazonaws.com\npath=v1/repos/dev-team-app\n\n";

#[test]
fn twelve_hours_of_work_open_no_browser_and_fail_no_request() {
    let mut person = Person::new().with_clock().with_git(sso::DEV_PROFILE);
    person
        .portal()
        .set_policy(|policy| policy.session_seconds = 24 * 3600);
    person.sign_in(sso::DEV_PROFILE);
    for _ in 0..36 {
        person.wait(20 * MINUTE);
        person.git(&["ls-remote", sso::CLONE_URL]).ok();
        person.credentials(sso::DEV_PROFILE).ok();
        person.credentials(sso::CHAIN_PROFILE).ok();
    }
    assert_eq!(person.opened().len(), 1, "the first sign-in alone");
    let refreshes = person.grants("refresh_token");
    assert!((11..=18).contains(&refreshes), "{refreshes} in 12 hours");
    // Git asks without a password first, as it always does.
    let failed = person.sim.calls().matching(|call| {
        call.status.is_none_or(|status| status >= 400) && call.status != Some(401)
    });
    assert_eq!(failed, []);
}

#[test]
fn a_session_at_the_portal_ends_in_words_and_is_known_the_next_time() {
    let mut person = Person::new().with_clock();
    person.sign_in(sso::DEV_PROFILE);
    for _ in 0..18 {
        person.credentials(sso::DEV_PROFILE).ok();
        person.wait(25 * MINUTE);
    }
    person.credentials(sso::DEV_PROFILE).ok();
    let told = ends_at(&person).unwrap();
    let left = told.duration_since(person.now()).as_secs();
    assert!(
        (25 * 60..=30 * 60).contains(&left),
        "known before: {left} s"
    );
    person.wait(HOUR);
    let refused = person.credentials(sso::DEV_PROFILE).exits(3);
    refused.says(&[
        "the sign-in to holdfast-demo.awsapps.com for profile dev-team-profile has ended",
        "your administrator limits it to 8 hours",
        "holdfast login dev-team-profile",
    ]);
    assert_eq!(person.opened().len(), 1, "no browser opens by itself");

    person.sign_in(sso::DEV_PROFILE);
    assert_eq!(person.opened().len(), 2);
    let left = ends_at(&person).unwrap().duration_since(person.now());
    assert!(
        (7..=8).contains(&left.as_hours()),
        "known from the start: {left}"
    );
}

/// When the session at the portal ends, as far as that is known.
fn ends_at(person: &Person) -> Option<Timestamp> {
    let status = person.status();
    let sessions = status["sessions"].as_array().unwrap();
    let portal = sessions.iter().find(|it| it["kind"] == "portal").unwrap();
    portal["portal"]["ends_at"]
        .as_str()
        .map(|time| time.parse().unwrap())
}

#[test]
fn a_thousand_callers_on_an_expired_token_make_one_refresh() {
    let mut person = Person::new().with_clock();
    person.sign_in(sso::DEV_PROFILE);
    person.wait(2 * HOUR);
    assert_eq!(
        (
            person.grants("refresh_token"),
            person.count("GetRoleCredentials")
        ),
        (0, 1)
    );
    let helper = || {
        let mut command = person.command(program("git-credential-holdfast"));
        command.args(["--profile", sso::DEV_PROFILE, "get"]);
        command
    };
    let answers = many(&person, 1000, GET, helper);
    let bad = answers
        .iter()
        .find(|(ok, out, err)| !ok || !err.is_empty() || !out.contains("\npassword="));
    assert_eq!(bad, None);
    assert_eq!(person.grants("refresh_token"), 1);
    assert_eq!(person.count("GetRoleCredentials"), 2);
}

#[test]
fn a_session_that_the_administrator_revokes_is_over_after_one_refresh() {
    let mut person = Person::new().with_clock();
    person.sign_in(sso::DEV_PROFILE);
    person.credentials(sso::DEV_PROFILE).ok();
    assert_eq!(person.portal().revoke_sessions(), 1);
    // The role's credentials are AWS's word until they end.
    person.credentials(sso::DEV_PROFILE).ok();
    person.wait(2 * HOUR);
    for _ in 0..5 {
        let refused = person.credentials(sso::DEV_PROFILE).exits(3);
        refused.says(&[
            "holdfast-demo.awsapps.com",
            "holdfast login dev-team-profile",
        ]);
    }
    assert_eq!(
        person.grants("refresh_token"),
        1,
        "asked once, and not again"
    );
    assert_eq!(person.opened().len(), 1);
    person.sign_in(sso::DEV_PROFILE);
    person.credentials(sso::DEV_PROFILE).ok();
}

#[test]
fn an_access_token_that_aws_no_longer_takes_is_renewed_once() {
    let mut person = Person::new().with_clock();
    person.sign_in(sso::DEV_PROFILE);
    person.wait(10 * MINUTE);
    let unauthorized = Fault::error(
        401,
        "UnauthorizedException",
        "Session token not found or invalid",
    );
    let once = Rule::new(unauthorized)
        .operation("GetRoleCredentials")
        .times(1);
    person.sim.faults().add(once);
    person.credentials(sso::READ_PROFILE).ok();
    assert_eq!(person.grants("refresh_token"), 1);
    assert_eq!(person.opened().len(), 1);
}

#[test]
fn an_agent_that_is_killed_costs_nobody_a_sign_in() {
    let person = Person::at(World::with_keyring(Scenario::sso()));
    person.sign_in(sso::DEV_PROFILE);
    person.kill_agent();
    person.credentials(sso::READ_PROFILE).ok();
    person.holdfast(&["agent", "stop"]).ok();
    person.credentials(sso::CHAIN_PROFILE).ok();
    assert_eq!(person.opened().len(), 1);
    assert_eq!(person.grants("authorization_code"), 1);
}
