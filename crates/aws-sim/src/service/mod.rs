//! The simulated services. A service is a module here, a variant of [`Service`](crate::Service) and an arm of the exchange.

pub(crate) mod codecommit;
pub(crate) mod git;
pub(crate) mod iam;
pub(crate) mod json;
pub(crate) mod query;
pub(crate) mod sts;

use jiff::Timestamp;

use crate::auth::Refused;
use crate::endpoint::Endpoint;
use crate::model::Caller;

/// An error answer, before it is put into a protocol's form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ApiError {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
}

impl ApiError {
    pub(crate) fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            code: code.to_owned(),
            message: message.into(),
        }
    }

    /// The caller may not do this.
    pub(crate) fn not_authorized(
        code: &str,
        status: u16,
        caller: &Caller,
        action: &str,
        resource: &str,
    ) -> Self {
        Self::new(
            status,
            code,
            format!(
                "User: {} is not authorized to perform: {action} on resource: {resource} because no \
                 identity-based policy allows the {action} action",
                caller.arn
            ),
        )
    }
}

/// An answer in a protocol's form.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    pub(crate) body: String,
    /// The error code, for the call log and the header JSON protocols want.
    pub(crate) error: Option<String>,
}

/// An authenticated request to an API: what its handlers need to know.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a> {
    pub(crate) caller: &'a Caller,
    pub(crate) endpoint: &'a Endpoint,
    pub(crate) now: Timestamp,
}

/// The text AWS answers to an unauthenticated request, the same in every protocol.
pub(crate) fn refusal_text(refused: &Refused) -> &str {
    match refused {
        Refused::Unsigned => "Request is missing Authentication Token",
        Refused::UnknownKey => "The security token included in the request is invalid.",
        Refused::Expired => "The security token included in the request is expired",
        Refused::Incomplete(text) | Refused::Signature(text) => text,
    }
}

/// Whole seconds, as AWS writes times in XML.
pub(crate) fn iso_time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
