//! The shared HTTP client: made at the first call, one pool of connections for all of them.

use crate::clock::ServerClock;
use crate::settings::{ClientSettings, Proxy};
use crate::trust::{self, BundleStamp, TrustError};
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::DateTime;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::date_time::Format;
use holdfast_core::clock::DatedAnswer;
use holdfast_core::time::Timestamp;
use http_body_util::{BodyExt, Limited};
use hyper_util::client::proxy::matcher::Matcher;
use secrecy::ExposeSecret;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Headers that only AWS's own answers carry: the number of the request, in two spellings, and the
/// name of an error.
const MARKS: [&str; 3] = ["x-amzn-requestid", "x-amz-request-id", "x-amzn-errortype"];

/// Larger answers are cut off. Those of STS have a few kilobytes, a hundred repositories with their
/// descriptions may have four hundred.
const MAX_ANSWER_BYTES: usize = 512 * 1024;

/// Unused connections are closed after this, so that an idle agent holds none.
const IDLE_CONNECTION: Duration = Duration::from_secs(20);

/// Makes the connector when it is first needed, and again when the certificates changed.
pub(crate) struct Transport {
    settings: ClientSettings,
    clock: Arc<ServerClock>,
    made: Mutex<Option<Made>>,
}

struct Made {
    connector: SharedHttpConnector,
    bundle: Option<BundleStamp>,
}

impl Transport {
    pub(crate) fn new(settings: ClientSettings, clock: Arc<ServerClock>) -> Self {
        Self {
            settings,
            clock,
            made: Mutex::new(None),
        }
    }

    pub(crate) fn settings(&self) -> &ClientSettings {
        &self.settings
    }

    /// The client that the SDK calls with.
    pub(crate) fn client(&self) -> Result<SharedHttpClient, TransportError> {
        let connector = self.connector()?;
        Ok(http_client_fn(move |_, _| connector.clone()))
    }

    /// What sends one request.
    pub(crate) fn connector(&self) -> Result<SharedHttpConnector, TransportError> {
        let bundle_path = self.settings.ca_bundle.as_deref();
        let bundle = bundle_path.and_then(BundleStamp::of);
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(made) = made.as_ref().filter(|made| made.bundle == bundle) {
            return Ok(made.connector.clone());
        }
        let tls = trust::load(bundle_path)?;
        let limits = HttpConnectorSettings::builder()
            .connect_timeout(self.settings.timeouts.connect)
            .build();
        let connector = Connector::builder()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .tls_context(tls)
            .connector_settings(limits)
            .pool_idle_timeout(IDLE_CONNECTION)
            .proxy_config(self.proxy_config()?)
            .build();
        let connector = SharedHttpConnector::new(Observed {
            inner: SharedHttpConnector::new(connector),
            clock: Arc::clone(&self.clock),
        });
        *made = Some(Made {
            connector: connector.clone(),
            bundle,
        });
        Ok(connector)
    }

    /// What sends requests to the machine itself: never through a proxy, with connections of its own.
    pub(crate) fn direct(
        &self,
        by_tls: bool,
        limit: Duration,
    ) -> Result<SharedHttpConnector, TransportError> {
        let limits = HttpConnectorSettings::builder()
            .connect_timeout(limit)
            .build();
        let builder = Connector::builder()
            .connector_settings(limits)
            .pool_idle_timeout(IDLE_CONNECTION)
            .proxy_config(ProxyConfig::disabled());
        let inner = if by_tls {
            let tls = trust::load(self.settings.ca_bundle.as_deref())?;
            let builder = builder.tls_provider(Provider::Rustls(CryptoMode::Ring));
            SharedHttpConnector::new(builder.tls_context(tls).build())
        } else {
            SharedHttpConnector::new(builder.build_http())
        };
        let clock = Arc::clone(&self.clock);
        Ok(SharedHttpConnector::new(Observed { inner, clock }))
    }

