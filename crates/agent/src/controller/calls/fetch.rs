//! Credentials that need no exchange: a program of the user's prints them, or the machine has them.

use super::super::Controller;
use super::signing::nothing_to_sign_with;
use super::{Brought, Running};
use crate::launcher::{Program, split};
use holdfast_agent_proto::secret;
use holdfast_core::chain::Source;
use holdfast_core::credentials::Credentials;
use holdfast_core::engine::Call;
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::port::Aws;
use holdfast_core::time::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use secrecy::SecretString;
use serde::Deserialize;
use std::sync::Arc;

/// How long a `credential_process` may take, in milliseconds.
const LIMIT_MILLISECONDS: u64 = 60_000;

/// How long credentials count that a `credential_process` prints without `Expiration`, in seconds. They may be good
/// for ever, or have been replaced meanwhile.
const UNKNOWN_SECONDS: i64 = 900;

impl<S: Aws> Controller<S> {
    /// Asks the source for its credentials.
    pub(super) fn fetch_call(&mut self, call: Call) -> Running {
        let aws = Arc::clone(&self.aws);
        match &call.source {
            Source::CredentialProcess {
                profile,
                fingerprint,
            } => self.credential_process_call(profile, *fingerprint),
            Source::InstanceMetadata { .. } => {
                Box::pin(async move { Brought::credentials(aws.instance_metadata().await?) })
            }
            Source::Container { .. } => {
                Box::pin(async move { Brought::credentials(aws.container().await?) })
            }
            Source::AccessKey { .. }
            | Source::TemporaryKey { .. }
            | Source::Environment { .. }
            | Source::Portal { .. }
            | Source::ConsoleLogin { .. }
            | Source::WebIdentityToken { .. } => {
                Box::pin(async move { Err(nothing_to_sign_with()) })
            }
        }
    }

    /// Runs the `credential_process` of a profile
    /// (<https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html>).
    fn credential_process_call(&mut self, profile: &str, which: u64) -> Running {
        self.surroundings.process_starts(profile);
        let Some(found) = self.files.credential_process(profile, which) else {
            let gone = format!("the credential_process of profile {profile} is not there any more");
            return Box::pin(async move { Err(failed(gone)) });
        };
        let mut name = format!("credential_process of profile {profile}");
        if let Some(location) = &found.location {
            name.push_str(&format!(" ({location})"));
        }
        let (launcher, clock) = (self.launcher.clone(), Arc::clone(&self.clock));
        let profile = profile.to_owned();
        Box::pin(async move {
            let failed = |why: &dyn std::fmt::Display| failed(format!("{name}: {why}"));
            let words = split::words(&found.command).map_err(|error| failed(&error))?;
            let program = Program {
                profile,
                words,
                config_file: found.config_file,
                credentials_file: found.credentials_file,
                limit_milliseconds: LIMIT_MILLISECONDS,
            };
            let printed = launcher
                .run(program)
                .await
                .map_err(|error| failed(&error))?;
            let credentials = read(&printed, clock.now()).map_err(|fault| failed(&fault))?;
            Brought::credentials(credentials)
        })
    }
}

/// Nothing that waiting mends.
pub(super) fn failed(message: String) -> Failure {
    Failure {
        kind: FailureKind::InvalidRequest,
        message,
        answered: false,
        retry_at: None,
    }
}

