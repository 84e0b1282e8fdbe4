//! Recorded and made-up answers, one folder each: what the person is told, and what is sent.
//!
//! `case.json` says who calls what and what is expected. `serve` lists what the stand-in for AWS
//! does with each request; `{"answer": "1.http"}` sends that file, in which `{{date}}` is the
//! local time and `{{date+N}}` N seconds later. `{{proxy}}` in a message is the stand-in's address.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod common;

use common::logs::CapturedLogs;
use common::server::{Act, Server};
use common::{CODE, ROLE, SECRETS, SERIAL, WEB_IDENTITY_TOKEN};
use holdfast_core::credentials::Credentials;
use holdfast_core::endpoint::EndpointSettings;
use holdfast_core::failure::Failure;
use holdfast_core::port::{
    AssumeRole, AssumeRoleWithWebIdentity, GetSessionToken, MfaCode, Sts, WebIdentity,
};
use secrecy::ExposeSecret;
use serde::Deserialize;
use std::path::Path;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Case {
    /// Why this case exists; for the reader.
    #[expect(dead_code, reason = "documents the case")]
    docs: String,
    call: Operation,
    signer: Signer,
    #[serde(default)]
    with_code: bool,
    #[serde(default)]
    duration_seconds: Option<u32>,
    serve: Vec<Act>,
    expect: Expect,
}

#[derive(Clone, Copy, Deserialize)]
enum Operation {
    GetSessionToken,
    AssumeRole,
    AssumeRoleWithWebIdentity,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Signer {
    Key,
    Session,
    /// Nobody: a token is sent along.
    WebIdentity,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Expect {
    /// Requests that reached the stand-in.
    requests: usize,
    /// The learned clock offset.
    #[serde(default)]
    offset_seconds: i64,
    #[serde(flatten)]
    result: Outcome,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum Outcome {
    Credentials(Received),
    Failure(Failed),
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
struct Received {
    access_key_id: String,
    secret_access_key: String,
    session_token: String,
    expires_at: i64,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
struct Failed {
    kind: String,
    message: String,
    answered: bool,
    #[serde(default)]
    retry_after: Option<i64>,
}

#[test]
fn every_folder() {
    let folders = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut wrong = Vec::new();
    let mut cases = 0;
    for folder in std::fs::read_dir(folders).unwrap() {
        cases += 1;
        if let Err(fault) = check(&folder.unwrap().path()) {
            wrong.push(fault);
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {cases}\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Plays one case; says what differs.
fn check(path: &Path) -> Result<(), String> {
    let folder = path.file_name().unwrap().to_str().unwrap();
    let text = std::fs::read_to_string(path.join("case.json")).unwrap();
    let mut case: Case =
        serde_json::from_str(&text).map_err(|error| format!("{folder}: {error}"))?;
    for act in &mut case.serve {
        if let Act::Answer(file) = act {
            *file = common::answer_file(&format!("{folder}/{file}"), 0);
        }
    }
    let logs = CapturedLogs::filtered();
    let server = Server::start(case.serve.clone());
    let client = common::client_with(&server, Some(server.ca_bundle()), common::impatient());
    let result = common::run(call(&case, &client));
    let actual = Expect {
        requests: server.requests().len(),
        offset_seconds: client.clock().offset_seconds(),
        result: described(result, client.clock().now().unix_seconds()),
    };
    if let Outcome::Failure(failed) = &mut case.expect.result {
        let proxy = server.address().to_string();
        failed.message = failed.message.replace("{{proxy}}", &proxy);
    }
    if actual != case.expect {
        return Err(format!(
            "{folder}: {actual:?}\ninstead of {:?}",
            case.expect
        ));
    }
    let leaks = logs.leaks();
    if !leaks.is_empty() {
        return Err(format!("{folder}: {leaks:?} logged: {}", logs.text()));
    }
    match &actual.result {
        Outcome::Failure(failed)
            if SECRETS.iter().any(|secret| failed.message.contains(secret)) =>
        {
            Err(format!("{folder}: a secret in {}", failed.message))
        }
        Outcome::Failure(_) | Outcome::Credentials(_) => Ok(()),
    }
}

async fn call(case: &Case, sts: &(impl Sts + WebIdentity)) -> Result<Credentials, Failure> {
    let signer = match case.signer {
        Signer::Key => common::key(),
        Signer::Session | Signer::WebIdentity => common::session(),
    };
    let mfa = case.with_code.then(|| MfaCode {
        serial: SERIAL.to_owned(),
        code: CODE.to_owned().into(),
    });
    let region = Some("eu-west-1".to_owned());
    match case.call {
        Operation::GetSessionToken => {
            let duration_seconds = case.duration_seconds.unwrap_or(43_200);
            let request = GetSessionToken {
                endpoint: EndpointSettings::default(),
                region,
                mfa,
                duration_seconds,
            };
            sts.get_session_token(&signer, request).await
        }
        Operation::AssumeRole => {
            let request = AssumeRole {
                endpoint: EndpointSettings::default(),
                region,
                role_arn: ROLE.to_owned(),
                role_session_name: "MyRepositoryUser".to_owned(),
                external_id: None,
                source_identity: None,
                duration_seconds: case.duration_seconds,
                mfa,
            };
            sts.assume_role(&signer, request).await
        }
        Operation::AssumeRoleWithWebIdentity => {
            let request = AssumeRoleWithWebIdentity {
                endpoint: EndpointSettings::default(),
                region,
                role_arn: ROLE.to_owned(),
                role_session_name: "MyRepositoryUser".to_owned(),
                token: WEB_IDENTITY_TOKEN.to_owned().into(),
                token_file: "/var/run/token".to_owned(),
                duration_seconds: case.duration_seconds,
            };
            sts.assume_role_with_web_identity(request).await
        }
    }
}

fn described(result: Result<Credentials, Failure>, now: i64) -> Outcome {
    match result {
        Ok(credentials) => Outcome::Credentials(Received {
            access_key_id: credentials.access_key_id,
            secret_access_key: credentials.secret_access_key.expose_secret().to_owned(),
            session_token: credentials
                .session_token
                .unwrap()
                .expose_secret()
                .to_owned(),
            expires_at: credentials.expires_at.unwrap().unix_seconds(),
        }),
        Err(failure) => Outcome::Failure(Failed {
            kind: format!("{:?}", failure.kind),
            message: failure.message,
            answered: failure.answered,
            retry_after: failure.retry_at.map(|at| at.unix_seconds() - now),
        }),
    }
}
