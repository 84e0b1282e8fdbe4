//! The client that all calls go through: signing, limits, the one retry.

use crate::call::{Call, Caller};
use crate::clock::{ServerClock, SigningTime};
use crate::endpoints::{Endpoints, Target};
use crate::failure::{self, Answer, Refusal};
use crate::http::{self, Transport};
use crate::machine::MachineSettings;
use crate::settings::ClientSettings;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_sts::config::{
    BehaviorVersion, IdentityCache, Region, SharedAsyncSleep, StalledStreamProtectionConfig,
};
use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use holdfast_core::clock::DatedAnswer;
use holdfast_core::endpoint::EndpointSettings;
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::time::Timestamp;
use secrecy::ExposeSecret;
use std::error::Error;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// Pause before the one quick retry; longer pauses are the engine's business.
const QUICK_RETRY: Duration = Duration::from_millis(200);

/// Asks AWS. Clones share connections and clock.
#[derive(Clone)]
pub struct AwsClient {
    /// Given addresses; what environment and profile say when absent.
    endpoints: Option<Endpoints>,
    /// Given addresses of the machine's own endpoints; what the environment says when absent.
    machine: Option<Arc<MachineSettings>>,
    transport: Arc<Transport>,
    clock: Arc<ServerClock>,
}

impl AwsClient {
    /// A client that loads and connects nothing before its first call.
    pub fn new(settings: ClientSettings, clock: Arc<ServerClock>) -> Self {
        Self {
            endpoints: None,
            machine: None,
            transport: Arc::new(Transport::new(settings, Arc::clone(&clock))),
            clock,
        }
    }

    /// The same client for given addresses, whatever environment and profiles ask for.
    #[must_use]
    pub fn with_endpoints(&self, endpoints: Endpoints) -> Self {
        Self {
            endpoints: Some(endpoints),
            ..self.clone()
        }
    }

    /// The same client for a machine with given settings, whatever the environment says.
    #[must_use]
    pub fn with_machine(&self, machine: MachineSettings) -> Self {
        Self {
            machine: Some(Arc::new(machine)),
            ..self.clone()
        }
    }

    /// The clock that this client signs with and teaches.
    pub fn clock(&self) -> &Arc<ServerClock> {
        &self.clock
    }

    pub(crate) fn forget_connections(&self) {
        self.transport.forget();
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.transport
    }

    /// Where the machine's own credentials are.
    pub(crate) fn machine_settings(&self) -> Arc<MachineSettings> {
        let given = self.machine.clone();
        given.unwrap_or_else(|| Arc::new(MachineSettings::from_environment()))
    }

    /// The addresses that environment and profile ask for.
    pub(crate) fn endpoints(&self, profile: &EndpointSettings) -> Endpoints {
        self.endpoints.clone().unwrap_or_else(|| {
            Endpoints::resolve(
                |name| std::env::var(name).ok(),
                |key| profile.get(key).map(str::to_owned),
            )
        })
    }

    /// Sends a call, at most twice: again when AWS refused only its date and the clock has
    /// been learned since; and when nothing in it is good for one use only, after an answer that got lost, a
    /// fault of AWS's own or a throttled call, unless AWS said when to come back.
    pub(crate) async fn call<T, E, F>(
        &self,
        target: &Target,
        call: Call<'_>,
        send: impl Fn(SdkConfig) -> F,
    ) -> Result<T, Failure>
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    {
        let proxy = self.transport.proxy_of(&target.url);
        let call = Call {
            proxy: proxy.as_deref(),
            ..call
        };
        let limit = self.transport.settings().timeouts.operation;
        let deadline = Instant::now() + limit;
        let mut retried = false;
        loop {
            let config = self.config(call.caller, target);
            let config = config
                .map_err(|error| failure::local(FailureKind::InvalidRequest, error.to_string()))?;
            let (sent, offset) = (self.clock.local(), self.clock.offset_seconds());
            let Ok(result) = tokio::time::timeout_at(deadline, send(config)).await else {
                return Err(failure::timed_out(&call, limit));
            };
            let error = match result {
                Ok(output) => return Ok(output),
                Err(error) => error,
            };
            let (failure, skewed) = self.classify(&call, &error, sent, offset);
            tracing::debug!(
                operation = call.operation,
                host = call.host,
                kind = ?failure.kind,
                answered = failure.answered,
                "a call to AWS failed"
            );
            if failure.kind == FailureKind::Intercepted {
                self.transport.forget();
            }
            let passing = failure.retry_at.is_none()
                && matches!(failure.kind, FailureKind::Server | FailureKind::Throttled);
            let again = skewed || (!call.one_use && (passing || failure::broke_off(&error)));
            if retried || !again {
                return Err(failure);
            }
            retried = true;
            if !skewed {
                tokio::time::sleep(QUICK_RETRY).await;
            }
        }
    }

