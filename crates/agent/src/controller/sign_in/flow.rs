//! The course of a sign-in, in stages that run beside the controller: a page is made ready, the person answers, what
//! they bring is exchanged. What a stage needs of the one before travels in it.

use super::super::tasks::Done;
use super::console::ConsoleExchange;
use super::pkce::Pkce;
use crate::loopback::{Callback, Ending, Loopback, Returned};
use holdfast_core::chain::SessionKey;
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::port::{
    ClientRegistration, CreateToken, Grant, PortalToken, RegisterClient, SsoOidc,
};
use holdfast_core::sso::Portal;
use holdfast_core::time::Timestamp;
use secrecy::SecretString;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// How long a person has for a sign-in with the browser, and how long the port is open at most.
pub(in super::super) const LIFETIME: Duration = Duration::from_secs(300);

/// The name that the person sees on the page that asks for consent.
const CLIENT_NAME: &str = "Holdfast";

/// Which call of the engine's a sign-in is.
#[derive(Clone)]
pub(in super::super) struct CallId {
    pub(in super::super) key: SessionKey,
    pub(in super::super) attempt: u64,
}

impl CallId {
    /// The end of the call without a result.
    pub(in super::super) fn failed(self, failure: Failure) -> Done {
        Done::Call {
            key: self.key,
            attempt: self.attempt,
            result: Err(failure),
        }
    }
}

/// What a person opens.
#[derive(Clone)]
pub(in super::super) struct Page {
    pub(in super::super) url: String,
    /// What they type there, when it is on another device.
    pub(in super::super) user_code: Option<String>,
    /// When it ends by itself.
    pub(in super::super) expires_at: Timestamp,
}

/// A page is ready for the person.
pub(in super::super) struct Prepared {
    pub(in super::super) page: Page,
    /// The client that asks, to be kept for the next time.
    pub(in super::super) client: Option<Arc<ClientRegistration>>,
    pub(in super::super) waiting: Waiting,
}

/// What a sign-in waits for.
pub(in super::super) enum Waiting {
    /// A browser on this computer.
    Browser(BrowserReturn),
    /// The person's answer on another device.
    Device(super::device::Device),
}

/// The port that the browser comes back to.
pub(in super::super) struct BrowserReturn {
    pub(in super::super) callback: Callback,
    pub(in super::super) serving: Pin<Box<dyn Future<Output = ()> + Send>>,
    pub(in super::super) exchange: Exchange,
}

/// What the code is exchanged with.
pub(in super::super) enum Exchange {
    /// With a portal.
    Portal(PortalExchange),
    /// With the sign-in service of the console.
    Console(ConsoleExchange),
}

impl Exchange {
    /// What is signed in to, in words.
    fn title(&self) -> &str {
        match self {
            Self::Portal(exchange) => exchange.portal.title(),
            Self::Console(_) => ConsoleExchange::TITLE,
        }
    }
}

/// An authorization with a portal that waits for its code.
pub(in super::super) struct PortalExchange {
    pub(in super::super) portal: Portal,
    pub(in super::super) client: Arc<ClientRegistration>,
    pub(in super::super) redirect_uri: String,
    pub(in super::super) verifier: SecretString,
    /// The client was registered for this very sign-in, so that another would be no better.
    pub(in super::super) is_new_client: bool,
}

/// The browser came back with a code.
pub(in super::super) struct Answered {
    pub(in super::super) callback: Callback,
    pub(in super::super) exchange: Exchange,
    pub(in super::super) code: SecretString,
}

/// What the exchange with a portal brought.
pub(in super::super) enum Exchanged {
    Token(PortalToken, Arc<ClientRegistration>),
    /// The server has forgotten the client: the sign-in goes on with another, in the same browser tab.
    Again(Prepared),
}

/// Registers this program with a portal.
pub(in super::super) async fn register<S: SsoOidc>(
    aws: &S,
    portal: &Portal,
    with_redirect: bool,
) -> Result<Arc<ClientRegistration>, Failure> {
    let request = RegisterClient {
        portal: portal.clone(),
        client_name: CLIENT_NAME.to_owned(),
        with_redirect,
    };
    aws.register_client(request).await.map(Arc::new)
}

