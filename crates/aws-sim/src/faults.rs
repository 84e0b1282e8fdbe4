//! Fault injection: rules that change the answer to the requests they match.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::endpoint::{Endpoint, Service};

/// What happens to a request instead of its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fault {
    /// An error in the service's own format.
    Error {
        /// The HTTP status.
        status: u16,
        /// AWS's error code, such as `Throttling` or `ServiceUnavailable`.
        code: String,
        /// The message for people.
        message: String,
    },
    /// The right answer, after this many milliseconds of real time.
    Delay {
        /// Milliseconds.
        millis: u64,
    },
    /// No answer for as long as the client waits.
    Hang,
    /// The TCP connection is reset before the answer.
    Reset,
    /// The service does what is asked, and the TCP connection is reset in the place of the answer.
    LostAnswer,
    /// The right answer's head and the first half of its body, then the connection closes.
    Truncate,
    /// The first half of the right answer, and the rest when [`Faults::clear`] is called.
    Stall,
    /// A web page instead of an answer, as captive portals send; with `location`, a redirect to it.
    Html {
        /// The HTTP status.
        status: u16,
        /// Where a redirect leads.
        #[serde(default)]
        location: Option<String>,
    },
    /// The way to the host is gone: new connections and waiting requests are reset.
    Offline,
    /// The proxy itself refuses to connect, with this HTTP status (407, 502, 503).
    Proxy {
        /// The HTTP status.
        status: u16,
    },
    /// The connection is intercepted: the certificate comes from a CA nobody trusts.
    Intercept,
}

impl Fault {
    /// Too many requests, as AWS says it.
    pub fn throttling() -> Self {
        Self::error(400, "Throttling", "Rate exceeded")
    }

    /// An error of the given status and code.
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        Self::Error {
            status,
            code: code.to_owned(),
            message: message.to_owned(),
        }
    }

    /// The right answer after `delay` of real time.
    pub fn delay(delay: Duration) -> Self {
        Self::Delay {
            millis: u64::try_from(delay.as_millis()).unwrap_or(u64::MAX),
        }
    }

    /// A captive portal's login page with status 200.
    pub fn captive_portal() -> Self {
        Self::Html {
            status: 200,
            location: None,
        }
    }

    /// The name of the action, as in the call log.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Error { .. } => "error",
            Self::Delay { .. } => "delay",
            Self::Hang => "hang",
            Self::Reset => "reset",
            Self::LostAnswer => "lost_answer",
            Self::Truncate => "truncate",
            Self::Stall => "stall",
            Self::Html { .. } => "html",
            Self::Offline => "offline",
            Self::Proxy { .. } => "proxy",
            Self::Intercept => "intercept",
        }
    }

    /// Whether the fault strikes when the connection is made, before any request is known.
    fn strikes_connections(&self) -> bool {
        match self {
            Self::Offline | Self::Proxy { .. } | Self::Intercept => true,
            Self::Error { .. }
            | Self::Delay { .. }
            | Self::Hang
            | Self::Reset
            | Self::LostAnswer
            | Self::Truncate
            | Self::Stall
            | Self::Html { .. } => false,
        }
    }
}

/// A fault, the requests it strikes, and how often.
///
/// `Offline`, `Proxy` and `Intercept` strike when a connection is made, when no operation is known yet: a rule for one of these
/// must not name an operation. `Offline` strikes requests on connections already open as well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// What happens.
    pub fault: Fault,
    /// Only this service.
    #[serde(default)]
    pub service: Option<Service>,
    /// Only this operation, in the call log's words.
    #[serde(default)]
    pub operation: Option<String>,
    /// Only this host.
    #[serde(default)]
    pub host: Option<String>,
    /// Only requests about this, in the call log's words: a repository, a role, or the kind of a grant.
    #[serde(default)]
    pub resource: Option<String>,
    /// Let this many matching requests pass first.
    #[serde(default)]
    pub skip: u32,
    /// Strike this often; without a number, until cleared.
    #[serde(default)]
    pub times: Option<u32>,
}

impl Rule {
    /// A rule that strikes every request until it is cleared.
    pub fn new(fault: Fault) -> Self {
        Self {
            fault,
            service: None,
            operation: None,
            host: None,
            resource: None,
            skip: 0,
            times: None,
        }
    }

    /// Only requests to `service`.
    #[must_use]
    pub fn service(mut self, service: Service) -> Self {
        self.service = Some(service);
        self
    }

    /// Only requests for `operation`.
    #[must_use]
    pub fn operation(mut self, operation: &str) -> Self {
        self.operation = Some(operation.to_owned());
        self
    }

    /// Only requests to `host`.
    #[must_use]
    pub fn host(mut self, host: &str) -> Self {
        self.host = Some(host.to_ascii_lowercase());
        self
    }

    /// Only requests about `resource`.
    #[must_use]
    pub fn resource(mut self, resource: &str) -> Self {
        self.resource = Some(resource.to_owned());
        self
    }

