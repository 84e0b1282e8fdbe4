//! Shared by the provider tests: a stand-in for AWS, a clock that stands still, captured logs.
#![allow(
    dead_code,
    reason = "every test file uses its own part of what is shared"
)]

pub(crate) mod logs;
pub(crate) mod server;
pub(crate) mod sso;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use holdfast_aws::{AwsClient, ClientSettings, Endpoints, Proxy, ServerClock, Timeouts};
use holdfast_core::clock::LocalClock;
use holdfast_core::credentials::Credentials;
use holdfast_core::endpoint::EndpointSettings;
use holdfast_core::port::{GetSessionToken, MfaCode};
use holdfast_core::time::Timestamp;
use server::Server;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// What the local clock says in these tests: 2026-11-20T12:00:00Z.
pub(crate) const LOCAL_NOW: i64 = 1_795_176_000;

/// Every value that must appear in no log and no message.
pub(crate) const SECRETS: [&str; 17] = [
    KEY_SECRET,
    SESSION_SECRET,
    SESSION_TOKEN,
    "ReceivedSecretAccessKey/EXAMPLE0000000000",
    "ReceivedSessionToken//EXAMPLE+AAAABBBBCCCCDDDD==",
    CODE,
    WEB_IDENTITY_TOKEN,
    "proxy-password",
    sso::CLIENT_SECRET,
    sso::ACCESS_TOKEN,
    sso::REFRESH_TOKEN,
    sso::AUTHORIZATION_CODE,
    sso::CODE_VERIFIER,
    sso::DEVICE_CODE,
    "ReceivedClientSecret/EXAMPLE",
    "ReceivedAccessToken/EXAMPLE",
    "ReceivedRefreshToken/EXAMPLE",
];

pub(crate) const CODE: &str = "428657";
pub(crate) const WEB_IDENTITY_TOKEN: &str = "TheWebIdentityToken.OfAnother.Provider-EXAMPLE";
pub(crate) const SERIAL: &str = "arn:aws:iam::111122223333:mfa/MyRepositoryUser";
pub(crate) const ROLE: &str = "arn:aws:iam::222233334444:role/MyRepositoryContributorRole";
const KEY_SECRET: &str = "LongLivedSecretKey/EXAMPLE/0123456789abc";
const SESSION_SECRET: &str = "SessionSecretKey/EXAMPLE/0123456789abcde";
const SESSION_TOKEN: &str = "SignerSessionToken//EXAMPLE+0123456789ABCDEF==";

/// A clock that stands still at [`LOCAL_NOW`].
pub(crate) struct StillClock;

impl LocalClock for StillClock {
    fn wall(&self) -> Timestamp {
        Timestamp::from_unix_seconds(LOCAL_NOW)
    }

    fn steady_seconds(&self) -> i64 {
        0
    }
}

/// A long-lived access key.
pub(crate) fn key() -> Credentials {
    Credentials {
        access_key_id: "AKIAIOSFODNN7EXAMPLE".to_owned(),
        secret_access_key: KEY_SECRET.to_owned().into(),
        session_token: None,
        expires_at: None,
    }
}

/// The temporary credentials of a session.
pub(crate) fn session() -> Credentials {
    Credentials {
        access_key_id: "ASIAIOSFODNN7EXAMPLE".to_owned(),
        secret_access_key: SESSION_SECRET.to_owned().into(),
        session_token: Some(SESSION_TOKEN.to_owned().into()),
        expires_at: Some(Timestamp::from_unix_seconds(LOCAL_NOW + 3_600)),
    }
}

/// A client that reaches AWS's real names through the stand-in, and trusts its authority.
pub(crate) fn client(server: &Server) -> AwsClient {
    client_with(server, Some(server.ca_bundle()), Timeouts::default())
}

pub(crate) fn client_with(
    server: &Server,
    ca_bundle: Option<PathBuf>,
    timeouts: Timeouts,
) -> AwsClient {
    let clock = Arc::new(ServerClock::new(StillClock));
    let settings = ClientSettings {
        proxy: Proxy::Url {
            url: format!("http://user:proxy-password@{}", server.address()).into(),
            no_proxy: None,
        },
        ca_bundle,
        timeouts,
    };
    AwsClient::new(settings, clock).with_endpoints(Endpoints::default())
}

/// Short limits for answers that never come.
pub(crate) fn impatient() -> Timeouts {
    Timeouts {
        connect: Duration::from_millis(800),
        attempt: Duration::from_secs(1),
        operation: Duration::from_secs(5),
    }
}

/// A time as HTTP's `Date` writes it.
pub(crate) fn http_date(seconds: i64) -> String {
    DateTime::from_secs(seconds).fmt(Format::HttpDate).unwrap()
}

/// Runs a future as the agent would, but on this thread, so that its logs can be told apart.
pub(crate) fn run<T>(future: impl Future<Output = T>) -> T {
    logs::install();
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

/// `GetSessionToken` with a code, as a login sends it.
pub(crate) fn login() -> GetSessionToken {
    GetSessionToken {
        endpoint: EndpointSettings::default(),
        region: Some("eu-west-1".to_owned()),
        mfa: Some(MfaCode {
            serial: SERIAL.to_owned(),
            code: CODE.to_owned().into(),
        }),
        duration_seconds: 43_200,
    }
}

/// AWS's answer to `GetSessionToken`, `seconds` from [`LOCAL_NOW`].
pub(crate) fn session_answer(seconds: i64) -> String {
    answer_file("get-session-token/1.http", seconds)
}

/// One of the recorded answers, its lines ended as HTTP wants them, its length and date filled in.
pub(crate) fn answer_file(file: &str, seconds: i64) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cases")
        .join(file);
    let text = std::fs::read_to_string(path).unwrap();
    let (head, body) = text.split_once("\n\n").unwrap();
    let mut head = head.replace('\n', "\r\n");
    while let Some((before, rest)) = head.split_once("{{date") {
        let (offset, after) = rest.split_once("}}").unwrap();
        let offset: i64 = offset.parse().unwrap_or(0);
        let date = http_date(LOCAL_NOW + offset + seconds);
        head = format!("{before}{date}{after}");
    }
    let head = head.replace("{{length}}", &body.len().to_string());
    format!("{head}\r\n\r\n{body}")
}
