//! Signing in to the AWS console as `aws login` of the AWS CLI does: a code that comes back to this computer, exchanged
//! for credentials that are bound to a key made for this sign-in (RFC 9449).

use super::super::Controller;
use super::super::calls::Brought;
use super::super::tasks::Done;
use super::flow::{BrowserReturn, Exchange, LIFETIME, Page, Prepared, Waiting, open_port};
use crate::loopback::{Callback, Ending};
use crate::vault::{ConsoleSession, ConsoleTokens};
use holdfast_agent_proto::view::SignInMethod;
use holdfast_core::chain::Source;
use holdfast_core::engine::Call;
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::port::{Aws, ConsoleLogin, ConsoleLoginGrant, DpopKey, ExchangeConsoleLogin};
use holdfast_core::time::Timestamp;
use secrecy::SecretString;
use std::sync::Arc;

/// The client that programs on the person's own computer are; nobody registers it.
const CLIENT_ID: &str = "arn:aws:signin:::devtools/same-device";

/// Region of a profile that names none.
pub(in super::super) const DEFAULT_REGION: &str = "us-east-1";

/// A sign-in that waits for its code.
pub(in super::super) struct ConsoleExchange {
    key: DpopKey,
    region: String,
    redirect_uri: String,
    verifier: SecretString,
    /// Who has to sign in.
    login_session: String,
    profile: String,
}

impl ConsoleExchange {
    /// What is signed in to, in words.
    pub(super) const TITLE: &str = "the AWS console";
}

impl<S: Aws> Controller<S> {
    /// The engine wants a person to sign in to the console: makes a page ready.
    pub(in super::super) fn begin_console_sign_in(&mut self, call: Call) {
        let (id, method) = self.sign_ins.begun(&call);
        let Source::ConsoleLogin {
            login_session,
            profile,
        } = call.source
        else {
            return;
        };
        let region = call.region.unwrap_or_else(|| DEFAULT_REGION.to_owned());
        let (aws, now) = (Arc::clone(&self.aws), self.now());
        self.run_stage(id.clone(), async move {
            if method == SignInMethod::Device {
                return id.failed(no_other_device(&profile));
            }
            match prepare(&*aws, region, login_session, profile, now).await {
                Ok(prepared) => Done::SignInPrepared(id, Box::new(prepared)),
                Err(failure) => id.failed(failure),
            }
        });
    }
}

async fn prepare<S: ConsoleLogin>(
    aws: &S,
    region: String,
    login_session: String,
    profile: String,
    now: Timestamp,
) -> Result<Prepared, Failure> {
    let key = aws.new_dpop_key()?;
    let (loopback, pkce) = open_port().await?;
    let redirect_uri = loopback.redirect_uri();
    let query = pkce.console_query(CLIENT_ID, &redirect_uri);
    let page = Page {
        url: aws.login_url(&region, &query)?,
        user_code: None,
        expires_at: now.plus_seconds(LIFETIME.as_secs().cast_signed()),
    };
    let (callback, serving) = loopback.expect(pkce.state);
    let exchange = Exchange::Console(ConsoleExchange {
        key,
        region,
        redirect_uri,
        verifier: pkce.verifier,
        login_session,
        profile,
    });
    Ok(Prepared {
        page,
        client: None,
        waiting: Waiting::Browser(BrowserReturn {
            callback,
            serving: Box::pin(serving),
            exchange,
        }),
    })
}

/// Exchanges the code, and tells the browser how that went.
pub(super) async fn exchange_code<S: ConsoleLogin>(
    aws: &S,
    callback: Callback,
    exchange: ConsoleExchange,
    code: SecretString,
    now: Timestamp,
) -> Result<Brought, Failure> {
    let session = exchanged(aws, exchange, code, now).await;
    callback.end(match &session {
        Ok(_) => Ending::SignedIn {
            title: ConsoleExchange::TITLE.to_owned(),
        },
        Err(failure) => Ending::Failed {
            reason: failure.message.clone(),
        },
    });
    Brought::console(session?)
}

async fn exchanged<S: ConsoleLogin>(
    aws: &S,
    exchange: ConsoleExchange,
    code: SecretString,
    now: Timestamp,
) -> Result<ConsoleSession, Failure> {
    let request = ExchangeConsoleLogin {
        region: &exchange.region,
        client_id: CLIENT_ID,
        grant: ConsoleLoginGrant::AuthorizationCode {
            code,
            redirect_uri: exchange.redirect_uri,
            code_verifier: exchange.verifier,
        },
        key: &exchange.key,
    };
    let tokens = aws.exchange_console_login(request).await?;
    if let Some(who) = &tokens.login_session
        && who.trim() != exchange.login_session.trim()
    {
        return Err(somebody_else(
            who,
            &exchange.login_session,
            &exchange.profile,
        ));
    }
    let by = ConsoleTokens {
        refresh_token: tokens.refresh_token.clone(),
        key: exchange.key,
        client_id: CLIENT_ID.to_owned(),
        region: exchange.region,
        signed_in_at: now,
    };
    Ok(ConsoleSession::new(tokens, by))
}

fn somebody_else(who: &str, expected: &str, profile: &str) -> Failure {
    refused(format!(
        "you signed in as {who}, but profile {profile} is for {expected}; choose that session in the browser, or change \
         login_session"
    ))
}

fn no_other_device(profile: &str) -> Failure {
    refused(format!(
        "profile {profile} signs in to the AWS console, which goes with a browser on this computer only"
    ))
}

fn refused(message: String) -> Failure {
    Failure {
        kind: FailureKind::InvalidRequest,
        message,
        answered: true,
        retry_at: None,
    }
}