    /// The failure of a call whose answer lacks what was asked for. Without AWS's mark it was somebody else's.
    pub(crate) fn incomplete(&self, call: &Call<'_>, from_aws: bool) -> Failure {
        let answer = Answer {
            status: 200,
            from_aws,
            ..Answer::default()
        };
        if !from_aws {
            self.transport.forget();
        }
        failure::refused(call, &answer, self.clock.now(), 0)
    }

    /// The failure, and whether it is about the time and the time has been learned since, so that another
    /// try makes sense. `offset` is the difference that the call was signed with, in seconds.
    fn classify<E>(
        &self,
        call: &Call<'_>,
        error: &SdkError<E, HttpResponse>,
        sent: Timestamp,
        offset: i64,
    ) -> (Failure, bool)
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        let Some(response) = error.raw_response() else {
            let failure = if matches!(error, SdkError::TimeoutError(_)) {
                failure::timed_out(call, self.transport.settings().timeouts.attempt)
            } else {
                failure::unreachable(call, error)
            };
            return (failure, false);
        };
        let service_error = error.as_service_error();
        let refusal = Refusal::read(response);
        let answer = Answer {
            status: response.status().as_u16(),
            from_aws: http::is_from_aws(response) || refusal.is_from_aws(),
            code: service_error
                .and_then(ProvideErrorMetadata::code)
                .or(refusal.error.as_deref()),
            message: service_error
                .and_then(ProvideErrorMetadata::message)
                .or(refusal.error_description.as_deref()),
            retry_after: retry_after(response),
        };
        let date = http::aws_date(response)
            .filter(|_| call.verified && failure::blames_the_clock(&answer));
        let skewed = date.is_some_and(|date| {
            let adopted = self.clock.adopt(DatedAnswer {
                sent,
                received: self.clock.local(),
                date,
            });
            // The transport has observed the same answer before.
            adopted || self.clock.offset_seconds() != offset
        });
        let failure =
            failure::refused(call, &answer, self.clock.now(), self.clock.offset_seconds());
        (failure, skewed)
    }

    /// What every client of the SDK is made with.
    fn config(
        &self,
        caller: Caller<'_>,
        target: &Target,
    ) -> Result<SdkConfig, http::TransportError> {
        let timeouts = self.transport.settings().timeouts;
        let credentials = match caller {
            Caller::Bearer(_) => None,
            Caller::Signer(signer) => Some(aws_credential_types::Credentials::new(
                signer.access_key_id.as_str(),
                signer.secret_access_key.expose_secret(),
                signer
                    .session_token
                    .as_ref()
                    .map(|token| token.expose_secret().to_owned()),
                None,
                "holdfast",
            )),
        };
        let mut config = SdkConfig::builder();
        config.set_credentials_provider(credentials.map(SharedCredentialsProvider::new));
        let config = config
            .behavior_version(BehaviorVersion::latest())
            .http_client(self.transport.client()?)
            .region(Region::new(target.region.clone()))
            .endpoint_url(target.url.as_str())
            .identity_cache(IdentityCache::no_cache())
            .time_source(SigningTime(Arc::clone(&self.clock)))
            .disable_clock_skew_correction(true)
            .retry_config(RetryConfig::disabled())
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(timeouts.connect)
                    .operation_attempt_timeout(timeouts.attempt)
                    .build(),
            )
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
            .build();
        Ok(config)
    }
}

fn retry_after(response: &HttpResponse) -> Option<i64> {
    response.headers().get("retry-after")?.trim().parse().ok()
}
