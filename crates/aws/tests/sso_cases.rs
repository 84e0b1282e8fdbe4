//! Recorded and made-up answers of IAM Identity Center, one file each: what is sent, and what the person is
//! told.
//!
//! `call` says which operation of which port is asked. `serve` lists what the stand-in for AWS does with each
//! request: `{"status", "headers", "body"}` answers, with a text or with JSON for a body; `"close"` closes the
//! connection, `"hang"` never answers. `{{proxy}}` in a message is the stand-in's address. `sent` is the first request: its line, the bearer token if any, and its body.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod common;

use common::logs::CapturedLogs;
use common::server::{Act, Server};
use common::{LOCAL_NOW, SECRETS, sso};
use holdfast_aws::AwsClient;
use holdfast_core::failure::Failure;
use holdfast_core::port::{CreateToken, Grant, RegisterClient, SsoOidc, SsoPortal};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Case {
    /// Why this case exists; for the reader.
    #[expect(dead_code, reason = "documents the case")]
    docs: String,
    call: Operation,
    serve: Vec<Served>,
    #[serde(default)]
    sent: Option<Value>,
    requests: usize,
    #[serde(flatten)]
    result: Outcome,
}

#[derive(Clone, Copy, Deserialize)]
enum Operation {
    RegisterClient,
    RegisterDeviceClient,
    StartDeviceAuthorization,
    CreateTokenFromCode,
    CreateTokenFromDeviceCode,
    CreateTokenFromRefreshToken,
    GetRoleCredentials,
    ListAccounts,
    ListAccountRoles,
    Logout,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Served {
    Close,
    Hang,
    #[serde(untagged)]
    Answer {
        status: u16,
        #[serde(default)]
        headers: BTreeMap<String, String>,
        #[serde(default)]
        body: Value,
    },
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum Outcome {
    Success(Value),
    Failure(Failed),
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Failed {
    kind: String,
    message: String,
    answered: bool,
    #[serde(default)]
    retry_after: Option<i64>,
}

impl Served {
    fn act(&self) -> Act {
        match self {
            Self::Close => Act::Close,
            Self::Hang => Act::Hang,
            Self::Answer {
                status,
                headers,
                body,
            } => {
                let body = match body.as_str() {
                    Some(text) => text.to_owned(),
                    None if body.is_null() => String::new(),
                    None => body.to_string(),
                };
                let mut answer = format!("HTTP/1.1 {status} Answer\r\n");
                for (name, value) in headers {
                    write!(answer, "{name}: {value}\r\n").unwrap();
                }
                let date = common::http_date(LOCAL_NOW);
                let length = body.len();
                write!(
                    answer,
                    "date: {date}\r\ncontent-length: {length}\r\n\r\n{body}"
                )
                .unwrap();
                Act::Answer(answer)
            }
        }
    }
}

#[test]
fn every_file() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sso-cases");
    let mut wrong = Vec::new();
    let mut cases = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        cases += 1;
        let path = file.unwrap().path();
        if let Err(fault) = check(&path) {
            wrong.push(format!(
                "{}: {fault}",
                path.file_stem().unwrap().to_string_lossy()
            ));
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
    let text = std::fs::read_to_string(path).unwrap();
    let mut case: Case = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let logs = CapturedLogs::filtered();
    let server = Server::start(case.serve.iter().map(Served::act).collect());
    let client = common::client_with(&server, Some(server.ca_bundle()), common::impatient());
    let result = match common::run(call(case.call, &client)) {
        Ok(value) => Outcome::Success(value),
        Err(failure) => Outcome::Failure(Failed {
            kind: format!("{:?}", failure.kind),
            message: failure.message,
            answered: failure.answered,
            retry_after: failure.retry_at.map(|at| at.unix_seconds() - LOCAL_NOW),
        }),
    };
    if let Outcome::Failure(failed) = &mut case.result {
        let proxy = server.address().to_string();
        failed.message = failed.message.replace("{{proxy}}", &proxy);
    }
    if result != case.result {
        return Err(format!("{result:?}\ninstead of {:?}", case.result));
    }
    let requests = server.requests();
    if requests.len() != case.requests {
        return Err(format!("{} requests", requests.len()));
    }
    let sent = requests.first().map(|request| sent(request));
    if case.sent.is_some() && sent != case.sent {
        return Err(format!("{sent:?} was sent instead of {:?}", case.sent));
    }
    if let Outcome::Failure(failed) = &result
        && SECRETS.iter().any(|secret| failed.message.contains(secret))
    {
        return Err(format!("a secret in {}", failed.message));
    }
    match logs.leaks() {
        leaks if leaks.is_empty() => Ok(()),
        leaks => Err(format!("{leaks:?} logged: {}", logs.text())),
    }
}

/// What a request says.
fn sent(request: &str) -> Value {
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let (line, headers) = head.split_once("\r\n").unwrap();
    let token = headers.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("x-amz-sso_bearer_token")
            .then_some(value)
    });
    assert!(!headers.to_ascii_lowercase().contains("authorization:"));
    let body = (!body.is_empty()).then(|| serde_json::from_str::<Value>(body).unwrap());
    json!({
        "line": line.trim_end_matches(" HTTP/1.1"),
        "token": token,
        "body": body,
    })
}

async fn call(operation: Operation, aws: &AwsClient) -> Result<Value, Failure> {
    let portal = &sso::portal();
    let token = SecretString::from(sso::ACCESS_TOKEN);
    match operation {
        Operation::RegisterClient => register(aws, true).await,
        Operation::RegisterDeviceClient => register(aws, false).await,
        Operation::StartDeviceAuthorization => {
            let client = sso::registration();
            let device = aws.start_device_authorization(portal, &client).await?;
            Ok(json!({
                "device-code": device.device_code.expose_secret(),
                "user-code": device.user_code,
                "verification-uri": device.verification_uri,
                "expires-in": device.expires_at.unix_seconds() - LOCAL_NOW,
                "interval": device.interval_seconds,
            }))
        }
        Operation::CreateTokenFromCode => exchange(aws, sso::authorization_code()).await,
        Operation::CreateTokenFromDeviceCode => {
            exchange(aws, Grant::DeviceCode(sso::DEVICE_CODE.into())).await
        }
        Operation::CreateTokenFromRefreshToken => {
            exchange(aws, Grant::RefreshToken(sso::REFRESH_TOKEN.into())).await
        }
        Operation::GetRoleCredentials => {
            let (account, role) = ("111122223333", "Developer");
            let found = aws.get_role_credentials(portal, &token, account, role);
            let found = found.await?;
            Ok(json!({
                "access-key-id": found.access_key_id,
                "secret-access-key": found.secret_access_key.expose_secret(),
                "session-token": found.session_token.unwrap().expose_secret(),
                "expires-at": found.expires_at.unwrap().unix_seconds(),
            }))
        }
        Operation::ListAccounts => {
            let page = aws.list_accounts(portal, &token, Some("page-2".to_owned()));
            let page = page.await?;
            let accounts = page.accounts.into_iter();
            let accounts = accounts.map(|account| {
                json!({"id": account.account_id, "name": account.name, "email": account.email})
            });
            Ok(json!({
                "accounts": accounts.collect::<Vec<_>>(),
                "next": page.next_token,
            }))
        }
        Operation::ListAccountRoles => {
            let page = aws.list_account_roles(portal, &token, "111122223333", None);
            let page = page.await?;
            Ok(json!({"roles": page.role_names, "next": page.next_token}))
        }
        Operation::Logout => aws.logout(portal, &token).await.map(|()| Value::Null),
    }
}

async fn register(aws: &AwsClient, with_redirect: bool) -> Result<Value, Failure> {
    let request = RegisterClient {
        portal: sso::portal(),
        client_name: "Holdfast".to_owned(),
        with_redirect,
    };
    let client = aws.register_client(request).await?;
    assert_eq!(client.with_redirect, with_redirect);
    Ok(json!({
        "client-id": client.client_id,
        "client-secret": client.client_secret.expose_secret(),
        "expires-at": client.expires_at.unix_seconds(),
        "scopes": client.scopes,
    }))
}

async fn exchange(aws: &AwsClient, grant: Grant) -> Result<Value, Failure> {
    let request = CreateToken {
        portal: &sso::portal(),
        client: &sso::registration(),
        grant,
    };
    let token = aws.create_token(request).await?;
    let refresh_token = token.refresh_token.as_ref();
    Ok(json!({
        "access-token": token.access_token.expose_secret(),
        "refresh-token": refresh_token.map(|token| token.expose_secret().to_owned()),
        "expires-in": token.expires_at.unix_seconds() - LOCAL_NOW,
    }))
}