    /// Only after `skip` matching requests went through.
    #[must_use]
    pub fn skip(mut self, skip: u32) -> Self {
        self.skip = skip;
        self
    }

    /// Only this often.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    fn matches(&self, endpoint: &Endpoint, asked: Asked<'_>) -> bool {
        self.service
            .is_none_or(|service| service == endpoint.service)
            && self.host.as_ref().is_none_or(|host| *host == endpoint.host)
            && self
                .operation
                .as_deref()
                .is_none_or(|name| asked.operation == Some(name))
            && self
                .resource
                .as_deref()
                .is_none_or(|name| asked.resource == Some(name))
    }

    /// Counts one matching request and says whether it is struck.
    fn strike(&mut self) -> bool {
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        match &mut self.times {
            None => true,
            Some(0) => false,
            Some(left) => {
                *left -= 1;
                true
            }
        }
    }
}

/// What is known of a request; nothing while only a connection is made.
#[derive(Clone, Copy, Default)]
struct Asked<'a> {
    operation: Option<&'a str>,
    resource: Option<&'a str>,
}

/// The fault rules of one simulated AWS; clones share them. The oldest rule that strikes wins.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    rules: Arc<Mutex<Vec<Rule>>>,
    cleared: Arc<watch::Sender<()>>,
}

impl Faults {
    /// Adds a rule.
    pub fn add(&self, rule: Rule) {
        self.with(|rules| rules.push(rule));
    }

    /// Every connection and request fails, as without a network, until [`Faults::clear`].
    pub fn offline(&self) {
        self.add(Rule::new(Fault::Offline));
    }

    /// The rules that may still strike.
    pub fn rules(&self) -> Vec<Rule> {
        self.with(|rules| rules.clone())
    }

    /// Forgets all rules, and lets go on what is stalled.
    pub fn clear(&self) {
        self.with(Vec::clear);
        self.cleared.send_replace(());
    }

    /// Changes when the rules are forgotten the next time.
    pub(crate) fn cleared(&self) -> watch::Receiver<()> {
        self.cleared.subscribe()
    }

    /// The fault for a new connection to this endpoint.
    pub(crate) fn on_connection(&self, endpoint: &Endpoint) -> Option<Fault> {
        self.pick(endpoint, Asked::default(), Fault::strikes_connections)
    }

    /// The fault for a request.
    pub(crate) fn on_request(
        &self,
        endpoint: &Endpoint,
        operation: &str,
        resource: Option<&str>,
    ) -> Option<Fault> {
        let asked = Asked {
            operation: Some(operation),
            resource,
        };
        self.pick(endpoint, asked, |fault| {
            !fault.strikes_connections() || *fault == Fault::Offline
        })
    }

    fn pick(
        &self,
        endpoint: &Endpoint,
        asked: Asked<'_>,
        kind: impl Fn(&Fault) -> bool,
    ) -> Option<Fault> {
        self.with(|rules| {
            let fault = rules
                .iter_mut()
                .filter(|rule| kind(&rule.fault) && rule.matches(endpoint, asked))
                .find_map(|rule| rule.strike().then(|| rule.fault.clone()));
            rules.retain(|rule| rule.times != Some(0));
            fault
        })
    }

    fn with<T>(&self, act: impl FnOnce(&mut Vec<Rule>) -> T) -> T {
        act(&mut self.rules.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sts() -> Endpoint {
        Endpoint::of_host("sts.us-east-1.amazonaws.com").unwrap()
    }

    #[test]
    fn strikes_as_often_as_told() {
        let faults = Faults::default();
        faults.add(
            Rule::new(Fault::Hang)
                .operation("AssumeRole")
                .skip(1)
                .times(2),
        );
        let struck: Vec<bool> = (0..5)
            .map(|_| faults.on_request(&sts(), "AssumeRole", None).is_some())
            .collect();
        assert_eq!(struck, [false, true, true, false, false]);
        assert!(faults.rules().is_empty());
    }

    #[test]
    fn strikes_only_what_it_names() {
        let faults = Faults::default();
        faults.add(Rule::new(Fault::Reset).service(Service::Git));
        faults.add(Rule::new(Fault::Hang).host("sts.eu-west-1.amazonaws.com"));
        faults.add(Rule::new(Fault::Intercept));
        faults.add(Rule::new(Fault::Hang).resource("refresh_token"));
        assert_eq!(faults.on_request(&sts(), "AssumeRole", None), None);
        let struck = faults.on_request(&sts(), "CreateToken", Some("refresh_token"));
        assert_eq!(struck, Some(Fault::Hang));
        assert_eq!(faults.on_connection(&sts()), Some(Fault::Intercept));
    }

    #[test]
    fn offline_strikes_open_connections_too() {
        let faults = Faults::default();
        faults.offline();
        assert_eq!(faults.on_connection(&sts()), Some(Fault::Offline));
        assert_eq!(faults.on_request(&sts(), "", None), Some(Fault::Offline));
    }
}
