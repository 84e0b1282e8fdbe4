//! `holdfast credential-process`: the contract of the AWS SDKs
//! (<https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html>).

use crate::agent::{Agent, Credentials};
use crate::args::CredentialProcess;
use crate::outcome::Result;
use crate::print::Output;
use crate::print::time::rfc3339;
use crate::terminal::Terminal;
use secrecy::ExposeSecret;
use serde::Serialize;
use zeroize::Zeroizing;

/// How long a person at a terminal is waited for, in seconds. The SDK for Go gives up after 60.
const PATIENCE: u32 = 50;

/// Prints credentials as JSON.
pub(crate) fn run(args: &CredentialProcess, output: &mut Output) -> Result {
    let wait_seconds = match Terminal::open() {
        Some(_) => super::prompt_timeout().min(PATIENCE),
        None => 0,
    };
    let credentials = Agent::connect_or_start(None)?.credentials(&args.profile, wait_seconds)?;
    let document = Zeroizing::new(document(&credentials));
    output.line(document.as_str())
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Document<'a> {
    version: u32,
    access_key_id: &'a str,
    secret_access_key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration: Option<String>,
}

fn document(credentials: &Credentials) -> String {
    let token = credentials.session_token.as_ref();
    let document = Document {
        version: 1,
        access_key_id: &credentials.access_key_id,
        secret_access_key: credentials.secret_access_key.expose_secret(),
        session_token: token.map(|token| token.expose_secret()),
        expiration: credentials.expires_at.map(rfc3339),
    };
    serde_json::to_string(&document).unwrap_or_default()
}