/// Makes the page for a sign-in with the browser of this computer.
pub(in super::super) async fn prepare_browser<S: SsoOidc>(
    aws: &S,
    portal: Portal,
    known_client: Option<Arc<ClientRegistration>>,
    now: Timestamp,
) -> Result<Prepared, Failure> {
    let is_new_client = known_client.is_none();
    let client = match known_client {
        Some(client) => client,
        None => register(aws, &portal, true).await?,
    };
    let (loopback, pkce) = open_port().await?;
    let redirect_uri = loopback.redirect_uri();
    let scopes = portal.scopes.join(" ");
    let query = pkce.query(&client.client_id, &redirect_uri, Some(&scopes));
    let page = Page {
        url: aws.authorize_url(&portal, &query)?,
        user_code: None,
        expires_at: now.plus_seconds(LIFETIME.as_secs().cast_signed()),
    };
    let (callback, serving) = loopback.expect(pkce.state);
    let exchange = Exchange::Portal(PortalExchange {
        portal,
        client: Arc::clone(&client),
        redirect_uri,
        verifier: pkce.verifier,
        is_new_client,
    });
    Ok(Prepared {
        page,
        client: Some(client),
        waiting: Waiting::Browser(BrowserReturn {
            callback,
            serving: Box::pin(serving),
            exchange,
        }),
    })
}

/// A port for the browser to come back to, and the secrets of a sign-in.
pub(in super::super) async fn open_port() -> Result<(Loopback, Pkce), Failure> {
    let loopback = Loopback::open().await.map_err(|error| Failure {
        kind: FailureKind::SourceUnavailable,
        message: format!(
            "no port of 127.0.0.1 can be opened for the browser to come back to: {error}"
        ),
        answered: false,
        retry_at: None,
    })?;
    Ok((loopback, Pkce::new()?))
}

/// Waits until the browser comes back.
pub(in super::super) async fn browser_returned(
    id: CallId,
    mut callback: Callback,
    exchange: Exchange,
) -> Done {
    let title = exchange.title().to_owned();
    let returned = tokio::time::timeout(LIFETIME, callback.returned()).await;
    let (failure, ending) = match returned {
        Ok(Some(Returned::Code(code))) => {
            let answered = Answered {
                callback,
                exchange,
                code,
            };
            return Done::SignInAnswered(id, Box::new(answered));
        }
        Ok(Some(Returned::Refused)) => (refused(&title), Ending::Refused { title }),
        Ok(Some(Returned::Failed(reason))) => (
            not_done(
                format!("{title} ended the sign-in: {reason}"),
                FailureKind::InvalidRequest,
            ),
            Ending::Failed { reason },
        ),
        Ok(None) | Err(_) => {
            let reason = format!(
                "nobody finished signing in to {title} in the browser within {} min",
                LIFETIME.as_secs() / 60
            );
            (
                not_done(reason.clone(), FailureKind::Denied),
                Ending::Failed { reason },
            )
        }
    };
    callback.end(ending);
    id.failed(failure)
}

/// The person said no.
pub(in super::super) fn refused(title: &str) -> Failure {
    not_done(
        format!("the sign-in to {title} was refused on its page"),
        FailureKind::Denied,
    )
}

/// A sign-in that the person did not finish. AWS can be reached all the same.
pub(in super::super) fn not_done(message: String, kind: FailureKind) -> Failure {
    Failure {
        kind,
        message,
        answered: true,
        retry_at: None,
    }
}

/// Exchanges the code of a sign-in to a portal, and tells the browser how that went.
pub(in super::super) async fn exchange_code<S: SsoOidc>(
    aws: &S,
    callback: Callback,
    exchange: PortalExchange,
    code: SecretString,
    now: Timestamp,
) -> Result<Exchanged, Failure> {
    let request = CreateToken {
        portal: &exchange.portal,
        client: &exchange.client,
        grant: Grant::AuthorizationCode {
            code,
            redirect_uri: exchange.redirect_uri,
            code_verifier: exchange.verifier,
        },
    };
    match aws.create_token(request).await {
        Ok(token) => {
            let title = exchange.portal.title().to_owned();
            callback.end(Ending::SignedIn { title });
            Ok(Exchanged::Token(token, exchange.client))
        }
        Err(failure) if failure.kind == FailureKind::ClientUnknown && !exchange.is_new_client => {
            let again = prepare_browser(aws, exchange.portal, None, now).await;
            callback.end(match &again {
                Ok(prepared) => Ending::GoesOn {
                    url: prepared.page.url.clone(),
                },
                Err(failure) => Ending::Failed {
                    reason: failure.message.clone(),
                },
            });
            again.map(Exchanged::Again)
        }
        Err(failure) => {
            callback.end(Ending::Failed {
                reason: failure.message.clone(),
            });
            Err(failure)
        }
    }
}
