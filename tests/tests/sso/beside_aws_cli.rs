//! Living with the AWS CLI: its caches are its own unless the person says otherwise, and neither loses a session.

use crate::person::{Person, python};
use crate::process::{self, Ran, Started, aws_cli, run};
use holdfast_aws_sim::{RefreshTokens, sso};
use std::collections::BTreeMap;
use std::fs;
use std::process::Stdio;
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);

/// Asks STS who a profile is, with what the profile itself says.
const WHO: &str = "\
import boto3, sys
print(boto3.Session(profile_name=sys.argv[1]).client('sts').get_caller_identity()['Arn'])
";

/// Every file of the AWS CLI's caches.
fn caches(person: &Person) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for folder in ["sso/cache", "cli/cache", "login/cache"] {
        let Ok(entries) = fs::read_dir(person.path(".aws").join(folder)) else {
            continue;
        };
        for entry in entries {
            let path = entry.unwrap().path();
            files.insert(path.display().to_string(), fs::read(&path).unwrap());
        }
    }
    files
}

/// `aws sso login` on another device, to which the person agrees.
fn cli_signs_in(person: &Person, profile: &str) -> Ran {
    let mut login = person.command(aws_cli());
    login.args(["sso", "login", "--no-browser", "--profile", profile]);
    let login: Started = process::start(login.stdin(Stdio::null()));
    assert!(person.sim.allow_device(&person.user_code()));
    login.end().ok()
}

fn cli_asks(person: &Person, profile: &str) -> Ran {
    person.aws(&["sts", "get-caller-identity", "--profile", profile])
}

fn boto3_asks(person: &Person, profile: &str) -> Ran {
    run(person.command(python()).args(["-c", WHO, profile]))
}

fn set(person: &Person, setting: &str) {
    let text = format!("[portals.\"{}\"]\n{setting} = true\n", sso::START_URL);
    person.home.write(".config/holdfast/config.toml", text);
}

/// Both have signed in, and both renew: each its own tokens, for more than an hour.
#[test]
fn neither_loses_a_session_beside_the_other() {
    let mut person = Person::new().with_clock();
    person
        .portal()
        .set_policy(|policy| policy.refresh_tokens = RefreshTokens::Rotate);
    cli_signs_in(&person, sso::DEV_PROFILE);
    person.sign_in(sso::DEV_PROFILE);
    let before = caches(&person);
    assert!(!before.is_empty());
    for _ in 0..9 {
        person.wait(10 * MINUTE);
        let files = caches(&person);
        for profile in [sso::DEV_PROFILE, sso::READ_PROFILE, sso::LEGACY_PROFILE] {
            person.credentials(profile).ok();
        }
        person.holdfast(&["sso", "roles", "holdfast-demo"]).ok();
        person.holdfast(&["status"]).ok();
        assert_eq!(
            caches(&person),
            files,
            "byte for byte as the AWS CLI left them"
        );
        cli_asks(&person, sso::DEV_PROFILE).ok();
        boto3_asks(&person, sso::DEV_PROFILE).ok();
    }
    assert_ne!(caches(&person), before, "the AWS CLI has renewed its own");
    assert_eq!(person.opened().len(), 1);
    assert_eq!(person.count("StartDeviceAuthorization"), 1);

    // Signing out here is no business of the AWS CLI's.
    let files = caches(&person);
    person.holdfast(&["logout", sso::DEV_PROFILE]).ok();
    assert_eq!(caches(&person), files);
    cli_asks(&person, sso::DEV_PROFILE).ok();
}

#[test]
fn a_token_is_published_where_the_settings_say_so() {
    let person = Person::new();
    set(&person, "publish-token");
    person.sign_in(sso::DEV_PROFILE);
    cli_asks(&person, sso::DEV_PROFILE).ok().says(&["DevTeam"]);
    boto3_asks(&person, sso::READ_PROFILE)
        .ok()
        .says(&["ReadOnly"]);
    assert_eq!(person.count("StartDeviceAuthorization"), 0);
    for (path, text) in caches(&person) {
        let text = String::from_utf8(text).unwrap();
        assert!(!text.contains("refreshToken"), "{path} has a refresh token");
    }
}

#[test]
fn a_published_token_is_renewed_for_the_others() {
    let mut person = Person::new().with_clock();
    set(&person, "publish-token");
    person.sign_in(sso::DEV_PROFILE);
    for _ in 0..6 {
        person.wait(20 * MINUTE);
        person.credentials(sso::DEV_PROFILE).ok();
        cli_asks(&person, sso::READ_PROFILE).ok();
    }
    assert_eq!(person.opened().len(), 1);
    assert_eq!(person.count("StartDeviceAuthorization"), 0);
}

#[test]
fn a_token_of_the_aws_cli_counts_where_the_settings_say_so() {
    let person = Person::new();
    cli_signs_in(&person, sso::DEV_PROFILE);
    person.credentials(sso::DEV_PROFILE).exits(3);
    set(&person, "accept-aws-cli-token");
    person.holdfast(&["agent", "stop"]).ok();
    let files = caches(&person);
    person.credentials(sso::DEV_PROFILE).ok();
    person.credentials(sso::CHAIN_PROFILE).ok();
    assert_eq!(caches(&person), files, "read, and not touched");
    assert_eq!(person.opened(), Vec::<String>::new());
    assert_eq!(
        person.grants("refresh_token"),
        0,
        "its refresh token stays its own"
    );
}
