//! What stands in the body of a refusal, where the SDK does not look for it.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use serde::Deserialize;

/// Prefix of the names that AWS's services give their errors, for example
/// `com.amazonaws.switchboard.portal#UnauthorizedException`.
const NAMESPACE: &str = "com.amazonaws.";

/// A refusal in the form of OAuth (<https://www.rfc-editor.org/rfc/rfc6749#section-5.2>) or of AWS.
#[derive(Default, Deserialize)]
pub(crate) struct Refusal {
    /// OAuth's name of the error, for example `invalid_grant`.
    #[serde(default)]
    pub(crate) error: Option<String>,
    /// OAuth's explanation.
    #[serde(default)]
    pub(crate) error_description: Option<String>,
    /// AWS's name of the error.
    #[serde(default, rename = "__type")]
    name: Option<String>,
}

impl Refusal {
    /// Reads it from an answer; empty when there is none.
    pub(crate) fn read(response: &HttpResponse) -> Self {
        let body = response.body().bytes();
        body.and_then(|body| serde_json::from_slice(body).ok())
            .unwrap_or_default()
    }

    /// Whether its name is one of AWS's own, which the portal's answers show even without a header.
    pub(crate) fn is_from_aws(&self) -> bool {
        let name = self.name.as_deref();
        name.is_some_and(|name| name.starts_with(NAMESPACE))
    }
}
