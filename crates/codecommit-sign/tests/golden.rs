//! Passwords that other implementations publish, byte for byte.

use holdfast_codecommit_sign::{SignError, SigningCredentials, SigningTarget, git_password};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

const VECTORS: &str = include_str!("data/codecommit-password.json");

#[test]
fn published_passwords_are_reproduced() {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let golden = vectors["golden"].as_array().unwrap();
    assert_eq!(golden.len(), 8);
    for case in golden {
        let text = |key: &str| case[key].as_str().unwrap();
        assert_eq!(text("kind"), "published-golden", "{}", case["id"]);
        let secret = SecretString::from(text("secret_key"));
        let token = case["session_token"].as_str().map(SecretString::from);
        let credential = git_password(
            SigningCredentials {
                access_key_id: text("access_key"),
                secret_access_key: &secret,
                session_token: token.as_ref(),
            },
            SigningTarget {
                host: text("host"),
                path: text("path"),
                region: text("region"),
            },
            unix_seconds(text("time")),
        )
        .unwrap();
        let id = text("id");
        let expect = |key: &str| case["expect"][key].as_str().unwrap();
        assert_eq!(
            credential.username.expose_secret(),
            expect("username"),
            "{id}"
        );
        assert_eq!(
            credential.password.expose_secret(),
            expect("password"),
            "{id}"
        );
    }
}

#[test]
fn every_part_of_the_target_and_the_time_changes_the_signature() {
    let base = (
        "git-codecommit.us-east-1.amazonaws.com",
        "v1/repos/r",
        "us-east-1",
        1_700_000_000,
    );
    let variants = [
        base,
        (
            "Git-Codecommit.us-east-1.amazonaws.com",
            base.1,
            base.2,
            base.3,
        ),
        (base.0, "v1/repos/R", base.2, base.3),
        (base.0, "v1/repos/r.git", base.2, base.3),
        (base.0, "v1/repos/r/info/lfs", base.2, base.3),
        (base.0, base.1, "us-east-2", base.3),
        (base.0, base.1, base.2, base.3 + 1),
        (base.0, base.1, base.2, base.3 + 24 * 60 * 60),
    ];
    let secret = SecretString::from("secret");
    let mut signatures: Vec<String> = variants
        .iter()
        .map(|&(host, path, region, time)| {
            let credentials = SigningCredentials {
                access_key_id: "AKIDEXAMPLE",
                secret_access_key: &secret,
                session_token: None,
            };
            let target = SigningTarget { host, path, region };
            let credential = git_password(credentials, target, time).unwrap();
            let password = credential.password.expose_secret();
            assert_eq!(password.len(), 80);
            assert_eq!((&password[8..9], &password[15..16]), ("T", "Z"));
            password[16..].to_owned()
        })
        .collect();
    signatures.sort();
    signatures.dedup();
    assert_eq!(signatures.len(), variants.len());
}

#[test]
fn years_without_four_digits_are_refused() {
    let secret = SecretString::from("secret");
    for time in [-1, 253_402_300_800] {
        let result = git_password(
            SigningCredentials {
                access_key_id: "AKIDEXAMPLE",
                secret_access_key: &secret,
                session_token: None,
            },
            SigningTarget {
                host: "git-codecommit.us-east-1.amazonaws.com",
                path: "v1/repos/r",
                region: "us-east-1",
            },
            time,
        );
        assert_eq!(result.err(), Some(SignError::TimeOutOfRange));
    }
}

/// Seconds since 1970 of `YYYYMMDDThhmmssZ`, by counting the days year by year.
fn unix_seconds(stamp: &str) -> i64 {
    let number = |from: usize, to: usize| stamp[from..to].parse::<i64>().expect("digits");
    let leap = |year: i64| i64::from(year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
    let (year, month, day) = (number(0, 4), number(4, 6), number(6, 8));
    let lengths = [31, 28 + leap(year), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let days = (1970..year).map(|year| 365 + leap(year)).sum::<i64>()
        + lengths[..usize::try_from(month - 1).expect("a month")]
            .iter()
            .sum::<i64>()
        + day
        - 1;
    days * 86_400 + number(9, 11) * 3_600 + number(11, 13) * 60 + number(13, 15)
}
