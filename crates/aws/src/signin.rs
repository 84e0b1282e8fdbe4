//! The federation endpoint of AWS's sign-in service, which the SDK does not know.

use crate::call::{Call, Caller};
use crate::client::AwsClient;
use crate::endpoints::Target;
use crate::failure::{self, Answer};
use crate::http::{self, Cause, Received};
use aws_smithy_types::body::SdkBody;
use holdfast_core::console::Console;
use holdfast_core::credentials::Credentials;
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::port::{ConsoleSignIn, SignIn};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

const SERVICE: &str = "the sign-in service";
const OPERATION: &str = "getSigninToken";

/// What needs no encoding in a form or a query (RFC 3986, unreserved).
const FORM: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Credentials in the words of the endpoint.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Session<'a> {
    session_id: &'a str,
    session_key: &'a str,
    session_token: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Token {
    signin_token: String,
}

impl SignIn for AwsClient {
    async fn console_link(
        &self,
        session: &Credentials,
        request: ConsoleSignIn,
    ) -> Result<SecretString, Failure> {
        let console = &request.console;
        let host = console.signin_host();
        let target = Target {
            url: format!("https://{host}/federation"),
            host,
            region: console.region().to_string(),
        };
        let proxy = self.transport().proxy_of(&target.url);
        let call = Call {
            proxy: proxy.as_deref(),
            duration_seconds: request.duration_seconds,
            ..Call::new(SERVICE, OPERATION, &target, Caller::Signer(session))
        };
        let form = form(session, request.duration_seconds)?;
        let token = self.signin_token(&call, &target.url, &form).await?;
        Ok(link(console, &request, &token))
    }
}

impl AwsClient {
    /// Exchanges credentials for a sign-in token. They travel in the body, which no proxy logs.
    async fn signin_token(
        &self,
        call: &Call<'_>,
        url: &str,
        form: &SecretString,
    ) -> Result<SecretString, Failure> {
        let limit = self.transport().settings().timeouts.attempt;
        let mut retried = false;
        loop {
            let asked = tokio::time::timeout(limit, self.ask(url, form)).await;
            let error = match asked {
                Err(_) => return Err(failure::timed_out(call, limit)),
                Ok(Ok(received)) => return self.token(call, &received),
                Ok(Err(error)) => error,
            };
            let failure = failure::unreachable(call, error.as_ref());
            tracing::debug!(host = call.host, kind = ?failure.kind, "no sign-in token");
            if failure.kind == FailureKind::Intercepted {
                self.forget_connections();
            }
            // A kept connection may have been closed at the other end.
            if retried || !failure::broke_off(error.as_ref()) {
                return Err(failure);
            }
            retried = true;
        }
    }

    async fn ask(&self, url: &str, form: &SecretString) -> Result<Received, Cause> {
        let request = ::http::Request::post(url)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json")
            .header("content-length", form.expose_secret().len())
            .body(SdkBody::from(form.expose_secret()))?;
        http::send(&self.transport().connector()?, request).await
    }

    fn token(&self, call: &Call<'_>, received: &Received) -> Result<SecretString, Failure> {
        let status = received.status();
        if status == 200
            && let Ok(token) = serde_json::from_slice::<Token>(&received.body)
        {
            return Ok(token.signin_token.into());
        }
        let (kind, message) = match status {
            // It gives no reason. Expired credentials are not used, so it is what they are.
            400 | 401 | 403 => (
                FailureKind::Denied,
                format!(
                    "{} does not make a console session of the credentials of {} ({status})",
                    call.host,
                    call.key_id()
                ),
            ),
            _ => {
                let answer = Answer {
                    status,
                    from_aws: http::is_from_aws(&received.response),
                    ..Answer::default()
                };
                let clock = self.clock();
                return Err(failure::refused(call, &answer, clock.now(), 0));
            }
        };
        Err(Failure {
            kind,
            message,
            answered: true,
            retry_at: None,
        })
    }
}

fn form(session: &Credentials, duration_seconds: Option<u32>) -> Result<SecretString, Failure> {
    let Some(token) = &session.session_token else {
        return Err(failure::local(
            FailureKind::InvalidRequest,
            "a console session needs the temporary credentials of a role".to_owned(),
        ));
    };
    let session = Session {
        session_id: &session.access_key_id,
        session_key: session.secret_access_key.expose_secret(),
        session_token: token.expose_secret(),
    };
    let session = serde_json::to_string(&session).map(SecretString::from);
    let session =
        session.map_err(|error| failure::local(FailureKind::InvalidRequest, error.to_string()))?;
    let mut form = format!("Action={OPERATION}");
    if let Some(seconds) = duration_seconds {
        form.push_str(&format!("&SessionDuration={seconds}"));
    }
    form.push_str("&Session=");
    form.extend(utf8_percent_encode(session.expose_secret(), FORM));
    Ok(form.into())
}

fn link(console: &Console, request: &ConsoleSignIn, token: &SecretString) -> SecretString {
    let page = console.url(&request.page);
    format!(
        "https://{}/federation?Action=login&Issuer=Holdfast&Destination={}&SigninToken={}",
        console.signin_host(),
        utf8_percent_encode(&page, FORM),
        utf8_percent_encode(token.expose_secret(), FORM)
    )
    .into()
}