    /// Drops connections and certificates, so that the next call starts afresh.
    pub(crate) fn forget(&self) {
        *self.made.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Host and port of the proxy that a URL is reached through, without its password.
    pub(crate) fn proxy_of(&self, url: &str) -> Option<String> {
        let matcher = match &self.settings.proxy {
            Proxy::Environment => Matcher::from_env(),
            Proxy::Direct => return None,
            Proxy::Url { url, no_proxy } => Matcher::builder()
                .all(url.expose_secret().to_owned())
                .no(no_proxy.clone().unwrap_or_default())
                .build(),
        };
        let via = matcher.intercept(&url.parse().ok()?)?;
        let host = via.uri().host()?;
        Some(match via.uri().port_u16() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        })
    }

    fn proxy_config(&self) -> Result<ProxyConfig, TransportError> {
        match &self.settings.proxy {
            Proxy::Environment => Ok(ProxyConfig::from_env()),
            Proxy::Direct => Ok(ProxyConfig::disabled()),
            Proxy::Url { url, no_proxy } => {
                let config = ProxyConfig::all(url.expose_secret());
                let config = config.map_err(|_| TransportError::ProxyUrl)?;
                Ok(match no_proxy {
                    Some(rules) => config.no_proxy(rules),
                    None => config,
                })
            }
        }
    }
}

/// Why no call can be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TransportError {
    #[error(transparent)]
    Trust(#[from] TrustError),
    #[error("the proxy in the settings is not a URL such as http://proxy.example.com:3128")]
    ProxyUrl,
}

/// Learns the time from every answer and bounds its size.
#[derive(Debug)]
struct Observed {
    inner: SharedHttpConnector,
    clock: Arc<ServerClock>,
}

impl HttpConnector for Observed {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let verified = request.uri().starts_with("https://");
        let sent = self.clock.local();
        let clock = Arc::clone(&self.clock);
        let answer = self.inner.call(request);
        HttpConnectorFuture::new(async move {
            let response = answer.await?;
            if let Some(date) = aws_date(&response).filter(|_| verified) {
                clock.observe(DatedAnswer {
                    sent,
                    received: clock.local(),
                    date,
                });
            }
            Ok(response.map(|body| SdkBody::from_body_1_x(Limited::new(body, MAX_ANSWER_BYTES))))
        })
    }
}

/// An answer that was read to its end.
pub(crate) struct Received {
    pub(crate) response: HttpResponse,
    pub(crate) body: Vec<u8>,
}

impl Received {
    pub(crate) fn status(&self) -> u16 {
        self.response.status().as_u16()
    }
}

/// Why there is no answer.
pub(crate) type Cause = Box<dyn Error + Send + Sync>;

/// Sends one request and reads the answer.
pub(crate) async fn send(
    connector: &SharedHttpConnector,
    request: ::http::Request<SdkBody>,
) -> Result<Received, Cause> {
    let mut response = connector.call(HttpRequest::try_from(request)?).await?;
    let body = std::mem::replace(response.body_mut(), SdkBody::taken());
    let body = body.collect().await?.to_bytes().into();
    Ok(Received { response, body })
}

/// Whether AWS itself answered, and not something on the way to it. Its web services never answer
/// with a page.
pub(crate) fn is_from_aws(response: &HttpResponse) -> bool {
    let headers = response.headers();
    let kind = headers.get("content-type").unwrap_or_default();
    let marked = MARKS.iter().any(|mark| headers.contains_key(*mark));
    marked && !kind.to_ascii_lowercase().contains("html")
}

/// The date of an answer of AWS's.
pub(crate) fn aws_date(response: &HttpResponse) -> Option<Timestamp> {
    let date = response.headers().get("date")?;
    let date = DateTime::from_str(date, Format::HttpDate).ok()?;
    is_from_aws(response).then(|| Timestamp::from_unix_seconds(date.secs()))
}
