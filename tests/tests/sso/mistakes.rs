//! What people get wrong, and what they are told to do about it.

use crate::person::{Person, visit, wait_until_nothing_listens};
use holdfast_aws_sim::sso;
use holdfast_testkit::wait_until;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::time::Duration;

/// Profiles that cannot work as they are.
const WRONG: &str = "
[profile typo]
sso_start_url = https://holdfast-dmo.awsapps.com/start
sso_region = eu-central-1
sso_account_id = 222233334444
sso_role_name = DevTeam

[profile elsewhere]
sso_start_url = https://holdfast-demo.awsapps.com/start
sso_region = us-east-1
sso_account_id = 222233334444
sso_role_name = DevTeam

[profile no-url]
sso_start_url = holdfast-demo
sso_region = eu-central-1
sso_account_id = 222233334444
sso_role_name = DevTeam

[profile no-section]
sso_session = holdfast-dem
sso_account_id = 222233334444
sso_role_name = DevTeam

[profile no-role]
sso_session = holdfast-demo

[profile other-account]
sso_session = holdfast-demo
sso_account_id = 444455556666
sso_role_name = DevTeam

[profile other-role]
sso_session = holdfast-demo
sso_account_id = 222233334444
sso_role_name = Administrator
";

fn person() -> Person {
    let person = Person::new();
    person.append(".aws/config", WRONG);
    person
}

#[test]
fn what_the_config_says_wrongly_is_found_before_a_browser_opens() {
    let person = person();
    for (profile, words) in [
        (
            "no-section",
            &[
                "sso_session",
                "did you mean sso_session = holdfast-demo?",
                ".aws/config",
            ][..],
        ),
        (
            "no-role",
            &["sso_account_id and sso_role_name", "holdfast sso roles"],
        ),
        ("no-url", &["sso_start_url", ".aws/config"]),
    ] {
        person.holdfast(&["login", profile]).exits(2).says(words);
    }
    assert_eq!(person.opened(), Vec::<String>::new());
    assert_eq!(person.sim.calls().all(), []);
}

/// A portal that is not where the profile says shows no page; what decides about that is named.
#[test]
fn a_portal_that_is_not_there_is_named_with_what_to_check() {
    let person = person();
    for (profile, url, region) in [
        (
            "typo",
            "https://holdfast-dmo.awsapps.com/start",
            "eu-central-1",
        ),
        ("elsewhere", sso::START_URL, "us-east-1"),
    ] {
        let login = person.start(&["login", profile, "--device"]).end().failed();
        login.says(&["check sso_start_url", url, region]);
        // With the browser the portal's own page says so, if AWS goes that far.
        match person.try_begin(profile) {
            Ok(sign_in) => {
                person.sim.allow(&sign_in.page).unwrap_err();
                sign_in.interrupt();
            }
            Err(ended) => drop(ended.failed().says(&[url, region])),
        }
    }
}

#[test]
fn a_role_that_one_does_not_have_is_told_from_a_sign_in_that_failed() {
    let person = person();
    person.sign_in(sso::DEV_PROFILE);
    for profile in ["other-account", "other-role"] {
        let refused = person.credentials(profile).failed();
        let refused = refused.says(&["holdfast sso roles", "your administrator assigns them"]);
        refused.never_says(&["holdfast login"]);
    }
    // Nor is it found only in the middle of a push.
    person
        .holdfast(&["login", "other-role"])
        .failed()
        .says(&["holdfast sso roles"]);
    person.credentials(sso::DEV_PROFILE).ok();
    assert_eq!(person.opened().len(), 1);
}

