//! The call log: what was asked of the simulated AWS, by whom, and how it was answered, without any secret.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::endpoint::{Endpoint, Service};

/// One HTTP request and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Call {
    /// When the request was read, by the simulated clock.
    pub time: Timestamp,
    /// The service asked.
    pub service: Service,
    /// The operation in AWS's words; for git `info/refs git-upload-pack`, `git-upload-pack`, `info/refs git-receive-pack` or
    /// `git-receive-pack`. Empty when the request names none.
    pub operation: String,
    /// The host asked.
    pub host: String,
    /// The region of that host.
    pub region: String,
    /// What the request is about, where one thing is named: a repository, a role's ARN.
    pub resource: Option<String>,
    /// The ARN of the identity behind a request whose signature or password was right.
    pub principal: Option<String>,
    /// The access key id the request was signed with, right or wrong, when it belongs to the simulated AWS.
    pub access_key_id: Option<String>,
    /// The HTTP status of the answer; nothing when no answer was sent.
    pub status: Option<u16>,
    /// The error code of the answer, in AWS's words.
    pub error: Option<String>,
    /// The injected fault that changed the answer, by the name of its action.
    pub fault: Option<String>,
    /// The `User-Agent` header.
    pub user_agent: Option<String>,
}

impl Call {
    pub(crate) fn new(endpoint: &Endpoint, time: Timestamp) -> Self {
        Self {
            time,
            service: endpoint.service,
            operation: String::new(),
            host: endpoint.host.clone(),
            region: endpoint.region.clone(),
            resource: None,
            principal: None,
            access_key_id: None,
            status: None,
            error: None,
            fault: None,
            user_agent: None,
        }
    }
}

/// The call log of one simulated AWS; clones share it. A call is in the log before its answer leaves.
#[derive(Clone, Debug, Default)]
pub struct Calls(Arc<Mutex<Vec<Call>>>);

impl Calls {
    /// Every call, oldest first.
    pub fn all(&self) -> Vec<Call> {
        self.with(|calls| calls.clone())
    }

    /// The calls for which `pick` says yes, oldest first.
    pub fn matching(&self, pick: impl Fn(&Call) -> bool) -> Vec<Call> {
        self.with(|calls| calls.iter().filter(|call| pick(call)).cloned().collect())
    }

    /// How many calls asked for this operation, whatever the answer.
    pub fn count(&self, operation: &str) -> usize {
        self.with(|calls| {
            calls
                .iter()
                .filter(|call| call.operation == operation)
                .count()
        })
    }

    /// How many calls went to this service, whatever the answer.
    pub fn count_of(&self, service: Service) -> usize {
        self.with(|calls| calls.iter().filter(|call| call.service == service).count())
    }

    /// The last call.
    pub fn last(&self) -> Option<Call> {
        self.with(|calls| calls.last().cloned())
    }

    /// How many calls there are.
    pub fn len(&self) -> usize {
        self.with(|calls| calls.len())
    }

    /// Whether nothing was asked.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets all calls.
    pub fn clear(&self) {
        self.with(Vec::clear);
    }

    pub(crate) fn push(&self, call: Call) {
        self.with(|calls| calls.push(call));
    }

    fn with<T>(&self, act: impl FnOnce(&mut Vec<Call>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