/// What is wrong with what a program printed. Nothing of it is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum Fault {
    #[error("what it printed is not a JSON object with credentials")]
    NotJson,
    #[error("what it printed has no \"Version\": 1, which is the only version there is")]
    OtherVersion,
    #[error("what it printed has no {0}")]
    Missing(&'static str),
    #[error("the Expiration that it printed is not a time like 2026-11-21T15:04:05Z")]
    NotATime,
    #[error("it printed credentials that have ended already")]
    Ended,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Printed {
    #[serde(default)]
    version: serde_json::Value,
    access_key_id: Option<String>,
    #[serde(default, with = "secret::option")]
    secret_access_key: Option<SecretString>,
    #[serde(default, with = "secret::option")]
    session_token: Option<SecretString>,
    expiration: Option<String>,
}

fn read(printed: &SecretString, now: Timestamp) -> Result<Credentials, Fault> {
    let printed: Printed = secret::parse_json(printed).map_err(|_| Fault::NotJson)?;
    if printed.version != 1 {
        return Err(Fault::OtherVersion);
    }
    let access_key_id = printed.access_key_id.filter(|id| !id.is_empty());
    let expires_at = match printed.expiration {
        Some(text) => time(&text).ok_or(Fault::NotATime)?,
        None => now.plus_seconds(UNKNOWN_SECONDS),
    };
    let credentials = Credentials {
        access_key_id: access_key_id.ok_or(Fault::Missing("AccessKeyId"))?,
        secret_access_key: printed
            .secret_access_key
            .ok_or(Fault::Missing("SecretAccessKey"))?,
        session_token: printed.session_token,
        expires_at: Some(expires_at),
    };
    if expires_at <= now {
        return Err(Fault::Ended);
    }
    Ok(credentials)
}

/// A time of RFC 3339 in any of its forms, or of ISO 8601 without an offset, which means UTC.
fn time(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let instant = text.parse::<jiff::Timestamp>().ok().or_else(|| {
        let civil: DateTime = text.parse().ok()?;
        Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
    })?;
    Some(Timestamp::from_unix_seconds(instant.as_second()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_795_000_000;

    fn check(printed: &str, expect: Result<(&str, bool, i64), Fault>) {
        let got = read(&printed.into(), Timestamp::from_unix_seconds(NOW));
        let got = got.map(|it| {
            let ends = it.expires_at.unwrap().unix_seconds();
            (it.access_key_id, it.session_token.is_some(), ends)
        });
        let expect = expect.map(|(id, token, ends)| (id.to_owned(), token, ends));
        assert_eq!(got, expect, "{printed}");
    }

    #[test]
    fn what_programs_print() {
        check(
            r#"{"Version":1,"AccessKeyId":"ASIA1","SecretAccessKey":"s","SessionToken":"t","Expiration":"2030-01-01T00:00:00Z","AccountId":"111122223333"}"#,
            Ok(("ASIA1", true, 1_893_456_000)),
        );
        check(
            " {\"Version\": 1, \"AccessKeyId\": \"AKIA1\",\n\"SecretAccessKey\": \"s\", \"More\": {}}\n",
            Ok(("AKIA1", false, NOW + UNKNOWN_SECONDS)),
        );
        check(
            r#"{"Version":1,"AccessKeyId":"AKIA1","SecretAccessKey":"s","SessionToken":null,"Expiration":null}"#,
            Ok(("AKIA1", false, NOW + UNKNOWN_SECONDS)),
        );
        for not_json in ["", "{", "[]", "\"x\"", "Enter your password:"] {
            check(not_json, Err(Fault::NotJson));
        }
        for other in [r#""Version":2,"#, r#""Version":"1","#, ""] {
            let printed = format!(r#"{{{other}"AccessKeyId":"AKIA1","SecretAccessKey":"s"}}"#);
            check(&printed, Err(Fault::OtherVersion));
        }
        check(
            r#"{"Version":1,"SecretAccessKey":"s"}"#,
            Err(Fault::Missing("AccessKeyId")),
        );
        check(
            r#"{"Version":1,"AccessKeyId":"AKIA1"}"#,
            Err(Fault::Missing("SecretAccessKey")),
        );
        check(
            r#"{"Version":1,"AccessKeyId":"A","SecretAccessKey":"s","Expiration":"tomorrow"}"#,
            Err(Fault::NotATime),
        );
        check(
            r#"{"Version":1,"AccessKeyId":"A","SecretAccessKey":"s","Expiration":"2020-01-01T00:00:00Z"}"#,
            Err(Fault::Ended),
        );
    }

    #[test]
    fn times_in_any_form() {
        let cases = [
            ("2030-01-01T00:00:00Z", Some(1_893_456_000)),
            ("2030-01-01T00:00:00.123456Z", Some(1_893_456_000)),
            ("2030-01-01T01:00:00+01:00", Some(1_893_456_000)),
            ("2029-12-31T19:00:00-0500", Some(1_893_456_000)),
            ("2030-01-01 00:00:00z", Some(1_893_456_000)),
            ("2030-01-01t00:00:00z", Some(1_893_456_000)),
            ("2030-01-01T00:00:00", Some(1_893_456_000)),
            (" 2030-01-01T00:00:00Z\n", Some(1_893_456_000)),
            ("1893456000", None),
            ("", None),
        ];
        for (text, expect) in cases {
            let got = time(text).map(Timestamp::unix_seconds);
            assert_eq!(got, expect, "{text}");
        }
    }
}