#[test]
fn a_role_that_is_taken_away_ends_its_profile_alone() {
    let mut person = Person::new().with_clock();
    person.sign_in(sso::DEV_PROFILE);
    let taken = person
        .portal()
        .assign(sso::USER, sso::DEV_ACCOUNT, sso::DEV_PERMISSION_SET, false);
    assert!(taken);
    person.wait(Duration::from_secs(2 * 3600));
    let refused = person.credentials(sso::DEV_PROFILE).failed();
    refused
        .says(&["holdfast sso roles"])
        .never_says(&["signed out"]);
    person.credentials(sso::READ_PROFILE).ok();
    assert_eq!(person.opened().len(), 1);
}

#[test]
fn a_sign_in_that_is_refused_in_the_browser() {
    let person = Person::new();
    let refused = person.begin(sso::DEV_PROFILE).deny().failed();
    refused.says(&[
        "the sign-in to holdfast-demo.awsapps.com was refused on its page",
        "holdfast login dev-team-profile",
    ]);
    let login = person.start(&["login", sso::PARTNER_PROFILE, "--device"]);
    let portal = person.sim.portal(sso::OTHER_START_URL).unwrap();
    let code = holdfast_testkit::wait_for("a device waits", || portal.user_codes().pop());
    assert!(person.sim.deny_device(&code));
    login
        .end()
        .failed()
        .says(&["holdfast-partner.awsapps.com", "holdfast login partner"]);
}

#[test]
fn an_answer_with_a_wrong_state_is_nobodys() {
    let person = Person::new();
    let sign_in = person.begin(sso::DEV_PROFILE);
    let back = person.sim.allow(&sign_in.page).unwrap();
    let (address, _) = back.split_once("state=").unwrap();
    let answer = visit(&format!("{address}state=of-somebody-else"));
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    assert_eq!(person.grants("authorization_code"), 0);
    sign_in.come_back(&back).ok();
}

#[test]
fn a_tab_that_is_closed_ends_the_sign_in_after_a_while() {
    let mut person = Person::new().with_clock();
    let login = person.begin(sso::DEV_PROFILE).close_tab();
    person.wait_awake(Duration::from_secs(301));
    wait_until("the sign-in is over", || {
        person.status()["sign_ins"] == json!([])
    });
    login.end().failed().says(&[
        "nobody finished signing in to holdfast-demo.awsapps.com in the browser within 5 min",
        "holdfast login dev-team-profile",
    ]);
    wait_until_nothing_listens(person.agent_pid().unwrap());
    person.sign_in(sso::DEV_PROFILE);
}

#[test]
fn a_clock_that_is_off_is_corrected() {
    for minutes in [-2 * 24 * 60, -20, 20, 2 * 24 * 60] {
        let person = Person::new();
        let off = SignedDuration::from_mins(minutes);
        person.sim.clock().set_offset(off);
        person.sign_in(sso::DEV_PROFILE);
        person.credentials(sso::CHAIN_PROFILE).ok();
        let served = person.credentials(sso::DEV_PROFILE).ok().json();
        let ends: Timestamp = served["Expiration"].as_str().unwrap().parse().unwrap();
        let left = ends.duration_since(Timestamp::now()).as_mins();
        assert!(
            (50..=60).contains(&left),
            "{left} min by the machine's clock, {minutes} min off"
        );
    }
}

#[test]
fn token_caches_that_are_malformed_disturb_nobody() {
    let person = Person::new();
    for (name, text) in [
        ("empty.json", ""),
        (
            "half.json",
            "{\"startUrl\": \"https://holdfast-demo.awsapps.com/st",
        ),
        ("list.json", "[]"),
        ("other.json", "{\"accessToken\": 7}"),
        ("bytes.json", "\u{0}\u{1}"),
    ] {
        person.home.write(&format!(".aws/sso/cache/{name}"), text);
    }
    let settings = format!(
        "[portals.\"{}\"]\naccept-aws-cli-token = true\npublish-token = true\n",
        sso::START_URL
    );
    person.home.write(".config/holdfast/config.toml", settings);
    person.sign_in(sso::DEV_PROFILE);
    person.credentials(sso::DEV_PROFILE).ok();
}
