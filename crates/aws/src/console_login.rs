//! The sign-in service's tokens, bound to a key: what the AWS CLI calls `aws login` (CreateOAuth2Token,
//! <https://docs.aws.amazon.com/signin/latest/APIReference/API_CreateOAuth2Token.html>).

mod refused;
mod tokens;

use crate::call::{Call, Caller};
use crate::client::AwsClient;
use crate::dpop::{self, Prover};
use crate::endpoints::Target;
use crate::failure::{self, Answer};
use crate::http::{self, Received};
use aws_smithy_types::body::SdkBody;
use holdfast_codecommit::Region;
use holdfast_core::clock::DatedAnswer;
use holdfast_core::console::Console;
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::port::{
    ConsoleLogin, ConsoleLoginGrant, ConsoleLoginTokens, DpopKey, ExchangeConsoleLogin,
};
use holdfast_core::time::Timestamp;
use refused::Refusal;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

const SERVICE: &str = "the sign-in service";
const OPERATION: &str = "CreateOAuth2Token";

/// Seconds that the clock may be off before a refused proof is taken to be the clock's fault.
const TOLERANCE: u64 = 60;

impl ConsoleLogin for AwsClient {
    fn new_dpop_key(&self) -> Result<DpopKey, Failure> {
        dpop::new_key()
    }

    fn login_url(&self, region: &str, query: &str) -> Result<String, Failure> {
        let host = console(region)?.signin_host();
        Ok(format!("https://{host}/v1/authorize?{query}"))
    }

    async fn exchange_console_login(
        &self,
        request: ExchangeConsoleLogin<'_>,
    ) -> Result<ConsoleLoginTokens, Failure> {
        let console = console(request.region)?;
        let host = console.signin_host();
        let target = Target {
            url: format!("https://{host}/v1/token"),
            host,
            region: console.region().to_string(),
        };
        let proof = Prover::new(request.key)?.prove(&target.url, self.clock().now())?;
        let body = body(request.client_id, &request.grant);
        let secrets = secrets(&request.grant);
        let renews = matches!(request.grant, ConsoleLoginGrant::RefreshToken(_));
        let explain = |answer: &Answer<'_>| refused::explain(renews, answer);
        let proxy = self.transport().proxy_of(&target.url);
        let call = Call {
            proxy: proxy.as_deref(),
            one_use: true,
            explain: Some(&explain),
            ..Call::new(SERVICE, OPERATION, &target, Caller::Bearer(&secrets))
        };
        self.exchange(&call, &target.url, &body, &proof).await
    }
}

impl AwsClient {
    async fn exchange(
        &self,
        call: &Call<'_>,
        url: &str,
        body: &SecretString,
        proof: &str,
    ) -> Result<ConsoleLoginTokens, Failure> {
        let limit = self.transport().settings().timeouts.attempt;
        let sent = self.clock().local();
        let asked = tokio::time::timeout(limit, self.post(url, body, proof)).await;
        match asked {
            Err(_) => Err(failure::timed_out(call, limit)),
            Ok(Ok(received)) => {
                if received.status() == 200
                    && let Some(tokens) = tokens::read(&received.body, self.clock().now())
                {
                    return Ok(tokens);
                }
                Err(self.refused(call, &received, sent))
            }
            Ok(Err(error)) => {
                let failure = failure::unreachable(call, error.as_ref());
                tracing::debug!(host = call.host, kind = ?failure.kind, "no console credentials");
                if failure.kind == FailureKind::Intercepted {
                    self.forget_connections();
                }
                Err(failure)
            }
        }
    }

    async fn post(
        &self,
        url: &str,
        body: &SecretString,
        proof: &str,
    ) -> Result<Received, http::Cause> {
        let body = body.expose_secret();
        let request = ::http::Request::post(url)
            .header("content-type", "application/json")
            .header("accept", "application/json")
            .header("content-length", body.len())
            .header("dpop", proof)
            .body(SdkBody::from(body))?;
        http::send(&self.transport().connector()?, request).await
    }

    fn refused(&self, call: &Call<'_>, received: &Received, sent: Timestamp) -> Failure {
        let refusal = Refusal::read(&received.body);
        let answer = Answer {
            status: received.status(),
            from_aws: http::is_from_aws(&received.response),
            code: refusal.error.as_deref(),
            message: refusal.message.as_deref(),
            retry_after: None,
        };
        let clock = self.clock();
        let date = http::aws_date(&received.response).filter(|_| refusal.may_blame_the_clock());
        let off = date.filter(|date| {
            let now = clock.now().unix_seconds();
            date.unix_seconds().abs_diff(now) > TOLERANCE
        });
        if let Some(date) = off {
            let received = clock.local();
            clock.adopt(DatedAnswer {
                sent,
                received,
                date,
            });
            return Failure {
                kind: FailureKind::ClockSkew,
                message: format!(
                    "{} refused the request because this machine's clock is off; it is corrected now, so try again",
                    call.host
                ),
                answered: true,
                retry_at: None,
            };
        }
        failure::refused(call, &answer, clock.now(), clock.offset_seconds())
    }
}

fn console(region: &str) -> Result<Console, Failure> {
    let region = Region::parse(region).map_err(|_| {
        failure::local(
            FailureKind::InvalidRequest,
            "the region of the profile is not written like one, for example eu-west-1".to_owned(),
        )
    })?;
    Ok(Console::of(region))
}

fn body(client_id: &str, grant: &ConsoleLoginGrant) -> SecretString {
    let body = match grant {
        ConsoleLoginGrant::AuthorizationCode {
            code,
            redirect_uri,
            code_verifier,
        } => json!({
            "clientId": client_id,
            "grantType": "authorization_code",
            "code": code.expose_secret(),
            "redirectUri": redirect_uri,
            "codeVerifier": code_verifier.expose_secret(),
        }),
        ConsoleLoginGrant::RefreshToken(token) => json!({
            "clientId": client_id,
            "grantType": "refresh_token",
            "refreshToken": token.expose_secret(),
        }),
    };
    body.to_string().into()
}

fn secrets(grant: &ConsoleLoginGrant) -> Vec<&SecretString> {
    match grant {
        ConsoleLoginGrant::AuthorizationCode {
            code,
            code_verifier,
            ..
        } => vec![code, code_verifier],
        ConsoleLoginGrant::RefreshToken(token) => vec![token],
    }
}
